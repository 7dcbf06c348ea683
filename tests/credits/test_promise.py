"""Business days in the marketplace's zone and holiday calendar, monotone in the receipt (INVARIANTS 18)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.promise import promised

CHICAGO = ZoneInfo("America/Chicago")


def local(text, zone=CHICAGO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def answer_day(received, days=2, zone="America/Chicago"):
    """The local day with which the promise ends, at its last instant."""
    end = promised(received, days=days, zone=zone, country="US")
    after = (end + timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
    assert (after.hour, after.minute, after.second, after.microsecond) == (0, 0, 0, 0)
    return end.astimezone(ZoneInfo(zone)).date().isoformat()


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2026-05-18T12:00", "2026-05-20"),  # a Monday: Wednesday
        ("2026-05-18T00:00", "2026-05-20"),
        ("2026-05-18T23:59", "2026-05-20"),
        ("2026-05-14T12:00", "2026-05-18"),  # Thursday: Friday and Monday
        ("2026-05-15T12:00", "2026-05-19"),  # Friday: Monday and Tuesday
        ("2026-05-16T12:00", "2026-05-19"),  # Saturday
        ("2026-05-17T12:00", "2026-05-19"),  # Sunday
        ("2026-05-22T12:00", "2026-05-27"),  # the Friday before Memorial Day, May 25
        ("2026-07-01T12:00", "2026-07-06"),  # Independence Day is a Saturday: Friday, July 3, is free
        ("2026-11-25T12:00", "2026-11-30"),  # the day before Thanksgiving
        ("2026-12-31T12:00", "2027-01-05"),  # New Year's Day is a Friday
        ("2026-03-06T12:00", "2026-03-10"),  # over the night in March that has no 2 o'clock
        ("2026-10-30T12:00", "2026-11-03"),  # and that in November which has it twice
    ],
)
def test_within_two_business_days_ends_with_the_second_after_the_day_of_the_receipt(received, day):
    assert answer_day(local(received)) == day


def test_seven_business_days_are_the_promise_of_opt_in():
    assert answer_day(local("2026-11-18T09:31"), days=7) == "2026-11-30"
    assert answer_day(local("2026-11-18T09:31"), days=5) == "2026-11-25"


def test_the_day_of_the_receipt_is_the_marketplaces():
    received = datetime(2026, 5, 19, 3, 0, tzinfo=UTC)  # Monday evening in Chicago, Tuesday in Berlin
    assert answer_day(received) == "2026-05-20"
    assert answer_day(received, zone="Europe/Berlin") == "2026-05-21"


instants = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))
zones = st.sampled_from(["America/Chicago", "America/New_York", "Pacific/Honolulu", "America/Phoenix", "Asia/Kathmandu", "Europe/London"])


@given(instants, instants, st.integers(1, 9), zones)
def test_who_asks_earlier_is_never_promised_later(one, other, days, zone):
    first, second = sorted((one, other))
    promise = promised(first, days=days, zone=zone, country="US")
    assert first < promise <= promised(second, days=days, zone=zone, country="US")
    assert promise < promised(first, days=days + 1, zone=zone, country="US")
