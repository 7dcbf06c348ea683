"""Lead Purchase Settings: anybody lowers, owner and billing raise, whoever lowered may restore for 24 hours (RULES 11, 31)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import purchase_settings as buying
from accounts import team
from accounts.models import ProState, User
from accounts.pros import BadLimit
from core.errors import NotAllowed
from core.models import Event
from leads.decision import within_hours
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db


@pytest.fixture
def pro(marketplace):
    return a_pro(budget=60_000, day_cap=4, week_cap=10)


@pytest.fixture
def owner(pro):
    return a_member(pro)


@pytest.fixture
def joy(pro):
    return a_member(pro, role="member")


@pytest.fixture
def renee(marketplace):
    return User.objects.create_user("renee@craftyard.example", "correct horse battery", name="Renee Okafor", is_staff=True)


def state_of(pro):
    return ProState.objects.get(pro=pro)


def test_choice_match_off_and_automatch_goes_on(pro, owner, now):
    before = state_of(pro)
    after = buying.set_choice_match(pro, False, by=owner, now=now)
    stored = state_of(pro)
    assert (stored.receives_choice, stored.receives_automatch, stored.rev) == (False, True, before.rev + 1)
    assert (after.receives_choice, after.rev) == (stored.receives_choice, stored.rev)
    event = Event.objects.get(subject=pro.subject, kind="settings.changed")
    assert (event.actor, event.data) == (owner.subject, {"setting": "choice_match", "from": [True], "to": [False]})


def test_setting_what_is_set_does_nothing(pro, owner, now):
    before = state_of(pro)
    buying.set_budget(pro, 60_000, by=owner, now=now)
    buying.resume(pro, by=owner, now=now)
    assert state_of(pro).rev == before.rev
    assert not Event.objects.filter(kind="settings.changed").exists()


RAISES = {
    "resume": lambda pro, **who: buying.resume(pro, **who),
    "choice match": lambda pro, **who: buying.set_choice_match(pro, True, **who),
    "automatch": lambda pro, **who: buying.set_automatch(pro, True, **who),
    "renters": lambda pro, **who: buying.set_renters(pro, True, **who),
    "budget": lambda pro, **who: buying.set_budget(pro, 60_001, **who),
    "day cap": lambda pro, **who: buying.set_day_cap(pro, 5, **who),
    "no day cap": lambda pro, **who: buying.set_day_cap(pro, None, **who),
    "week cap": lambda pro, **who: buying.set_week_cap(pro, 11, **who),
    "smaller jobs": lambda pro, **who: buying.set_job_range(pro, 99_999, 900_000, **who),
    "larger jobs": lambda pro, **who: buying.set_job_range(pro, 100_000, None, **who),
    "other jobs": lambda pro, **who: buying.set_job_range(pro, 50_000, 60_000, **who),
    "longer hours": lambda pro, **who: buying.set_hours(pro, 480, 1081, **who),
    "night hours": lambda pro, **who: buying.set_hours(pro, 1200, 300, **who),
    "all hours": lambda pro, **who: buying.set_hours(pro, None, None, **who),
}
LOWERS = {
    "pause": lambda pro, **who: buying.pause(pro, **who),
    "no choice match": lambda pro, **who: buying.set_choice_match(pro, False, **who),
    "no automatch": lambda pro, **who: buying.set_automatch(pro, False, **who),
    "budget": lambda pro, **who: buying.set_budget(pro, 10_000, **who),
    "day cap": lambda pro, **who: buying.set_day_cap(pro, 1, **who),
    "week cap": lambda pro, **who: buying.set_week_cap(pro, 1, **who),
    "fewer jobs": lambda pro, **who: buying.set_job_range(pro, 100_001, 899_999, **who),
    "shorter hours": lambda pro, **who: buying.set_hours(pro, 540, 1080, **who),
}


@pytest.fixture
def low(pro, now):
    """Everything low, set long ago by nobody in particular."""
    ProState.objects.filter(pro=pro).update(
        paused=True, receives_choice=False, receives_automatch=False, job_min=100_000, job_max=900_000, opens=480, closes=1080
    )


@pytest.fixture
def high(pro):
    ProState.objects.filter(pro=pro).update(job_min=100_000, job_max=900_000, opens=480, closes=1080)


@pytest.mark.parametrize("change", RAISES.values(), ids=RAISES)
def test_only_owner_and_billing_raise(pro, low, joy, renee, now, change):
    before = state_of(pro)
    for somebody in (joy, renee):
        with pytest.raises(NotAllowed):
            change(pro, by=somebody, now=now)
    assert state_of(pro).rev == before.rev
    change(pro, by=a_member(pro, role="billing"), now=now)
    assert state_of(pro).rev == before.rev + 1


@pytest.mark.parametrize("change", LOWERS.values(), ids=LOWERS)
def test_anybody_lowers_and_staff_for_them(pro, high, joy, renee, now, change):
    before = state_of(pro)
    change(pro, by=joy, now=now)
    assert state_of(pro).rev == before.rev + 1
    ProState.objects.filter(pk=before.pk).delete()
    before.save(force_insert=True)
    change(pro, by=renee, now=now)
    assert state_of(pro).rev == before.rev + 1


def test_whoever_paused_may_resume_for_24_hours(pro, joy, now):
    buying.pause(pro, by=joy, now=now)
    assert not buying.resume(pro, by=joy, now=now + timedelta(hours=24)).paused


def test_after_24_hours_only_the_owner(pro, owner, joy, now):
    buying.pause(pro, by=joy, now=now)
    late = now + timedelta(hours=24, seconds=1)
    with pytest.raises(NotAllowed):
        buying.resume(pro, by=joy, now=late)
    assert not buying.resume(pro, by=owner, now=late).paused


def test_somebody_elses_pause_is_not_mine_to_end(pro, owner, joy, now):
    buying.pause(pro, by=owner, now=now)
    with pytest.raises(NotAllowed):
        buying.resume(pro, by=joy, now=now)


def test_restoring_goes_back_to_the_earlier_state_and_not_a_cent_further(pro, owner, joy, now):
    buying.set_budget(pro, 50_000, by=joy, now=now)
    buying.set_budget(pro, 40_000, by=joy, now=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    with pytest.raises(NotAllowed):
        buying.set_budget(pro, 60_001, by=joy, now=later)
    assert buying.set_budget(pro, 55_000, by=joy, now=later).budget == 55_000
    assert buying.set_budget(pro, 60_000, by=joy, now=later).budget == 60_000
    with pytest.raises(NotAllowed):
        buying.set_budget(pro, 60_001, by=joy, now=later)


def test_lowering_one_setting_lets_nobody_raise_another(pro, joy, now):
    buying.set_week_cap(pro, 8, by=joy, now=now)
    with pytest.raises(NotAllowed):
        buying.set_day_cap(pro, 5, by=joy, now=now)


def test_what_the_owner_set_since_stands(pro, owner, joy, now):
    buying.set_budget(pro, 40_000, by=joy, now=now)
    buying.set_budget(pro, 30_000, by=owner, now=now + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        buying.set_budget(pro, 40_000, by=joy, now=now + timedelta(hours=2))


def test_an_account_manager_may_take_back_her_own_pause(pro, renee, now):
    buying.pause(pro, by=renee, now=now)
    assert not buying.resume(pro, by=renee, now=now + timedelta(hours=1)).paused


def test_a_removed_member_and_a_stranger_change_nothing(pro, owner, joy, now):
    team.remove(joy, by=owner, now=now)
    stranger = a_member(a_pro())
    customer = User.objects.create_user("nobody@craftyard.example", None, name="Nobody")
    for somebody in (joy, stranger, customer):
        with pytest.raises(NotAllowed):
            buying.pause(pro, by=somebody, now=now)
    assert not state_of(pro).paused


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda pro, **who: buying.set_budget(pro, 9_999, **who), "budget"),
        (lambda pro, **who: buying.set_budget(pro, None, **who), "budget"),
        (lambda pro, **who: buying.set_budget(pro, 10**30, **who), "budget"),
        (lambda pro, **who: buying.set_day_cap(pro, 0, **who), "day_cap"),
        (lambda pro, **who: buying.set_week_cap(pro, 10**9, **who), "week_cap"),
        (lambda pro, **who: buying.set_job_range(pro, -1, None, **who), "job_min"),
        (lambda pro, **who: buying.set_job_range(pro, 5_000, 4_999, **who), "job_max"),
        (lambda pro, **who: buying.set_job_range(pro, None, 10**30, **who), "job_max"),
        (lambda pro, **who: buying.set_hours(pro, 480, None, **who), "closes"),
        (lambda pro, **who: buying.set_hours(pro, None, 480, **who), "opens"),
        (lambda pro, **who: buying.set_hours(pro, 480, 480, **who), "closes"),
        (lambda pro, **who: buying.set_hours(pro, 1440, 480, **who), "opens"),
        (lambda pro, **who: buying.set_hours(pro, -1, 480, **who), "opens"),
    ],
)
def test_impossible_limits_are_refused_with_their_field(pro, owner, now, change, field):
    before = state_of(pro)
    with pytest.raises(BadLimit) as refused:
        change(pro, by=owner, now=now)
    assert list(refused.value.fields) == [field]
    assert state_of(pro).rev == before.rev


def test_the_smallest_budget_and_one_below_what_is_spent(pro, joy, now):
    ProState.objects.filter(pro=pro).update(spent=50_000, period=4)
    assert buying.set_budget(pro, 10_000, by=joy, now=now).spent == 50_000


def test_no_budget_where_the_policy_allows_it(opt_in, now):
    pro = a_pro()
    assert buying.set_budget(pro, None, by=a_member(pro), now=now).budget is None


def test_last_changes(pro, owner, joy, renee, now):
    buying.set_budget(pro, 50_000, by=owner, now=now)
    buying.pause(pro, by=joy, now=now + timedelta(minutes=1))
    buying.set_choice_match(pro, False, by=renee, now=now + timedelta(minutes=2))
    lines = [(line.who, line.by_staff, line.setting, line.was, line.became) for line in buying.history(pro)]
    assert lines == [
        ("Renee Okafor", True, "choice_match", [True], [False]),
        (joy.user.name, False, "pause", [False], [True]),
        (owner.user.name, False, "budget", [60_000], [50_000]),
    ]
    assert not buying.history(a_pro())


MINUTE = st.integers(0, 1439)


@given(MINUTE, st.integers(0, 1440), MINUTE)
def test_hours_mean_the_same_here_and_in_the_decision(opens, closes, minute):
    if opens != closes:
        assert (minute in buying.open_minutes(opens, closes)) == within_hours(minute, opens, closes)
    assert len(buying.open_minutes(None, None)) == 1440


LIMIT = st.one_of(st.none(), st.integers(0, 5))


@given(LIMIT, LIMIT, LIMIT, LIMIT, st.integers(0, 5))
def test_a_range_that_lets_in_a_new_job_is_a_raise(low, high, lower, higher, job):
    def lets_in(lowest, highest):
        return (lowest is None or job >= lowest) and (highest is None or job <= highest)

    if lets_in(lower, higher) and not lets_in(low, high):
        assert buying.SETTINGS["job_range"].raises((low, high), (lower, higher))
