"""Locking and counting winners: one statement each, and never a cent or a lead over a cap (INVARIANTS 6)."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import ProState
from accounts.seat_counters import Take, lock_skipping, lock_waiting, take
from accounts.windows import counters
from core.tenancy import OutsideScope
from tests.factories import a_pro

pytestmark = pytest.mark.django_db


def state_of(pro):
    return ProState.objects.get(pro=pro)


def test_four_winners_are_counted_in_one_statement(marketplace, now, django_assert_num_queries):
    pros = [a_pro() for _ in range(4)]
    states = [state_of(pro) for pro in pros]
    with django_assert_num_queries(1):
        take([Take.of(state, 3_800, now=now) for state in states])
    for before in states:
        after = state_of(before.pro)
        assert (after.day_count, after.week_count, after.spent, after.received) == (1, 1, 3_800, 1)
        assert (str(after.day), str(after.week), after.period) == ("2026-05-20", "2026-05-18", 4)
        assert after.rev == before.rev + 1


def test_choice_and_opt_in_do_not_count_in_the_fair_share(marketplace, now):
    pro = a_pro()
    take([Take.of(state_of(pro), 3_800, now=now, received=False)])
    assert (state_of(pro).received, state_of(pro).spent) == (0, 3_800)


def test_a_seat_that_was_decided_before_midnight_does_not_wipe_the_new_day(marketplace, now):
    pro = a_pro()
    yesterday = Take.of(state_of(pro), 100, now=now)
    month_later = now + timedelta(days=30)
    take([Take.of(state_of(pro), 1_000, now=month_later)])
    take([yesterday])
    state = state_of(pro)
    assert (state.day_count, state.week_count, state.spent) == (2, 2, 1_100)
    assert (str(state.day), str(state.week), state.period) == ("2026-06-19", "2026-06-15", 5)


def test_nobody_won(marketplace, django_assert_num_queries):
    with django_assert_num_queries(0):
        take([])
        assert lock_skipping({}) == set()


def test_locks_only_who_is_as_it_was_decided_on(marketplace, django_assert_num_queries):
    same, changed = a_pro(), a_pro()
    expected = {pro.pk: state_of(pro).rev for pro in (same, changed)}
    ProState.objects.filter(pro=changed).update(rev=99)
    with django_assert_num_queries(1):
        assert lock_skipping(expected) == {same.pk}


def test_waiting_locks_in_the_order_of_ids(marketplace, django_assert_num_queries):
    pros = [a_pro() for _ in range(5)]
    with django_assert_num_queries(1):
        locked = lock_waiting([pro.pk for pro in reversed(pros)])
    assert [state.pro_id for state in locked] == sorted(pro.pk for pro in pros)


def test_locking_speaks_the_right_sql(marketplace, now, django_assert_num_queries):
    pro = a_pro()
    with django_assert_num_queries(2) as captured:
        lock_skipping({pro.pk: 1})
        lock_waiting([pro.pk])
    skipping, waiting = (query["sql"].lower() for query in captured.captured_queries)
    assert "order by pro_id\nfor no key update skip locked" in skipping and "marketplace_id" in skipping
    assert waiting.endswith('order by "accounts_prostate"."pro_id" asc for no key update') and "marketplace_id" in waiting


def test_another_marketplaces_pro_is_out_of_reach(marketplace, now):
    from core.models import Marketplace
    from core.tenancy import scope

    pro = a_pro()
    state = state_of(pro)
    with scope(Marketplace.objects.get(slug="hearthline")):
        assert lock_skipping({pro.pk: state.rev}) == set()
        assert lock_waiting([pro.pk]) == []
        take([Take.of(state, 3_800, now=now)])
    assert state_of(pro).spent == 0


@pytest.mark.django_db
def test_there_is_no_locking_outside_a_scope():
    with pytest.raises(OutsideScope):
        lock_skipping({1: 1})


START = datetime(2026, 3, 6, 12, tzinfo=UTC)
HOURS = st.lists(st.integers(-2, 400).map(lambda hours: timedelta(hours=hours / 2)), min_size=1, max_size=25)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=HOURS, price=st.integers(0, 50_000))
def test_caps_and_budget_hold_over_every_walk_through_time(marketplace, steps, price):
    """Seats are taken whenever the counters allow it; clocks may lag a little. Counting again from the seats themselves, by the
    windows they were counted in, no day has more than 2, no week more than 5, no period more than the budget."""
    pro = a_pro(budget=100_000, day_cap=2, week_cap=5)
    at, seats = START, []
    for step in steps:
        at += step
        state = state_of(pro)
        counted = counters(state, at)
        if counted.day_count < 2 and counted.week_count < 5 and counted.spent + price <= 100_000:
            one = Take.of(state, price, now=at)
            take([one])
            seats.append(one)
        after = counters(state_of(pro), at)
        assert after.day_count == sum(1 for seat in seats if seat.day == after.day) <= 2
        assert after.week_count == sum(1 for seat in seats if seat.week == after.week) <= 5
        assert after.spent == sum(seat.price for seat in seats if seat.period == after.period) <= 100_000
