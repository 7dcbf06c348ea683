"""Lead Purchase Settings: anybody lowers, owner and billing raise, whoever lowered may restore for 24 hours (RULES 11, 31)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import purchase_settings as buying
from accounts import team
from accounts.models import ProState, User
from accounts.pros import BadLimit
from core import events
from core.errors import NotAllowed
from core.models import Event
from leads.decision import within_hours
from tests.conftest import NOON
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


LATER = NOON + timedelta(days=2)
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
    "a pause that ends": lambda pro, **who: buying.pause(pro, until=LATER, **who),
    "offers": lambda pro, **who: buying.set_offers(pro, True, **who),
    "open work": lambda pro, **who: buying.set_open_cap(pro, 6, **who),
    "no cap of open work": lambda pro, **who: buying.set_open_cap(pro, None, **who),
    "fewer days off": lambda pro, **who: buying.set_days_off(pro, 64, **who),
    "other days off": lambda pro, **who: buying.set_days_off(pro, 3, **who),
    "back sooner": lambda pro, **who: buying.set_away(pro, date(2026, 5, 25), date(2026, 5, 29), **who),
    "gone later": lambda pro, **who: buying.set_away(pro, date(2026, 5, 26), date(2026, 6, 30), **who),
    "not away": lambda pro, **who: buying.set_away(pro, None, None, **who),
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
    "a pause that ends": lambda pro, **who: buying.pause(pro, until=LATER, **who),
    "no offers": lambda pro, **who: buying.set_offers(pro, False, **who),
    "open work": lambda pro, **who: buying.set_open_cap(pro, 4, **who),
    "more days off": lambda pro, **who: buying.set_days_off(pro, 97, **who),
    "longer away": lambda pro, **who: buying.set_away(pro, date(2026, 5, 24), date(2026, 5, 31), **who),
}


AVAILABLE = {
    "job_min": 100_000, "job_max": 900_000, "opens": 480, "closes": 1080, "open_cap": 5, "days_off": 96,
    "away_from": date(2026, 5, 25), "away_to": date(2026, 5, 30),
}  # fmt: skip


@pytest.fixture
def low(pro, now):
    """Everything low, set long ago by nobody in particular."""
    ProState.objects.filter(pro=pro).update(
        paused=True, receives_choice=False, receives_automatch=False, receives_opt_in=False, **AVAILABLE
    )


@pytest.fixture
def high(pro):
    ProState.objects.filter(pro=pro).update(**AVAILABLE)


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
        (lambda pro, **who: buying.pause(pro, until=NOON, **who), "until"),
        (lambda pro, **who: buying.pause(pro, until=NOON + timedelta(days=366, seconds=1), **who), "until"),
        (lambda pro, **who: buying.set_open_cap(pro, 0, **who), "open_cap"),
        (lambda pro, **who: buying.set_days_off(pro, 127, **who), "days_off"),
        (lambda pro, **who: buying.set_days_off(pro, 128, **who), "days_off"),
        (lambda pro, **who: buying.set_days_off(pro, -1, **who), "days_off"),
        (lambda pro, **who: buying.set_away(pro, date(2026, 5, 21), None, **who), "away_to"),
        (lambda pro, **who: buying.set_away(pro, None, date(2026, 5, 21), **who), "away_from"),
        (lambda pro, **who: buying.set_away(pro, date(2026, 5, 22), date(2026, 5, 21), **who), "away_to"),
        (lambda pro, **who: buying.set_away(pro, date(2026, 5, 1), date(2026, 5, 19), **who), "away_to"),
        (lambda pro, **who: buying.set_away(pro, date(2026, 5, 21), date(2027, 5, 22), **who), "away_to"),
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
        ("Renee Okafor", True, "choice_match", (True,), (False,)),
        (joy.user.name, False, "pause", (False, None), (True, None)),
        (owner.user.name, False, "budget", (60_000,), (50_000,)),
    ]
    assert not buying.history(a_pro())


def test_a_pause_that_ends_is_none_afterwards_and_nothing_had_to_be_reset(pro, joy, now):
    end = now + timedelta(days=2)
    paused = buying.pause(pro, until=end, by=joy, now=now)
    assert buying.stands(paused, "pause", now=end - timedelta(seconds=1)) == (True, end)
    assert buying.stands(paused, "pause", now=end) == (False, None) and state_of(pro).paused
    assert buying.resume(pro, by=joy, now=end).rev == paused.rev, "it has ended already: anybody may say so, and it changes nothing"
    assert buying.pause(pro, by=joy, now=end).paused_until is None


def test_a_pause_of_mine_may_be_shortened_and_taken_back_for_24_hours_and_not_past_the_owners(pro, owner, joy, now):
    monday, friday = now + timedelta(days=5), now + timedelta(days=2)
    buying.pause(pro, until=friday, by=owner, now=now)
    buying.pause(pro, until=monday, by=joy, now=now + timedelta(hours=1))
    later = now + timedelta(hours=2)
    with pytest.raises(NotAllowed):
        buying.pause(pro, until=friday - timedelta(seconds=1), by=joy, now=later)
    assert buying.pause(pro, until=friday, by=joy, now=later).paused_until == friday
    buying.pause(pro, by=joy, now=friday - timedelta(hours=1))
    assert not buying.resume(pro, by=joy, now=friday).paused, "the owner's pause would be over by now"


def test_time_away_that_is_over_stands_for_nothing(pro, joy, now):
    today = date(2026, 5, 20)
    away = buying.set_away(pro, date(2026, 5, 11), today, by=joy, now=now)
    tonight = datetime(2026, 5, 21, 4, 59, 59, tzinfo=UTC)  # one second to midnight in Chicago
    assert buying.stands(away, "away", now=tonight) == (date(2026, 5, 11), today)
    assert buying.stands(away, "away", now=tonight + timedelta(seconds=1)) == (None, None)
    assert buying.set_away(pro, None, None, by=joy, now=now + timedelta(days=30)).rev == away.rev


def test_changes_kept_before_a_pause_could_end_still_read_and_restore(pro, joy, now):
    buying.pause(pro, by=joy, now=now)
    events.record("settings.changed", pro.subject, now=now, actor=joy.subject, setting="pause", **{"from": [False], "to": [True]})
    assert buying.history(pro)[0].became == (True, None)
    assert not buying.resume(pro, by=joy, now=now + timedelta(hours=1)).paused


DAY = st.dates(date(2026, 5, 20), date(2026, 5, 26))
AWAY = st.one_of(st.just((None, None)), st.tuples(DAY, DAY).map(lambda days: (min(days), max(days))))


@given(AWAY, AWAY, st.integers(0, 126), st.integers(0, 126), DAY)
def test_a_day_that_becomes_one_with_leads_is_a_raise(old, new, mask, masked, day):
    def is_away(away):
        return away[0] is not None and away[0] <= day <= away[1]

    if is_away(old) and not is_away(new):
        assert buying.SETTINGS["away"].raises(old, new)
    if mask >> day.weekday() & 1 and not masked >> day.weekday() & 1:
        assert buying.SETTINGS["days_off"].raises((mask,), (masked,))


PAUSE = st.one_of(st.just((False, None)), st.just((True, None)), st.integers(1, 9).map(lambda hours: (True, NOON + timedelta(hours=hours))))


@given(PAUSE, PAUSE, st.integers(0, 10))
def test_an_hour_that_is_paused_no_more_is_a_raise(old, new, hour):
    def is_paused(pause):
        return pause[0] and (pause[1] is None or NOON + timedelta(hours=hour) < pause[1])

    if is_paused(old) and not is_paused(new):
        assert buying.SETTINGS["pause"].raises(old, new)


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
