"""When a homeowner allows contact (RULES 3, 22). Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def allowed_from(at: datetime, *, zone: str, hours: tuple[int, int]) -> datetime:
    """The first instant from `at` on that lies in the local `hours` (from, until) of `zone`: `at` itself when it does (UTC)."""
    first, end = hours
    local = at.astimezone(ZoneInfo(zone))
    if first <= local.hour < end:
        return at
    day = local.date() + timedelta(days=local.hour >= end)
    return datetime.combine(day, time(first), tzinfo=local.tzinfo).astimezone(UTC)


def is_allowed(at: datetime, *, zone: str, hours: tuple[int, int]) -> bool:
    return allowed_from(at, zone=zone, hours=hours) == at
