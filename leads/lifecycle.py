"""What becomes of a lead between two looks at it: locked, due again, closed with its one outcome, open again (RULES 16, 18; INVARIANTS 4).

Who gets its seats is leads.matching. Lock order: the group's leads come first of all.
"""

from datetime import timedelta

from core import events, sql
from core.policy import read
from leads import choice_window, messages, offering
from leads import draw as draws
from leads.models import Lead
from leads.policy import Choice, Leads

LOCK = """
with row as materialized (
  select * from leads_lead
  where marketplace_id = %(marketplace)s and id in (%(lead)s, (select group_id from leads_lead where id = %(lead)s))
  order by id for no key update
)
select {row}, {service}, {homeowner}, {consent} from row
join catalog_service service on service.id = row.service_id
join accounts_homeowner homeowner on homeowner.id = row.homeowner_id
join leads_consent consent on consent.lead_id = row.id
where row.id = %(lead)s
"""

# The first look is left to `route`, which keeps why there was nobody; so is the last, at `closes_at`.
PUT_OFF = """
with unserved as materialized (
  select l.id from leads_lead l
  where l.marketplace_id = %(marketplace)s and l.due_at <= %(now)s and l.due_at < l.closes_at and l.attempts > 0 and not exists (
    select from accounts_proarea a
    where a.marketplace_id = %(marketplace)s and a.service_id = l.service_id and a.cell = l.cell and a.mask & (1::bigint << l.bit) <> 0
  )
  for no key update skip locked
)
update leads_lead l set attempts = l.attempts + 1,
  due_at = least(l.closes_at, l.due_at + make_interval(secs => (%(pauses)s::int[])[least(l.attempts + 1, cardinality(%(pauses)s::int[]))]))
from unserved where l.marketplace_id = %(marketplace)s and l.id = unserved.id
"""

HIRED = {Lead.Hired.PRO: "hired", Lead.Hired.OTHER: "hired_elsewhere", Lead.Hired.NOBODY: "not_hiring"}  # reasons of an outcome
NOBODY_CHOSEN, NOBODY_ELSE_CHOSEN = "nobody_chosen", "nobody_else_chosen"


def lock(lead_id) -> Lead | None:
    """The lead, locked together with the first lead of its group: one group is decided by one worker at a time."""
    locked = sql.load(LOCK, Lead, "service", "homeowner", "consent", lead=str(lead_id))
    return locked[0] if locked else None


def put_off(*, now) -> None:
    """Look at all leads at once that are due again where nobody offers the service: each waits for its next time. In an area without
    pros this is nearly every lead, and each is looked at every hour."""
    pauses = list(read(Leads).retry_seconds)
    while sql.run(PUT_OFF, now=now, pauses=pauses):
        pass


def give_up(draft, *, now) -> None:
    """End a draft whose phone was not confirmed in time (RULES 5)."""
    if now >= draft.confirm_by:
        close(draft, Lead.Outcome.REJECTED, "phone_not_confirmed", at=draft.confirm_by, now=now)


def settle(lead, *, seats, policy, now) -> None:
    """What the lead is after a look at it: closed with its one outcome, or open until the next look (RULES 18)."""
    if seats >= lead.seats and policy.opt_in and (until := offering.undoable_until(lead, now=now)):
        change(lead, now, state=Lead.State.OPEN, due_at=min(until, lead.closes_at, *draws.due(lead)))
    elif seats >= lead.seats:
        close(lead, Lead.Outcome.FILLED, "all_seats_taken", at=min(now, lead.closes_at), now=now)
    elif now >= lead.closes_at:
        outcome = Lead.Outcome.PART_FILLED if seats else Lead.Outcome.UNFILLED
        close(lead, outcome, why_unfilled(lead), at=lead.closes_at, now=now)
    elif choice_window.waits(lead, policy=read(Choice), now=now):
        wait_for_choice(lead, now=now)
    else:
        steps = policy.retry_seconds
        pause = timedelta(seconds=steps[min(lead.attempts, len(steps) - 1)])
        due = offering.due(lead, policy=policy)
        change(lead, now, state=Lead.State.OPEN, due_at=min(now + pause, lead.closes_at, *due, *draws.due(lead)))


def look_again(lead, *, now) -> None:
    """A seat of the locked lead was freed: it is looked at again, and open again if it had ended because all seats were taken."""
    if lead.state == Lead.State.CLOSED:
        change(lead, now, state=Lead.State.OPEN, outcome="", outcome_reason="", ended_at=None, due_at=now)
        events.record("lead.reopened", lead.pk, now=now, test=lead.test)
    else:
        sql.update(lead, due_at=now)


def why_unfilled(lead) -> str:
    """Why a lead that closes now has free seats: the reason beside its outcome (RULES 18). Of one that was offered, what became of that."""
    if offering.was_offered(lead):
        return offering.why_unfilled(lead)
    if lead.way == Lead.Way.CHOOSE and lead.automatch_from is None:
        return NOBODY_ELSE_CHOSEN if lead.chosen_at else NOBODY_CHOSEN
    return "no_more_pros_in_time"


def wait_for_choice(lead, *, now) -> None:
    """AutoMatch has to wait for the homeowner who chooses: remind once, and look again when that may be over (RULES 14)."""
    policy = read(Choice)
    if lead.choice_remind_at and lead.choice_remind_at <= now:
        lead.choice_remind_at = None
        if not choice_window.is_in_use(lead, policy=policy, now=now):
            messages.remind_to_choose(lead, now=now)
    look_at = choice_window.next_look(lead, policy=policy, now=now) or lead.closes_at
    due_at = min(look_at, lead.closes_at, *offering.due(lead, policy=read(Leads)), *draws.due(lead))
    sql.update(lead, state=Lead.State.OPEN, due_at=due_at, choice_remind_at=lead.choice_remind_at)


def close_hired(lead, *, seats, now) -> None:
    """The homeowner hired somebody, or is not hiring any more: its free seats are not sold. It ends once, when no accept may be undone any
    more; until then its offers are over."""
    if until := offering.undoable_until(lead, now=now):
        offering.end(lead, now=now)
        change(lead, now, state=Lead.State.OPEN, due_at=min(until, lead.closes_at), drawn_at=lead.drawn_at or (lead.draws_at and now))
        return
    outcome = Lead.Outcome.PART_FILLED if seats else Lead.Outcome.REJECTED if lead.is_draft else Lead.Outcome.UNFILLED
    close(lead, outcome, HIRED[lead.hired], at=min(now, lead.closes_at or now), now=now)


def close(lead, outcome, reason, *, at, now) -> None:
    """End the lead with exactly one outcome and its reason, as of `at` (INVARIANTS 4)."""
    change(lead, now, state=Lead.State.CLOSED, outcome=outcome, outcome_reason=reason, ended_at=at, due_at=None)
    answers = offering.end(lead, now=now) if offering.was_offered(lead) else {}
    events.record("lead.closed", lead.pk, now=now, test=lead.test, outcome=str(outcome), reason=reason, **answers)


def change(lead, now, **columns) -> None:
    """One UPDATE of the lead, which is locked; every look at it counts as an attempt."""
    sql.update(lead, attempts=lead.attempts + 1, routed_at=lead.routed_at or now, **columns)
