"""Pros who enter and leave a draw, and two workers who hold it, at the same instant: one draw a lead, four seats, no cent lost or kept
(INVARIANTS 1, 5, 6, 13). The controls show what the locks and the guard are for."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError
from django.db.models import F, Sum

from accounts.models import Member, ProState
from billing import reservation, wallet
from billing.models import Charge
from core.policy import publish
from core.tenancy import scope
from leads import draw, lifecycle, matching, offers
from leads.models import Decision, Lead, Match, Offer
from leads.policy import OptIn
from operations.presets import PRESETS
from operations.prove import prove
from tests.factories import a_funded_pro, a_lead, a_member
from tests.races.processes import meeting, race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
DRAW = NOW + timedelta(minutes=5)
PROS, LEADS = 8, 12


def market(fresh, *, entered):
    """A marketplace that draws, with eight pros of the highest tier, and leads that were offered to all; the first `entered` wait."""
    marketplace = fresh("opt_in")
    with scope(marketplace):
        rest = [section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn)]
        publish([*rest, OptIn(allocation="draw")], now=NOW)
        members = [a_member(a_funded_pro()) for _ in range(PROS)]
        ProState.objects.update(tier=3)
        leads = [a_lead(now=NOW, phone="", agreed_sms=False) for _ in range(LEADS)]
        for lead in leads:
            matching.route(lead_id=lead.pk, now=NOW)
            for member in members[:entered]:
                accept(member, lead)
    return marketplace, [member.pk for member in members], leads


def accept(member, lead, *, now=NOW):
    offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro_id)
    return offers.accept(offer, by=member, shown_price=offer.price, now=now)


def answering(marketplace, member_id, leads, answer):
    """What one pro does: give this answer to every lead, one transaction each."""

    def work():
        said = []
        for lead in leads:
            try:
                with scope(marketplace):
                    member = Member.objects.select_related("pro").get(pk=member_id)
                    answer(member, lead)
                    said.append("done")
            except (offers.OfferTaken, offers.NotWaiting, offers.SeatsAreDrawn, wallet.WalletTooLow) as refusal:
                said.append(refusal.code)
        return said

    return work


def leave(member, lead):
    offers.leave_draw(Offer.objects.select_related("pro").get(lead=lead, pro=member.pro_id), by=member, now=DRAW)


def drawing(marketplace, leads):
    """What a worker does that finds all leads due."""

    def work():
        said = []
        for lead in leads:
            try:
                with scope(marketplace):
                    said.append(len(matching.route(lead_id=lead.pk, now=DRAW)))
            except IntegrityError:
                said.append("broken")
        return said

    return work


def test_two_workers_and_those_who_leave_make_one_draw_of_each_lead(fresh):
    marketplace, members, leads = market(fresh, entered=PROS)
    leaving = [answering(marketplace, member, leads, leave) for member in members[6:]]
    accepting = answering(marketplace, members[0], leads, lambda member, lead: accept(member, lead, now=DRAW))
    race([drawing(marketplace, leads), drawing(marketplace, leads), accepting, *leaving])
    with scope(marketplace):
        assert Decision.objects.filter(request__draw=True).count() == LEADS
        assert Match.objects.count() == Charge.objects.count() == 4 * LEADS
        assert not Offer.objects.filter(state="waiting").exists() and not ProState.objects.exclude(reserved=0).exists()
        assert ProState.objects.aggregate(won=Sum("draw_won"))["won"] == 4 * LEADS
        spent = PROS * 1_000_000 - ProState.objects.aggregate(left=Sum("wallet"))["left"]
        assert spent == Charge.objects.aggregate(price=Sum("price"))["price"]
    live = ("membership.tier", "time.in_time", "time.leads_due", "time.messages_due", "contact.due", "credits.due")
    assert [finding.name for finding in prove(marketplace, now=DRAW) if finding.broken and finding.name not in live] == []


def test_control_without_the_locks_on_lead_and_offers_two_workers_draw_twice(fresh, monkeypatch):
    meet = meeting(2)

    def read_only(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead_id)

    def read_together(lead):
        waiting = list(Offer.objects.filter(lead=lead, state="waiting").select_related("terms").order_by("pk"))
        meet()
        return waiting

    marketplace, _members, leads = market(fresh, entered=PROS)
    monkeypatch.setattr(lifecycle, "lock", read_only)
    monkeypatch.setattr(draw, "entrants", read_together)
    broken = ["broken" in said for said in race([drawing(marketplace, leads), drawing(marketplace, leads)])]
    with scope(marketplace):
        assert any(broken) or Decision.objects.filter(request__draw=True).count() > LEADS


def entering_with_money_for_three(marketplace, member_id, leads):
    """Four members of a pro that has the price of three leads and a half."""
    with scope(marketplace):
        pro = Member.objects.select_related("pro").get(pk=member_id).pro
        team = [member_id, *(a_member(pro).pk for _ in range(3))]
        price = Offer.objects.first().price
        ProState.objects.filter(pro=pro).update(wallet=3 * price + price // 2)
    return [answering(marketplace, member, leads[number::4], accept) for number, member in enumerate(team)]


def test_no_more_is_reserved_than_there_is(fresh):
    marketplace, members, leads = market(fresh, entered=0)
    answers = [code for said in race(entering_with_money_for_three(marketplace, members[0], leads)) for code in said]
    assert sorted(answers) == ["done"] * 3 + ["wallet_too_low"] * (LEADS - 3)
    with scope(marketplace):
        assert ProState.objects.filter(pro__members=members[0], reserved__lte=F("wallet")).exists()


def test_control_without_lock_and_guard_more_is_reserved_than_there_is(fresh, monkeypatch):
    marketplace, members, leads = market(fresh, entered=0)
    meet = meeting(4)

    def read_together(pro_ids):
        states = list(ProState.objects.filter(pro_id__in=list(pro_ids)))
        meet()
        return states

    monkeypatch.setattr(offers, "lock_waiting", read_together)
    monkeypatch.setattr(reservation, "RESERVE", reservation.RESERVE.replace(">= %(floor)s", ">= %(floor)s - 1000000"))
    race(entering_with_money_for_three(marketplace, members[0], leads))
    with scope(marketplace):
        assert ProState.objects.filter(pro__members=members[0], reserved__gt=F("wallet")).exists()
