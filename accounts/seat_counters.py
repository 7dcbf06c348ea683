"""Locking the pros who are about to win seats, and counting what they won. One statement each, however many pros (DESIGN 4).

Lock order: lead -> pro_state by ascending pro -> charge -> wallet. Everything here needs a scope, that is a transaction.
"""

from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import ProState
from accounts.policy import Pros
from accounts.windows import counters
from core import sql

LOCK = """
select pro_id from accounts_prostate
where marketplace_id = %(marketplace)s and (pro_id, rev) in %(expected)s
order by pro_id
for no key update skip locked
"""

# A window never goes back (see accounts.windows.counters): greatest() keeps the later key.
TAKE = """
update accounts_prostate s set
  day_count = case when s.day >= t.day then s.day_count else 0 end + 1,
  day = greatest(s.day, t.day),
  week_count = case when s.week >= t.week then s.week_count else 0 end + 1,
  week = greatest(s.week, t.week),
  spent = case when s.period >= t.period then s.spent else 0 end + t.price,
  period = greatest(s.period, t.period),
  open_work = s.open_work + 1,
  received = s.received + t.received,
  rev = s.rev + 1
from unnest(%(pros)s::bigint[], %(prices)s::bigint[], %(days)s::date[], %(weeks)s::date[], %(periods)s::int[], %(received)s::int[])
  as t(pro_id, price, day, week, period, received)
where s.marketplace_id = %(marketplace)s and s.pro_id = t.pro_id
"""


GIVE_BACK = """
update accounts_prostate set spent = spent - %(cents)s, rev = rev + 1
where marketplace_id = %(marketplace)s and pro_id = %(pro)s and period = %(period)s
"""


OPEN_WORK = """
update accounts_prostate set open_work = open_work + %(more)s, rev = rev + 1
where marketplace_id = %(marketplace)s and pro_id = %(pro)s
"""


@dataclass(frozen=True, slots=True)
class Take:
    """One seat won: `price` cents, counted in these windows. `received` says whether it counts in the fair share (AutoMatch only)."""

    pro_id: int
    price: int
    day: date
    week: date
    period: int
    received: bool = True

    @classmethod
    def of(cls, state, price: int, *, now: datetime, received: bool = True, period_days: int = Pros.period_days):
        """The seat that the pro of `state` (a ProState, or any row with its columns) wins at `now`."""
        at = counters(state, now, period_days=period_days)
        return cls(state.pro_id, price, at.day, at.week, at.period, received)


def lock_skipping(expected: dict[int, int]) -> set[int]:
    """Lock those pros of `expected` (pro id -> rev decided on) whose rev is unchanged and whom nobody else holds; returns their
    ids. Never waits."""
    if not expected:
        return set()
    return {pro_id for (pro_id,) in sql.rows(LOCK, expected=tuple(expected.items()))}


def lock_waiting(pro_ids) -> list[ProState]:
    """Lock the states of these pros in the order of their ids, waiting for whoever holds them; as they are after the wait."""
    locked = ProState.objects.filter(pro_id__in=list(pro_ids)).order_by("pro_id").select_for_update(no_key=True)
    return list(locked)


def take(takes: list[Take]) -> None:
    """Count each seat against its pro's day, week and period and among its open work, and raise its rev. The caller holds the rows'
    locks."""
    if not takes:
        return
    sql.run(
        TAKE,
        pros=[one.pro_id for one in takes],
        prices=[one.price for one in takes],
        days=[one.day for one in takes],
        weeks=[one.week for one in takes],
        periods=[one.period for one in takes],
        received=[int(one.received) for one in takes],
    )


def give_back(pro_id: int, cents: int, *, period: int) -> None:
    """A discount or credit frees the budget of the period its charge counts in, while that period runs (RULES 30). Counts of leads stay.
    The caller holds the row's lock."""
    sql.run(GIVE_BACK, pro=pro_id, cents=cents, period=period)


def count_open(pro_id: int, more: int) -> None:
    """The pro has so many `more` leads to work on, or fewer when it is below 0. The caller holds the row's lock."""
    sql.run(OPEN_WORK, pro=pro_id, more=more)
