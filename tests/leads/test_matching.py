"""A homeowner's request reaches up to four pros (RULES 10, 13, 16-18)."""

from datetime import timedelta

import pytest

from accounts.models import ProState
from billing.models import Charge, Transfer
from core.tenancy import scope
from leads import lifecycle, matching
from leads.decision import decide, thaw
from leads.models import Decision, Lead, Match
from notifications.models import Message
from tests.factories import a_lead, a_matched_lead, a_member, a_pro

pytestmark = pytest.mark.django_db


def test_six_pros_could_do_it_and_four_get_it(marketplace, now):
    for _ in range(6):
        a_member(a_pro())
    lead = a_matched_lead(now=now)

    matches = Match.objects.filter(lead=lead).order_by("slot")
    assert [match.slot for match in matches] == [1, 2, 3, 4]
    assert (lead.state, lead.outcome, lead.ended_at) == (Lead.State.CLOSED, Lead.Outcome.FILLED, now)
    assert Charge.objects.count() == Transfer.objects.count() == 4
    assert {transfer.reference for transfer in Transfer.objects.all()} == {f"charge:{match.pk}" for match in matches}
    assert ProState.objects.filter(received=1).count() == 4
    assert Message.objects.filter(kind="new_lead").count() == 4
    decision = Decision.objects.get()
    assert sum(decision.share) == 4_000_000 and len(decision.eligible) == 6
    codes = sorted(code for _pro, code, _have, _need in decision.verdicts)
    assert codes == ["matched"] * 4 + ["ranked_lower"] * 2


def test_a_decision_decided_again_is_identical(marketplace, now):
    for _ in range(6):
        a_pro()
    a_matched_lead(now=now)
    request, candidates, decided = thaw(Decision.objects.get())
    assert decide(request, candidates, seed=Decision.objects.get().seed) == decided


def test_three_pros_leave_one_seat_open_until_a_fourth_comes(marketplace, now):
    for _ in range(3):
        a_pro()
    lead = a_matched_lead(now=now)
    assert (lead.state, lead.due_at) == (Lead.State.OPEN, now + timedelta(minutes=5))

    a_pro()
    matching.route(lead_id=lead.pk, now=now + timedelta(minutes=5))
    lead.refresh_from_db()
    assert lead.outcome == Lead.Outcome.FILLED
    assert Match.objects.filter(lead=lead).count() == 4


def test_nobody_came_in_72_hours(marketplace, now):
    lead = a_matched_lead(now=now)
    assert (lead.closes_at - lead.submitted_at).total_seconds() == 259_200
    matching.route(lead_id=lead.pk, now=now + timedelta(hours=73))
    lead.refresh_from_db()
    assert (lead.outcome, lead.ended_at) == (Lead.Outcome.UNFILLED, lead.closes_at)


def test_where_nobody_offers_the_service_leads_wait_for_their_next_time_all_at_once(marketplace, now, django_assert_num_queries):
    alone, another = a_matched_lead(now=now), a_matched_lead(now=now)
    with django_assert_num_queries(2):
        lifecycle.put_off(now=now + timedelta(minutes=5))
    for lead in (alone, another):
        lead.refresh_from_db()
        assert (lead.attempts, lead.due_at) == (2, now + timedelta(minutes=5 + 15))

    lifecycle.put_off(now=now + timedelta(days=4))
    alone.refresh_from_db()
    assert (alone.state, alone.due_at) == (Lead.State.OPEN, alone.closes_at), "the last look is a look of its own"
    matching.route(lead_id=alone.pk, now=alone.closes_at)
    alone.refresh_from_db()
    assert alone.outcome == Lead.Outcome.UNFILLED


def test_nothing_is_put_off_that_a_pro_could_take_or_nobody_looked_at(marketplace, now):
    waiting = a_matched_lead(now=now)
    fresh = a_lead(now=now, service="tree-removal")
    a_pro()
    for lead in (waiting, fresh):
        lead.refresh_from_db()
        before = lead.attempts, lead.due_at
        lifecycle.put_off(now=now + timedelta(days=1))
        lead.refresh_from_db()
        assert (lead.attempts, lead.due_at) == before


def test_four_seats_cost_at_most_24_statements(marketplace, now, django_assert_max_num_queries):
    for _ in range(30):
        a_member(a_pro(), phone="+13125550142")
    a_matched_lead(now=now)
    lead = a_lead(now=now)
    with django_assert_max_num_queries(24), scope(marketplace):
        matching.route(lead_id=lead.pk, now=now)
    assert Match.objects.filter(lead=lead).count() == 4
