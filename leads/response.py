"""How soon a pro is in contact with its leads: one way to count, for the homeowner who reads a profile and for the pro who reads its own
figures (RULES 14, 22, 23, 46).

- What counts are the seats that stand: live ones, those the homeowner closed, and those of a pro that never called and was replaced. A
  credited lead was none, an undone one never was. Test matches count nowhere.
- Contacted: a call of the kind that earns Speed-To-Call, whenever it came (RULES 23). The time to it runs from the start of the lead's
  clock, or from the seat where none has started. A call before that took no time if it earned Speed-To-Call; one that came at an hour the
  homeowner had not allowed has no time, and the next one counts. So a time is within the clock where the lead was reached in time.
- In time: what earned Speed-To-Call, or would have (RULES 22). Talked: two people spoke.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contact import reached
from core import sql
from core.policy import read
from leads.figures import TOO_FEW, how_sure, whole_minutes
from leads.policy import Analytics

DAYS = 90

STANDS = "m.state in ('live', 'withdrawn', 'replaced')"
CLOCK = "line.earned_at, coalesce(line.clock_starts_at, line.opened_at) as clock_from"

# What the calls of a CTE `seats` say (line_id, earned_at, clock_from of the line, None where there is none, and whether the seat `counts`):
# its columns with contacted_at, spoke_at, in_time, and the seconds to the first contact. Needs `reached.parameters()`.
TIMED = f"""
lines as (
  select line_id, clock_from from seats where counts and line_id is not null
), reached as materialized ({reached.REACHED}), timed as (
  select seats.*, contacted_at, spoke_at, earned_at is not null as in_time,
    extract(epoch from case when earned_at < clock_from then '0' else contacted_since - clock_from end)::float8 as seconds
  from seats left join reached using (line_id)
)
"""

BY_PRO = f"""
with seats as materialized (
  select m.pro_id, m.line_id, true as counts, {CLOCK}
  from leads_match m left join contact_line line on line.marketplace_id = m.marketplace_id and line.id = m.line_id
  where m.marketplace_id = %(marketplace)s and m.pro_id = any(%(pros)s) and m.at > %(since)s and not m.test and {STANDS}
), {TIMED}
select pro_id, count(*), count(contacted_at), count(seconds), percentile_cont(0.5) within group (order by seconds)
from timed group by pro_id
"""


@dataclass(frozen=True)
class Response:
    """Of `seats` leads `called` were contacted; half of those with a time within `minutes`, None when they are too few to tell."""

    seats: int = 0
    called: int = 0
    minutes: int | None = None


def responses_of(pro_ids, *, now: datetime) -> dict[int, Response]:
    """{pro id: how soon it calls} of those with a seat in the last 90 days. One query."""
    policy, found = read(Analytics), {}
    rows = sql.rows(BY_PRO, pros=list(pro_ids), since=now - timedelta(days=DAYS), **reached.parameters())
    for pro, seats, called, timed, seconds in rows:
        tells = timed and how_sure(timed, (policy.very_few, policy.few)) != TOO_FEW
        found[pro] = Response(seats, called, whole_minutes(seconds) if tells else None)
    return found
