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


def waking_after(start, seconds, *, zone, policy) -> datetime:
    """The instant at which `seconds` of waking time, that is time outside quiet hours, have passed since `start` (UTC)."""
    at, left = allowed_from(start, zone=zone, policy=policy), timedelta(seconds=seconds)
    while (night := _quiet_from(at, zone=zone, policy=policy)) is not None and at + left > night:
        left -= night - at
        at = allowed_from(night, zone=zone, policy=policy)
    return at + left


def _quiet_from(at, *, zone, policy) -> datetime | None:
    """When quiet hours begin next after the waking instant `at`; None where there are none."""
    if policy.quiet_from == policy.quiet_until:
        return None
    local = at.astimezone(ZoneInfo(zone))
    day = local.date() if local.hour < policy.quiet_from else local.date() + timedelta(days=1)
    return datetime.combine(day, time(policy.quiet_from), tzinfo=local.tzinfo).astimezone(UTC)


def _is_quiet(hour, policy):
    start, end = policy.quiet_from, policy.quiet_until
    return start <= hour < end if start < end else start != end and (hour >= start or hour < end)
