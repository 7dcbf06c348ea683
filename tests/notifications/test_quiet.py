"""Quiet hours, DST nights included (RULES 44, INVARIANTS 27)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from notifications.policy import Notices
from notifications.quiet import allowed_from


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "now", "allowed"),
    [
        ("America/Chicago", "2026-05-20 17:00", "2026-05-20 17:00"),  # noon
        ("America/Chicago", "2026-05-21 01:59:59", "2026-05-21 01:59:59"),  # 8:59:59 PM
        ("America/Chicago", "2026-05-21 02:00", "2026-05-21 13:00"),  # 9 PM -> 8 AM
        ("America/Chicago", "2026-05-21 12:59:59", "2026-05-21 13:00"),  # 7:59:59 AM
        ("America/Chicago", "2026-05-21 13:00", "2026-05-21 13:00"),
        ("America/Chicago", "2026-03-08 04:00", "2026-03-08 13:00"),  # 10 PM CST, the night that loses an hour: 8 AM CDT
        ("America/Chicago", "2026-03-08 08:30", "2026-03-08 13:00"),  # 3:30 AM CDT, just after the jump
        ("America/Chicago", "2026-11-01 03:00", "2026-11-01 14:00"),  # 10 PM CDT, the night that gains one: 8 AM CST
        ("America/Chicago", "2026-11-01 06:30", "2026-11-01 14:00"),  # 1:30 AM, the first of two
        ("America/Chicago", "2026-11-01 07:30", "2026-11-01 14:00"),  # 1:30 AM, the second
        ("America/Phoenix", "2026-03-08 05:00", "2026-03-08 15:00"),  # no summer time here
        ("Pacific/Honolulu", "2026-05-21 07:00", "2026-05-21 18:00"),
        ("America/New_York", "2026-01-01 02:30", "2026-01-01 13:00"),  # over the year's end
    ],
)
def test_the_first_allowed_instant(zone, now, allowed):
    assert allowed_from(at(now), zone=zone, policy=Notices()) == at(allowed)


@given(
    moment=some.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2028, 1, 1), timezones=some.just(UTC)),
    zone=some.sampled_from(["America/Chicago", "America/New_York", "America/Phoenix", "America/St_Johns", "Europe/Berlin"]),
    start=some.integers(0, 23),
    end=some.integers(0, 23),
)
def test_never_early_never_quiet_never_more_than_a_day_late(moment, zone, start, end):
    policy = Notices(quiet_from=start, quiet_until=end)
    allowed = allowed_from(moment, zone=zone, policy=policy)
    assert moment <= allowed <= moment + timedelta(hours=25)
    assert allowed == allowed_from(allowed, zone=zone, policy=policy)
    hour = allowed.astimezone(ZoneInfo(zone)).hour
    quiet = start <= hour < end if start < end else start != end and (hour >= start or hour < end)
    assert not quiet
