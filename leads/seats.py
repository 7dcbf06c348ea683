"""Which seats of a request nobody else can have (RULES 16, INVARIANTS 1)."""

from core import sql

TAKEN = """
select slot, pro_id, false from leads_match where marketplace_id = %(marketplace)s and group_id = %(group)s
union all
select o.slot, o.pro_id, true from leads_lead l join leads_offer o on o.marketplace_id = l.marketplace_id and o.lead_id = l.id
where l.marketplace_id = %(marketplace)s and l.group_id = %(group)s and o.slot is not null
"""


GONE = """
select group_id, count(*) filter (where not held), count(*) filter (where held) from (
  select group_id, false as held from leads_match
  where marketplace_id = %(marketplace)s and group_id = any(%(groups)s) and slot is not null
  union all
  select l.group_id, true from leads_lead l join leads_offer o on o.marketplace_id = l.marketplace_id and o.lead_id = l.id
  where l.marketplace_id = %(marketplace)s and l.group_id = any(%(groups)s) and o.slot is not null
) seats group by group_id
"""


class Seats(dict):
    """The taken slots of a group, {slot: pro id}. The pros of `freed` had one that was freed: they get no other (INVARIANTS 2). Those of
    `held`, {slot: pro id} too, are kept for pros who were picked and have not answered (leads.picked)."""

    freed: frozenset = frozenset()
    held: dict = {}

    @property
    def gone(self) -> int:
        """How many nobody else can have."""
        return len(self) + len(self.held)

    def without(self, slot) -> "Seats":
        """The same, but that this slot is held no more."""
        seats = Seats(self)
        seats.freed, seats.held = self.freed, {held: pro for held, pro in self.held.items() if held != slot}
        return seats


def seats_of(lead) -> Seats:
    """The taken slots of the lead's group: {slot: pro id}. A stopped or credited seat stays taken (RULES 16)."""
    rows = sql.rows(TAKEN, group=lead.group_id)
    seats = Seats((slot, pro) for slot, pro, held in rows if slot is not None and not held)
    seats.freed = frozenset(pro for slot, pro, _held in rows if slot is None)
    seats.held = {slot: pro for slot, pro, held in rows if held}
    return seats


def seats_gone(groups) -> dict:
    """{group id: (how many seats are taken, how many are held for picks)} of those that have any, in one query."""
    return {group: (taken, held) for group, taken, held in sql.rows(GONE, groups=list(set(groups)))}
