"""The windows a pro's counters belong to: the local day, the local week and the 30-day period since sign-up. Pure.

A window is named by local dates of the pro's zone, so a night when the clocks change is part of one day like any other
(INVARIANTS 6), and nothing has to be reset by a job.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from accounts.policy import Pros


@dataclass(frozen=True, slots=True)
class Windows:
    """Where an instant lies in one pro's time: `week` is its Monday, `period` counts 30-day periods since the anchor (the first
    is 0, those before it are negative), `minute` is the minute of the local day, 0 to 1439."""

    day: date
    week: date
    period: int
    minute: int


@dataclass(frozen=True, slots=True)
class Counters:
    """What counts against a pro's caps at an instant, and the keys of the windows it counts in. `spent` in cents. `today` and `minute`
    are the local date and minute of the instant itself."""

    day_count: int
    week_count: int
    spent: int
    day: date
    week: date
    period: int
    minute: int
    today: date


def windows(zone: str, anchor: date, now: datetime, *, period_days: int = Pros.period_days) -> Windows:
    """The windows of the aware instant `now` for a pro of `zone` whose first period began on the local date `anchor`."""
    local = _local(zone, now)
    day = local.date()
    return Windows(
        day=day,
        week=day - timedelta(days=day.weekday()),
        period=(day - anchor).days // period_days,
        minute=local.hour * 60 + local.minute,
    )


def counters(state, now: datetime, *, period_days: int = Pros.period_days) -> Counters:
    """The counters of `state` (a ProState, or any row with its columns) at `now`; those of an earlier window count as zero.

    A window never goes back: when somebody with a later clock has already counted in the next one, that one counts here too.
    So a worker that looked at its clock just before midnight cannot wipe what was counted just after.
    """
    at = windows(state.zone, state.anchor, now, period_days=period_days)
    day, day_count = _running(state.day, state.day_count, at.day)
    week, week_count = _running(state.week, state.week_count, at.week)
    period, spent = _running(state.period, state.spent, at.period)
    return Counters(day_count, week_count, spent, day, week, period, at.minute, at.day)


def local_date(zone: str, now: datetime) -> date:
    """The date of the aware instant `now` in a zone."""
    return _local(zone, now).date()


def period_dates(anchor: date, period: int, *, period_days: int = Pros.period_days) -> tuple[date, date]:
    """The first and the last local date of a period."""
    first = anchor + timedelta(days=period * period_days)
    return first, first + timedelta(days=period_days - 1)


def _running(key, count, key_now):
    return (key_now, 0) if key is None or key < key_now else (key, count)


@lru_cache(maxsize=1024)
def _local(zone: str, now: datetime) -> datetime:
    """One conversion for all candidates of a zone."""
    return now.astimezone(ZoneInfo(zone))
