"""50 equal pros that accept 50 leads and more each: drawn they get equal parts, by the speed of their thumbs not (RULES 15)."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import ProState
from core.policy import publish
from core.tenancy import scope
from leads import matching, offers
from leads.models import Match, Offer
from leads.policy import OptIn
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member

pytestmark = pytest.mark.endurance
NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
PROS, ACCEPTS = 50, 50


def jain(counts) -> float:
    """1 when all are equal, 1/n when one has everything."""
    return sum(counts) ** 2 / (len(counts) * sum(count * count for count in counts))


def market(fresh, allocation):
    marketplace = fresh("opt_in")
    with scope(marketplace):
        rest = [section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn)]
        publish([*rest, OptIn(allocation=allocation)], now=NOW)
        members = [a_member(a_funded_pro()) for _ in range(PROS)]
        ProState.objects.update(tier=3)  # without buying memberships
    return marketplace, members


@pytest.mark.parametrize(("allocation", "least"), [("draw", 0.98), ("first", 0)])
def test_fifty_equal_pros_get_equal_parts(fresh, allocation, least):
    marketplace, members = market(fresh, allocation)
    chance, accepted, number = random.Random(7), dict.fromkeys((member.pk for member in members), 0), 0
    while min(accepted.values()) < ACCEPTS:
        now, number = NOW + timedelta(hours=number), number + 1
        with scope(marketplace):
            lead = a_lead(now=now, phone="", agreed_sms=False)
            matching.route(lead_id=lead.pk, now=now)
            offered = {offer.pro_id: offer for offer in Offer.objects.filter(lead=lead).select_related("pro")}
            for member in chance.sample(members, PROS // 2):  # those who want it, in the order of their thumbs
                accepted[member.pk] += 1
                try:
                    offer = offered[member.pro_id]
                    offers.accept(offer, by=member, shown_price=offer.price, now=now)
                except offers.OfferTaken:
                    pass
            matching.route(lead_id=lead.pk, now=now + timedelta(minutes=5))
    with scope(marketplace):
        seats = [Match.objects.filter(pro=member.pro_id).count() for member in members]
    assert sum(seats) == 4 * number
    print(f"\n{allocation}: {number} leads, {min(accepted.values())} to {max(accepted.values())} accepts a pro, ", end="")
    print(f"{min(seats)} to {max(seats)} seats, Jain {jain(seats):.4f}")
    assert jain(seats) >= least
