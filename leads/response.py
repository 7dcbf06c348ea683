"""How soon pros call, measured from real calls: what a homeowner reads on a pro's profile (RULES 46).

The time from a seat to the first leg that was placed to the homeowner, over the seats of the last 90 days. Only the marketplace's own
calls count; a seat that was never called has no time, and lowers the share instead.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core import sql

DAYS = 90
FEW = 5  # from so many calls on a median tells something

FIRST_CALLS = """
select m.pro_id, count(*), count(first.at), percentile_cont(0.5) within group (order by extract(epoch from first.at - m.at))
from leads_match m
cross join lateral (
  select min(g.initiated_at) as at from contact_call c join contact_leg g on g.marketplace_id = c.marketplace_id and g.call_id = c.id
  where c.marketplace_id = m.marketplace_id and c.line_id = m.line_id and c.way <> 'callback' and g.side = 'homeowner'
) first
where m.marketplace_id = %(marketplace)s and m.pro_id = any(%(pros)s) and m.at > %(since)s and not m.test
group by m.pro_id
"""


@dataclass(frozen=True)
class Response:
    """Of `seats` leads `called` were called; half of those within `minutes`, None when there were too few to tell."""

    seats: int = 0
    called: int = 0
    minutes: int | None = None


def responses_of(pro_ids, *, now: datetime) -> dict[int, Response]:
    """{pro id: how soon it calls} of those with a seat in the last 90 days. One query."""
    rows = sql.rows(FIRST_CALLS, pros=list(pro_ids), since=now - timedelta(days=DAYS))
    return {pro: Response(seats, called, max(1, round(seconds / 60)) if called >= FEW else None) for pro, seats, called, seconds in rows}
