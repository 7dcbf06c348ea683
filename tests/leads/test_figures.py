"""What counts come to (RULES 46)."""

import pytest

from leads.figures import Figures, Rate, how_sure

BOUNDS = (5, 10)


def figures(**counted):
    return Figures(BOUNDS, **counted)


@pytest.mark.parametrize(("part", "of", "percent"), [(9, 41, 22), (1, 2, 50), (1, 3, 33), (2, 3, 67), (1, 8, 13), (0, 7, 0), (7, 7, 100)])
def test_a_rate_is_rounded_half_up(part, of, percent):
    assert Rate(part, of, "sure").percent == percent


def test_nothing_has_no_rate():
    none = figures()
    assert (none.response.percent, none.wins.likely, none.minutes, none.cost_per_won) == (None, None, None, None)
    assert none.is_empty and none.sure == "none" and not none.response.is_said


@pytest.mark.parametrize(("cases", "sure"), [(0, "none"), (1, "too_few"), (4, "too_few"), (5, "few"), (9, "few"), (10, "sure")])
def test_how_sure(cases, sure):
    assert how_sure(cases, BOUNDS) == sure


@pytest.mark.parametrize(("part", "of", "likely"), [(9, 41, (12, 37)), (0, 10, (0, 28)), (10, 10, (72, 100)), (1, 1, (21, 100))])
def test_between_what_the_true_rate_is_likely(part, of, likely):
    assert Rate(part, of, "sure").likely == likely


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (29, 0), (30, 1), (89.9, 1), (90, 2), (660, 11)])
def test_the_median_in_whole_minutes(seconds, minutes):
    assert figures(timed=1, seconds=seconds).minutes == minutes


def test_cost_of_a_won_job_is_what_was_paid_over_all_jobs_won():
    found = figures(leads=41, won=9, lost=6, price=163_250, discounted=23_840, credited=0)
    assert found.net == 139_410
    assert found.cost_per_won == 15_490
    assert found.open == 26
    assert figures(won=2, price=5).cost_per_won == 3, "half a cent up"


def test_wins_by_speed():
    found = figures(leads=41, in_time=31, won=9, won_in_time=8)
    assert (found.wins_in_time.part, found.wins_in_time.of, found.wins_in_time.percent) == (8, 31, 26)
    assert (found.wins_later.part, found.wins_later.of, found.wins_later.percent) == (1, 10, 10)
