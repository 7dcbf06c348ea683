"""A worker that slept: what invites to something that is over is not sent any more, everything else still is (RULES 43)."""

from datetime import timedelta

import pytest

from accounts.models import ProState
from leads import matching, phone_check
from leads.tasks import route_due
from notifications import delivery
from notifications.models import Message
from tests.factories import a_funded_pro, a_lead, a_member

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def states(kind) -> set:
    return set(Message.objects.filter(kind=kind).values_list("state", "reason"))


@pytest.fixture
def lead(opt_in, now):
    """A request that was offered to one pro, with the notices of that on their way."""
    a_member(a_funded_pro())
    ProState.objects.update(tier=3)
    lead = a_lead(now=now, agreed_sms=False)
    matching.route(lead_id=lead.pk, now=now)
    return lead


@pytest.mark.parametrize(("late", "sent"), [(-SECOND, True), (0 * SECOND, False), (3 * DAY, False)])
def test_an_offer_that_has_expired_is_not_told_of_any_more(opt_in, lead, late, sent, now):
    delivery.drain(opt_in, now=now + 4 * HOUR + late)
    assert (("cancelled", "too late") in states("new_offer")) is not sent
    assert states("request_received") == {("accepted", "")}


def test_after_three_days_of_sleep_the_sweeps_wake_in_any_order(opt_in, lead, now):
    route_due(opt_in, now=now + 3 * DAY)
    lead.refresh_from_db()
    assert (lead.outcome, lead.ended_at) == ("unfilled", lead.closes_at)
    delivery.drain(opt_in, now=now + 3 * DAY)
    assert {state for state, _reason in states("new_offer")} == {"cancelled"}


def test_a_code_that_is_not_good_any_more_is_not_texted_and_is_forgotten(opt_in, now):
    draft = a_lead(now=now, source="form")
    phone_check.send(draft, now=now)
    delivery.drain(opt_in, now=now + 10 * MINUTE)
    assert states("phone_code") == {("cancelled", "too late")}
    assert "code" not in Message.objects.get(kind="phone_code").context
