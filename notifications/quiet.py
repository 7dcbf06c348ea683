"""A homeowner's quiet hours (RULES 44). Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def allowed_from(now, *, zone, policy) -> datetime:
    """The first instant from `now` on at which a message may arrive in `zone`: `now` itself outside quiet hours (UTC)."""
    local = now.astimezone(ZoneInfo(zone))
    if not _is_quiet(local.hour, policy):
        return now
    day = local.date() if local.hour < policy.quiet_until else local.date() + timedelta(days=1)
    return datetime.combine(day, time(policy.quiet_until), tzinfo=local.tzinfo).astimezone(UTC)


def _is_quiet(hour, policy):
    start, end = policy.quiet_from, policy.quiet_until
    return start <= hour < end if start < end else start != end and (hour >= start or hour < end)
