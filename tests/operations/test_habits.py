"""What simulated pros do: the same for the same seed, in the shares that are written down."""

from datetime import timedelta

from contact.hours import is_allowed
from operations.replay import habits
from operations.replay.habits import is_dead, plan
from operations.replay.people import People
from tests.conftest import NOON

ZONE, HOURS, MANY = "America/Chicago", (8, 20), 4_000


def plans(*, dead=False, at=NOON):
    return [plan(f"permit:{number}", at=at, zone=ZONE, hours=HOURS, dead=dead) for number in range(MANY)]


def part(chosen) -> float:
    return round(sum(map(bool, chosen)) / MANY, 2)


def test_the_same_seed_does_the_same_again():
    assert plans() == plans() and len(set(plans())) > MANY / 2


def test_some_call_within_minutes_some_later_and_some_never():
    made = plans()
    first = [each.calls[0].at - NOON if each.calls else timedelta.max for each in made]
    assert abs(part(at < timedelta(minutes=10) for at in first) - 0.28) < 0.05
    assert abs(part(at <= timedelta(hours=1) for at in first) - 0.43) < 0.03
    assert abs(part(at < timedelta.max for at in first) - 0.50) < 0.03
    assert abs(part(each.opens_at is None for each in made) - habits.WHEN[habits.NEVER]) < 0.03


def test_nobody_is_called_at_an_hour_they_did_not_allow():
    evening = NOON + timedelta(hours=8)
    assert all(is_allowed(call.at, zone=ZONE, hours=HOURS) for each in plans(at=evening) for call in each.calls)


def test_who_found_a_dead_number_makes_sure_an_hour_later_and_asks_for_the_money():
    asking = [each for each in plans(dead=True) if each.asks_at]
    assert len(asking) > MANY / 3
    for each in asking:
        first, second = each.calls
        assert first.at + timedelta(hours=1) < second.at < each.asks_at


def test_eight_of_a_hundred_homeowners_have_a_dead_number():
    people = People()
    assert 0.07 < part(is_dead(people.of(f"property {number}").phone) for number in range(MANY)) < 0.09
