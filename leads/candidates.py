"""Narrowing: from everybody in the marketplace to at most a window of candidates, in one query (DESIGN 4).

The segment is the pros who offer the service in the lead's cell and cover its ZIP, in the order of their random ring keys. The
window starts at a seeded position of the segment and wraps, so that every pro of a crowded segment is looked at equally often.
"""

import hashlib
from collections import namedtuple
from datetime import datetime, timedelta
from operator import attrgetter
from zoneinfo import ZoneInfo

from accounts.availability import day_off, is_paused
from accounts.checks import lacking
from accounts.models import ProState
from accounts.policy import Pros
from accounts.windows import counters
from billing.policy import Billing
from billing.wallet import funds
from core import sql
from core.policy import read
from leads.decision import Candidate
from leads.models import LeadType

STATE_COLUMNS = tuple(field.attname for field in ProState._meta.concrete_fields if field.attname not in ("id", "marketplace_id"))
State = namedtuple("State", STATE_COLUMNS)

NARROW = f"""
with segment as (
  select pro_id, row_number() over (order by ring) - 1 as position, count(*) over () as size
  from accounts_proarea
  where marketplace_id = %(marketplace)s and service_id = %(service)s and cell = %(cell)s and mask & %(bit)s <> 0
)
select size, {", ".join(f"s.{column}" for column in STATE_COLUMNS)}
from segment join accounts_prostate s on s.pro_id = segment.pro_id and s.marketplace_id = %(marketplace)s
where mod(position - floor(size * %(start)s)::bigint + size, size) < %(window)s
"""


SERVING = """
select pro_id from accounts_proarea
where marketplace_id = %(marketplace)s and pro_id = any(%(pros)s) and service_id = %(service)s and cell = %(cell)s and mask & %(bit)s <> 0
"""


def narrow(lead, *, seed: int, window: int | None) -> tuple[int, list[State]]:
    """The size of the lead's segment, and the states of the pros in its window (of all of them when `window` is None)."""
    rows = sql.rows(
        NARROW,
        service=lead.service_id,
        cell=lead.cell,
        bit=1 << lead.bit,
        start=start(seed),
        window=window if window is not None else 2**31,
    )
    return (rows[0][0] if rows else 0), [State(*row[1:]) for row in rows]


def serving(lead, pro_ids) -> set[int]:
    """Those of these pros who offer the lead's service in its ZIP."""
    return {pro_id for (pro_id,) in sql.rows(SERVING, pros=list(pro_ids), service=lead.service_id, cell=lead.cell, bit=1 << lead.bit)}


def start(seed: int) -> float:
    """Where the window begins, as a share of the segment: in [0, 1), evenly spread over seeds."""
    digest = hashlib.blake2b(f"window:{seed}".encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big") / 2**48


WANTED = {
    LeadType.AUTOMATCH: attrgetter("receives_automatch"),
    LeadType.CHOICE: attrgetter("receives_choice"),
    LeadType.OPT_IN: attrgetter("receives_opt_in"),
}
NOTHING = (None, None)


def as_candidates(
    states, *, lead_type: str, own: set, in_group: set, now: datetime, asked: set = frozenset(), reaches=None
) -> list[Candidate]:
    """The states (rows of the query above, or ProState objects) as the decision sees them at `now`. To an offer of the lead the pros of
    `asked` have said something, or may still. `reaches` says of a state when the lead would reach its pro, if not now: its hours and days
    off are those of that instant."""
    wanted, pros, billing = WANTED[lead_type], read(Pros), read(Billing)
    candidates = []
    for state in states:
        counted = counters(state, now, period_days=pros.period_days)
        there = counters(state, reaches(state), period_days=pros.period_days) if reaches else counted
        lacks = _lacks(state, pros.pause_without, now) if pros.pause_without else NOTHING
        candidates.append(
            _candidate(state, counted, there, is_paused(state, now), wanted(state), own, in_group, asked, funds(state, billing), lacks)
        )
    return candidates


def _lacks(state, needed, now):
    """The needed check that does not hold, and the last day it did where the pro is."""
    kind, until = lacking(state, needed, now=now) or NOTHING
    return kind, until and (until.astimezone(ZoneInfo(state.zone)).date() - timedelta(days=1)).isoformat()


def _candidate(state, counted, there, paused, wanted, own, in_group, asked, left, lacks):
    return Candidate(
        pro=state.pro_id,
        rev=state.rev,
        test=state.test,
        approved=state.approved,
        paused=paused,
        past_grace=state.past_grace,
        wants_type=wanted,
        own=state.pro_id in own,
        in_group=state.pro_id in in_group,
        accepts_renters=state.accepts_renters,
        job_min=state.job_min,
        job_max=state.job_max,
        minute=there.minute,
        opens=state.opens,
        closes=state.closes,
        day_count=counted.day_count,
        day_cap=state.day_cap,
        week_count=counted.week_count,
        week_cap=state.week_cap,
        spent=counted.spent,
        budget=state.budget,
        weight=state.weight,
        received=state.received,
        entitled=state.entitled,
        funds=left,
        asked=state.pro_id in asked,
        day_off=day_off(state, there.today) if state.days_off or state.away_from else None,
        open_work=state.open_work,
        open_cap=state.open_cap,
        lacks=lacks[0],
        lapsed=lacks[1],
        reserved=state.reserved,
    )
