"""Pros join and are suspended; a whole file joins in a few statements."""

import pytest

from accounts.contact_data import BadContact
from accounts.models import Pro, ProState
from accounts.pros import AlreadyRegistered, BadLimit, BadZone, NewPro, approve, register, register_many, suspend
from core import events
from core.errors import Refusal

pytestmark = pytest.mark.django_db
GOOD = {"name": "Prairie State Plumbing", "zone": "America/Chicago", "budget": 60_000}


def test_a_new_pro_has_its_settings(marketplace, now):
    pro = register(**GOOD, zip="60540", place="Naperville", state="il", phone="(866) 555-0134", now=now)
    state = ProState.objects.get(pro=pro)
    assert (pro.status, pro.state, pro.phone) == ("approved", "IL", "+18665550134")
    assert (state.budget, state.day_cap, state.paused, state.accepts_renters) == (60_000, None, False, False)
    assert (state.approved, state.receives_choice, str(state.anchor)) == (True, True, "2026-05-20")
    assert [event.kind for event in events.history(pro.subject)] == ["pro.registered"]


def test_the_first_day_is_the_local_day_of_sign_up(marketplace, now):
    late = now.replace(hour=23, minute=30)
    chicago = register(**GOOD, now=late.replace(hour=4))
    assert str(ProState.objects.get(pro=chicago).anchor) == "2026-05-19"


def test_a_pro_can_only_apply(marketplace, now):
    pro = register(**GOOD, approved=False, now=now)
    state = ProState.objects.get(pro=pro)
    assert (pro.status, state.approved) == ("applied", False)
    approve(pro, now=now)
    state.refresh_from_db()
    assert (state.approved, state.rev) == (True, 1)


def test_a_suspended_pro_is_not_approved(marketplace, now):
    pro = register(**GOOD, now=now)
    suspend(pro, now=now)
    state = ProState.objects.get(pro=pro)
    assert (pro.status, state.approved, state.rev) == ("suspended", False, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "\u200b\u200b"}, "name"),
        ({"name": "\x00"}, "name"),
        ({"zip": "٦٠٦١٤"}, "zip"),
        ({"phone": "+44 20 7123 4567"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"place": "x" * 81}, "place"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"zone": "\x00"}, "zone"),
        ({"budget": 9_999}, "budget"),
        ({"budget": None}, "budget"),
        ({"budget": 10**30}, "budget"),
        ({"day_cap": 0}, "day_cap"),
        ({"week_cap": -1}, "week_cap"),
        ({"week_cap": 10**20}, "week_cap"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(marketplace, now, change, field):
    with pytest.raises((BadContact, BadLimit, BadZone)) as refused:
        register(**GOOD | change, now=now)
    assert list(refused.value.fields) == [field] and refused.value.status == 400
    assert not Pro.objects.exists()


def test_the_smallest_budget_is_a_hundred_dollars(marketplace, now):
    assert register(**GOOD | {"budget": 10_000}, now=now)


def test_where_budgets_are_optional_none_is_one(opt_in, now):
    assert ProState.objects.get(pro=register(**GOOD | {"budget": None}, now=now)).budget is None


def test_a_file_joins_once(marketplace, now, django_assert_num_queries):
    rows = [NewPro(**GOOD, source_key=f"TGC{number}") for number in range(50)]
    with django_assert_num_queries(4):  # the policy, which keys are known, pros, states
        pros = register_many(rows, now=now)
    assert [pro.source_key for pro in pros] == [row.source_key for row in rows]
    assert ProState.objects.filter(pro__in=pros).count() == 50
    again = register_many([*rows, NewPro(**GOOD, source_key="TGC50"), NewPro(**GOOD, source_key="TGC50")], now=now)
    assert [pro.source_key for pro in again] == ["TGC50"]
    assert Pro.objects.count() == 51


def test_a_bad_row_is_named_and_nothing_is_written(marketplace, now):
    with pytest.raises(Refusal) as refused:
        register_many([NewPro(**GOOD), NewPro(**GOOD | {"name": ""})], now=now)
    assert refused.value.row == 1 and not Pro.objects.exists()


def test_the_same_source_key_registers_once(marketplace, now):
    register(**GOOD, source_key="TGC1", now=now)
    with pytest.raises(AlreadyRegistered):
        register(**GOOD, source_key="TGC1", now=now)
