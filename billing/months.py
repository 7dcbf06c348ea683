"""The months of a membership, and what the rest of one is worth. Pure."""

import calendar
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

MICROSECOND = timedelta(microseconds=1)


def months_after(since: datetime, months: int, zone: str) -> datetime:
    """The instant so many months after `since`: the same local day and time in `zone`, or the last day of a month that is too short.

    Counted from the first day each time: what began on January 31 goes on on February 28 and on March 31. Answers in the zone of `since`.
    """
    local = since.astimezone(ZoneInfo(zone))
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day).astimezone(since.tzinfo)


def rest(difference: int, *, start: datetime, end: datetime, now: datetime) -> int:
    """What `difference` cents for the time from `start` to `end` come to for what is left of it at `now`:
    difference x remaining time / whole time, in whole cents, half up. Nothing for a difference below zero (RULES 28)."""
    whole, left = (end - start) // MICROSECOND, (end - min(max(now, start), end)) // MICROSECOND
    return (max(difference, 0) * left * 2 + whole) // (whole * 2)
