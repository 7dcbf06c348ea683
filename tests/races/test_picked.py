"""Two open pages that pick, and pros who accept what everybody was offered, at the same instant: seats sold and seats held are never five
(INVARIANTS 1). The control shows that without the lock on the lead they are."""

from dataclasses import replace
from datetime import UTC, datetime

from django.db import IntegrityError

from accounts.models import Member, ProState
from core.policy import publish
from core.tenancy import scope
from leads import choice, lifecycle, matching, offers
from leads.models import Lead, Match, Offer
from leads.policy import Leads
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member
from tests.races.processes import race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
LEADS = 12


def market(fresh):
    """A marketplace where homeowners choose and pros opt in: one pro holds a seat of each lead, the others were offered what is left."""
    marketplace = fresh("opt_in")
    with scope(marketplace):
        both = [replace(one, lead_types=("choice", "opt_in")) if isinstance(one, Leads) else one for one in PRESETS["opt_in"].sections]
        publish(both, now=NOW)
        members = [a_member(a_funded_pro()) for _ in range(8)]
        ProState.objects.update(tier=3)
        leads = [a_lead(now=NOW, way="choose", phone="", agreed_sms=False) for _ in range(LEADS)]
        for lead in leads:
            choice.choose(lead, [members[0].pro_id], fill=True, now=NOW)
            matching.route(lead_id=lead.pk, now=NOW)
    return marketplace, members, leads


def jobs(marketplace, members, leads):
    """Two pages that pick two pros each, none the same, and three pros who accept."""

    def page(picks):
        return lambda lead: choice.choose(lead, picks, fill=True, now=NOW)

    def pro(member_id):
        def accept(lead):
            member = Member.objects.select_related("pro").get(pk=member_id)
            offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro_id)
            offers.accept(offer, by=member, shown_price=offer.price, now=NOW)

        return accept

    def each(act):
        def work():
            said = []
            for lead in leads:
                try:
                    with scope(marketplace):
                        act(lead)
                        said.append("done")
                except (choice.TooManyPicked, choice.PickGone, offers.OfferTaken) as refusal:
                    said.append(refusal.code)
                except IntegrityError:
                    said.append("broken")
            return said

        return work

    pros = [member.pro_id for member in members]
    return [each(page(pros[1:3])), each(page(pros[3:5])), *(each(pro(member.pk)) for member in members[5:])]


def seats_of(lead) -> list:
    held = list(Offer.objects.filter(lead=lead, slot__isnull=False).values_list("slot", flat=True))
    return sorted([*held, *Match.objects.filter(lead=lead).values_list("slot", flat=True)])


def test_held_and_sold_seats_are_never_five(fresh):
    marketplace, members, leads = market(fresh)
    for said in race(jobs(marketplace, members, leads)):
        assert "broken" not in said
    with scope(marketplace):
        for lead in leads:
            assert seats_of(lead) in ([1, 2, 3], [1, 2, 3, 4])


def test_control_without_the_lock_on_the_lead_a_held_seat_is_sold(fresh, monkeypatch):
    def read_only(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead_id)

    marketplace, members, leads = market(fresh)
    monkeypatch.setattr(lifecycle, "lock", read_only)
    broken = ["broken" in said for said in race(jobs(marketplace, members, leads))]
    with scope(marketplace):
        assert any(broken) or any(len(seats_of(lead)) > len(set(seats_of(lead))) for lead in leads)
