"""A pro buys Platinum, is told at once, goes down to Silver, and is told at once until the month is over (RULES 2, 15)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import ProState
from billing import membership, renewal
from billing.queries import membership_of
from leads import matching, offers
from leads.models import Lead, Match, Offer
from notifications.models import Message
from tests.factories import a_funded_pro, a_lead, a_member, a_membership

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SILVER, PLATINUM = 1, 3
END = datetime(2026, 6, 20, 17, 0, tzinfo=UTC)  # a month after NOON


def an_offered_lead(now) -> Lead:
    lead = a_lead(now=now)
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def told_after(member, lead) -> int:
    """After how many minutes the pro was told of the lead and could accept it."""
    offer = Offer.objects.get(lead=lead, pro=member.pro_id)
    notices = Message.objects.filter(kind="new_offer", subject=str(offer.pk), recipient=member.subject)
    assert {notice.due_at for notice in notices} == {offer.opens_at}
    return (offer.opens_at - lead.submitted_at) // MINUTE


def move(now):
    for pk in renewal.due_memberships(now=now, limit=9):
        renewal.look(pk, now=now)


def change(member, tier, now):
    held = membership_of(member.pro)
    price = membership.cost(member.pro, held, tier, now=now)
    return membership.change(member.pro, tier, seen=held.stamp, shown=price, by=member, now=now)


def test_told_at_once_until_the_paid_month_is_over(opt_in, now):
    pro, without = a_member(a_funded_pro()), a_member(a_funded_pro())
    assert told_after(pro, an_offered_lead(now)) == 15
    a_membership(pro, PLATINUM, now=now)
    first = an_offered_lead(now + 2 * MINUTE)
    assert (told_after(pro, first), told_after(without, first)) == (0, 15)

    change(pro, SILVER, now + 10 * DAY)
    for at in (now + 11 * DAY, END - MINUTE):
        move(at)
        assert told_after(pro, an_offered_lead(at)) == 0, "Platinum is paid until then"
    move(END)
    after = an_offered_lead(END + MINUTE)
    assert (told_after(pro, after), told_after(without, after)) == (10, 15)
    assert membership_of(pro.pro).tier == SILVER

    membership.cancel(pro.pro, by=pro, now=END + DAY)
    move(END + 31 * DAY)
    last = an_offered_lead(END + 31 * DAY)
    assert told_after(pro, last) == told_after(without, last) == 15


def test_after_the_last_head_start_everybody_sees_the_offer_and_can_accept(opt_in, now):
    members = [a_member(a_funded_pro()) for _ in range(3)]
    without = [a_member(a_funded_pro()) for _ in range(2)]
    for tier, member in enumerate(members, start=1):
        a_membership(member, tier, now=now)
    lead = an_offered_lead(now)
    assert sorted(told_after(each, lead) for each in members + without) == [0, 5, 10, 15, 15]
    for member in members[1:]:
        accept(member, lead, now + 5 * MINUTE)
    with pytest.raises(offers.EarlySeatsTaken):
        accept(members[0], lead, now + 14 * MINUTE)
    assert lead.open_to_all_at == now + 15 * MINUTE
    for member in without:
        accept(member, lead, now + 15 * MINUTE)
    assert set(Match.objects.filter(lead=lead).values_list("pro_id", flat=True)) >= {member.pro_id for member in without}
    assert len(set(Match.objects.filter(lead=lead).values_list("price", flat=True))) == 1, "the price is the same for all"
    assert ProState.objects.filter(tier=0).count() == 2


def accept(member, lead, now):
    offer = Offer.objects.get(lead=lead, pro=member.pro_id)
    return offers.accept(offer, by=member, shown_price=offer.price, now=now)
