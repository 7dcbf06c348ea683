"""The windows of a pro's counters (INVARIANTS 6): local days, Mondays, 30-day periods, DST nights included."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.windows import counters, period_dates, windows

CHICAGO = "America/Chicago"
ZONES = ["America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu", "America/Anchorage"]
INSTANTS = st.datetimes(datetime(2013, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
DAYS = st.dates(date(2013, 1, 1), date(2030, 1, 1))


@dataclass
class State:
    """The columns of pro_state that counting needs."""

    zone: str = CHICAGO
    anchor: date = date(2026, 1, 5)
    day: date | None = None
    day_count: int = 0
    week: date | None = None
    week_count: int = 0
    period: int | None = None
    spent: int = 0


@pytest.mark.parametrize(
    ("instant", "day", "minute"),
    [
        ("2026-03-08T05:59:00+00:00", date(2026, 3, 7), 1439),  # the night the clocks go forward: midnight is at 6:00 UTC
        ("2026-03-08T06:00:00+00:00", date(2026, 3, 8), 0),
        ("2026-03-08T08:00:00+00:00", date(2026, 3, 8), 180),  # 2:00 does not exist
        ("2026-03-09T04:59:00+00:00", date(2026, 3, 8), 1439),  # a day of 23 hours
        ("2026-03-09T05:00:00+00:00", date(2026, 3, 9), 0),
        ("2026-11-01T05:00:00+00:00", date(2026, 11, 1), 0),
        ("2026-11-01T06:30:00+00:00", date(2026, 11, 1), 90),  # 1:30 the first time
        ("2026-11-01T07:30:00+00:00", date(2026, 11, 1), 90),  # and the second
        ("2026-11-02T05:59:00+00:00", date(2026, 11, 1), 1439),  # a day of 25 hours
        ("2026-11-02T06:00:00+00:00", date(2026, 11, 2), 0),
    ],
)
def test_a_night_when_the_clocks_change_is_one_day(instant, day, minute):
    at = windows(CHICAGO, date(2026, 1, 5), datetime.fromisoformat(instant))
    assert (at.day, at.minute) == (day, minute)


def test_the_thirtieth_day_is_the_last_of_a_period():
    anchor = date(2026, 10, 20)  # the clocks go back on day 12
    last = datetime(2026, 11, 18, 23, 59, 59, tzinfo=ZoneInfo(CHICAGO))
    assert windows(CHICAGO, anchor, last).period == 0
    assert windows(CHICAGO, anchor, last + timedelta(seconds=1)).period == 1
    assert period_dates(anchor, 0) == (date(2026, 10, 20), date(2026, 11, 18))
    assert period_dates(anchor, 1) == (date(2026, 11, 19), date(2026, 12, 18))


@given(INSTANTS, st.sampled_from(ZONES), DAYS, st.integers(1, 60))
def test_an_instant_lies_in_exactly_one_window_of_each_kind(now, zone, anchor, length):
    at = windows(zone, anchor, now, period_days=length)
    assert at.day == now.astimezone(ZoneInfo(zone)).date()
    assert at.week.weekday() == 0 and at.week <= at.day < at.week + timedelta(days=7)
    first, last = period_dates(anchor, at.period, period_days=length)
    assert first <= at.day <= last and (last - first).days == length - 1
    assert 0 <= at.minute < 1440


@given(INSTANTS, st.sampled_from(ZONES), st.timedeltas(timedelta(0), timedelta(days=3)))
def test_windows_never_go_back(now, zone, later):
    before, after = windows(zone, date(2020, 1, 1), now), windows(zone, date(2020, 1, 1), now + later)
    assert (before.day, before.week, before.period) <= (after.day, after.week, after.period)


def test_a_counter_of_an_earlier_window_counts_as_zero():
    now = datetime(2026, 5, 20, 17, tzinfo=UTC)
    same = State(day=date(2026, 5, 20), day_count=3, week=date(2026, 5, 18), week_count=9, period=4, spent=40_000)
    assert counters(same, now).day_count == 3
    next_day = counters(same, now + timedelta(days=1))
    assert (next_day.day_count, next_day.week_count, next_day.spent) == (0, 9, 40_000)
    next_week = counters(same, now + timedelta(days=5))
    assert (next_week.day_count, next_week.week_count, next_week.spent) == (0, 0, 40_000)
    next_period = counters(same, now + timedelta(days=30))
    assert (next_period.day_count, next_period.week_count, next_period.spent, next_period.period) == (0, 0, 0, 5)


def test_a_clock_that_lags_behind_midnight_counts_in_the_new_day():
    state = State(day=date(2026, 5, 21), day_count=5, week=date(2026, 5, 18), week_count=5, period=4, spent=100)
    lagging = datetime(2026, 5, 21, 4, 59, 59, tzinfo=UTC)  # still May 20 in Chicago
    counted = counters(state, lagging)
    assert (counted.day, counted.day_count, counted.spent) == (date(2026, 5, 21), 5, 100)


def test_nothing_counted_yet():
    counted = counters(State(), datetime(2026, 5, 20, 17, tzinfo=UTC))
    assert (counted.day_count, counted.week_count, counted.spent, counted.period, counted.minute) == (0, 0, 0, 4, 720)


def test_before_sign_up_periods_are_negative():
    assert windows(CHICAGO, date(2026, 1, 5), datetime(2026, 1, 4, 18, tzinfo=UTC)).period == -1
