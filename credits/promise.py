"""By when an answer is promised: business days of the marketplace's zone and holiday calendar (INVARIANTS 18)."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

A_DAY = timedelta(days=1)
THE_LAST_INSTANT = timedelta(microseconds=1)


def promised(received_at: datetime, *, days: int, zone: str, country: str) -> datetime:
    """The last instant of the `days`-th business day after the local day of the receipt. Pure, and monotone in the receipt.

    "Within 2 business days" of a Monday noon ends with Wednesday, at 24:00 in the marketplace's `zone`; the day of the receipt itself
    never counts. Saturdays, Sundays and the holidays of `country` (ISO code) are no business days.
    """
    local = ZoneInfo(zone)
    day = received_at.astimezone(local).date()
    for _each in range(days):
        day = next_business_day(day, country)
    midnight = datetime.combine(day + A_DAY, time(), tzinfo=local)
    return midnight.astimezone(UTC) - THE_LAST_INSTANT


def next_business_day(day: date, country: str) -> date:
    """The first business day after `day`."""
    day += A_DAY
    while not _calendar(country).is_working_day(day):
        day += A_DAY
    return day


@cache
def _calendar(country):
    return holidays.country_holidays(country)
