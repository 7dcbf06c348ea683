"""Paused, on a day off, away: compared with an instant, ended by nobody (RULES 10)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.availability import day_off, is_paused, weekdays, weekdays_in_words

NOON = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)


@dataclass
class State:
    """The columns of pro_state that are asked."""

    paused: bool = False
    paused_until: datetime | None = None
    days_off: int = 0
    away_from: date | None = None
    away_to: date | None = None


def test_a_pause_ends_at_its_instant_and_one_without_an_end_does_not():
    second = timedelta(seconds=1)
    assert is_paused(State(paused=True), NOON) and not is_paused(State(), NOON)
    assert is_paused(State(paused=True, paused_until=NOON + second), NOON)
    assert not is_paused(State(paused=True, paused_until=NOON), NOON)
    assert not is_paused(State(paused_until=NOON + second), NOON)


@pytest.mark.parametrize(
    ("day", "mask", "away", "why"),
    [
        (date(2026, 5, 23), 0b1100000, None, ["2026-05-23", 96]),  # a Saturday
        (date(2026, 5, 24), 0b1100000, None, ["2026-05-24", 96]),
        (date(2026, 5, 25), 0b1100000, None, None),
        (date(2026, 5, 25), 0b0000001, None, ["2026-05-25", 1]),
        (date(2026, 12, 24), 0, (date(2026, 12, 24), date(2027, 1, 2)), ["2026-12-24", "2026-12-24", "2027-01-02"]),
        (date(2027, 1, 2), 0, (date(2026, 12, 24), date(2027, 1, 2)), ["2027-01-02", "2026-12-24", "2027-01-02"]),
        (date(2027, 1, 3), 0, (date(2026, 12, 24), date(2027, 1, 2)), None),
        (date(2026, 12, 23), 0, (date(2026, 12, 24), date(2027, 1, 2)), None),
    ],
)
def test_a_day_off_is_one_by_its_weekday_or_because_the_pro_is_away(day, mask, away, why):
    first, last = away or (None, None)
    assert day_off(State(days_off=mask, away_from=first, away_to=last), day) == why


def test_weekdays_have_names():
    assert weekdays(0b1000001) == [0, 6] and weekdays(0) == []
    assert weekdays_in_words(0b1000001) == "Monday and Sunday" and weekdays_in_words(0) == ""
