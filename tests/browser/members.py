"""Pros of hearthline without a membership, with one, and with one that will be lower."""

from datetime import timedelta

from accounts.models import Member, Pro, User
from billing import membership
from billing.queries import membership_of
from core.models import Marketplace
from core.tenancy import scope
from tests.factories import a_funded_pro, a_member, a_membership


def make(market, now):
    begun = now - timedelta(days=12)
    with scope(Marketplace.objects.get(slug="hearthline")):
        manager = User.objects.create_user("nadia@hearthline.example", "x", name="Nadia Flores", phone="+15125550180", is_staff=True)
        for who, name, cents in (
            ("outsider", "Barton Creek Plumbing", 9_000),
            ("gold", "Mueller Pipe Works", 90_000),
            ("leaving gold", "Zilker Rooter", 90_000),
        ):
            market.members[who] = a_member(a_funded_pro(name, cents=cents, now=begun), now=begun)
        Pro.objects.update(account_manager=manager)
        market.members["gold's helper"] = a_member(market.members["gold"].pro, role=Member.Role.MEMBER, now=begun)
        a_membership(market.members["gold"], 1, now=begun)
        held = membership_of(market.members["gold"].pro)
        price = membership.cost(held.pro, held, 2, now=begun + timedelta(days=3))
        membership.change(held.pro, 2, seen=held.stamp, shown=price, by=market.members["gold"], now=begun + timedelta(days=3))
        leaving = market.members["leaving gold"]
        a_membership(leaving, 3, now=begun)
        membership.cancel(leaving.pro, by=leaving, now=begun + timedelta(days=1))
