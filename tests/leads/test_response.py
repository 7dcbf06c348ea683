"""How soon a pro calls: what a homeowner reads on its profile is what the pro reads in its analytics (RULES 14, 46)."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from leads.models import Match
from leads.performance import performance_of
from leads.response import Response, responses_of
from leads.spans import Span
from tests.calls import a_call
from tests.factories import a_member, a_pro
from tests.leads.test_performance import MINUTE, a_seat, noon, spring
from tests.leads.test_performance_oracle import a_market

NOW = datetime(2026, 5, 20, 17, tzinfo=UTC)
TODAY = NOW.date()


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro(services=("water-heater", "plumbing-repair", "plumbing-fixtures"), budget=10_000_000))


def on_the_profile(pro):
    return responses_of([pro.pk], now=NOW).get(pro.pk, Response())


def in_the_analytics(pro, first=date(2026, 1, 1)):
    return performance_of(pro, Span("own", first, TODAY, pro.zone), today=TODAY).all


def test_both_say_the_same_of_a_spring(owner):
    """Ten leads: one was credited; of the other nine, six were contacted, half of them within 8.5 minutes."""
    spring(owner)
    assert on_the_profile(owner.pro) == Response(seats=9, called=6, minutes=9)
    figures = in_the_analytics(owner.pro)
    assert (figures.leads, figures.contacted, figures.minutes) == (9, 6, 9)


@pytest.mark.parametrize("seed", range(2))
def test_both_say_the_same_whatever_happened(owner, now, seed):
    a_market(random.Random(seed), owner, now)
    said, figures = on_the_profile(owner.pro), in_the_analytics(owner.pro)
    assert (said.seats, said.called, said.minutes) == (figures.leads, figures.contacted, figures.minutes)
    assert said.called and said.minutes


def test_a_pro_that_was_replaced_for_its_silence_had_the_lead(owner):
    """It cannot make its share look better by never calling (RULES 16)."""
    silent = a_seat(owner, at=noon(5, 11), opened=None)
    Match.objects.filter(pk=silent.pk).update(state="replaced", state_at=noon(5, 13), slot=None)
    assert on_the_profile(owner.pro) == Response(seats=1, called=0)
    assert (in_the_analytics(owner.pro).leads, in_the_analytics(owner.pro).contacted) == (1, 0)


def test_too_few_calls_make_no_typical_time_anywhere(owner):
    for number in range(4):
        match = a_seat(owner, at=noon(5, 4 + number))
        a_call(match, by=owner, at=match.at + 6 * MINUTE)
    assert on_the_profile(owner.pro) == Response(seats=4, called=4) and in_the_analytics(owner.pro).time_sure == "too_few"
    match = a_seat(owner, at=noon(5, 11))
    a_call(match, by=owner, at=match.at + 6 * MINUTE)
    assert on_the_profile(owner.pro) == Response(seats=5, called=5, minutes=4) and in_the_analytics(owner.pro).time_sure == "few"


def test_a_profile_speaks_of_the_last_ninety_days(owner):
    a_seat(owner, at=NOW - timedelta(days=90))
    a_seat(owner, at=NOW - timedelta(days=90) + timedelta(seconds=1))
    assert on_the_profile(owner.pro) == Response(seats=1)
    assert Response() == on_the_profile(a_pro("Lakeview Pipe"))
