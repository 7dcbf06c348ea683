"""The months of a membership and what the rest of one is worth. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.months import months_after, rest

ZONE = "America/Chicago"
START, END = datetime(2026, 5, 20, 17, 0, tzinfo=UTC), datetime(2026, 6, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("since", "months", "then"),
    [
        ("2026-05-20T17:00", 1, "2026-06-20T17:00"),
        ("2026-01-31T18:00", 1, "2026-02-28T18:00"),
        ("2026-01-31T18:00", 2, "2026-03-31T17:00"),  # noon in Chicago, before and after the clocks change
        ("2024-01-31T18:00", 1, "2024-02-29T18:00"),
        ("2026-12-31T18:00", 2, "2027-02-28T18:00"),
        ("2026-06-01T03:00", 1, "2026-07-01T03:00"),  # May 31 in Chicago: its next is June 30
        ("2026-02-08T08:30", 1, "2026-03-08T08:30"),  # 2:30 AM, an hour that March 8 does not have
    ],
)
def test_a_month_is_the_same_local_day_and_time(since, months, then):
    at = months_after(datetime.fromisoformat(since).replace(tzinfo=UTC), months, ZONE)
    assert at == datetime.fromisoformat(then).replace(tzinfo=UTC)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)), st.integers(1, 60))
def test_months_follow_one_another(since, months):
    since = since.replace(tzinfo=UTC)
    length = months_after(since, months, ZONE) - months_after(since, months - 1, ZONE)
    assert timedelta(days=27) < length < timedelta(days=32)


@pytest.mark.parametrize(
    ("difference", "left", "cents"),
    [
        (7_000, timedelta(days=31), 7_000),
        (7_000, timedelta(days=15, hours=12), 3_500),
        (7_000, timedelta(0), 0),
        (7_000, timedelta(seconds=-5), 0),
        (7_000, timedelta(days=40), 7_000),
        (-1, timedelta(days=31), 0),
        (1, timedelta(days=15, hours=12), 1),  # half a cent is a cent
        (1, timedelta(days=15, hours=11), 0),
        (12_000, timedelta(days=10), 3_871),
    ],
)
def test_the_rest_of_a_month_in_whole_cents(difference, left, cents):
    assert rest(difference, start=START, end=END, now=END - left) == cents


@given(st.integers(0, 10**6), st.integers(0, 31 * 86_400))
def test_the_rest_never_grows_and_is_never_more_than_half_a_cent_off(difference, seconds):
    now = START + timedelta(seconds=seconds)
    cents = rest(difference, start=START, end=END, now=now)
    assert cents >= rest(difference, start=START, end=END, now=now + timedelta(seconds=1))
    assert abs(cents - difference * (END - now) / (END - START)) <= 0.5 + 1e-6
