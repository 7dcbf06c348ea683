"""Eight pros tap "Accept" at the same instant: four have a seat and pay, four read "taken" (INVARIANTS 1, 2, 13).

The controls show that without the lock on the lead they run into each other, and that without lock and guard a wallet pays what it has not.
"""

from datetime import UTC, datetime

from django.db import IntegrityError

from accounts.models import Member, ProState
from billing import wallet
from billing.models import Charge, Transfer
from core.tenancy import scope
from leads import lifecycle, matching, offers
from leads.models import Lead, Match, Offer
from tests.factories import a_funded_pro, a_lead, a_member
from tests.races.processes import meeting, race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
PROS, LEADS = 8, 12


def market(fresh, *, funds=1_000_000):
    """A marketplace with eight pros of the highest tier, and leads that were offered to all of them."""
    marketplace = fresh("opt_in")
    with scope(marketplace):
        members = [a_member(a_funded_pro(cents=funds)).pk for _ in range(PROS)]
        ProState.objects.update(tier=3)
        leads = [a_lead(now=NOW, phone="", agreed_sms=False) for _ in range(LEADS)]
        for lead in leads:
            matching.route(lead_id=lead.pk, now=NOW)
        assert Offer.objects.count() == PROS * LEADS
    return marketplace, members, leads


def accepting(marketplace, member_id, leads):
    """What one pro does: accept every lead, one transaction each."""

    def work():
        said = []
        for lead in leads:
            try:
                with scope(marketplace):
                    member = Member.objects.select_related("pro").get(pk=member_id)
                    offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro_id)
                    offers.accept(offer, by=member, shown_price=offer.price, now=NOW)
                    said.append("seat")
            except (offers.OfferTaken, wallet.WalletTooLow) as refusal:
                said.append(refusal.code)
            except IntegrityError:
                said.append("broken")
        return said

    return work


def test_eight_accept_one_offer_four_have_it_and_four_are_told(fresh):
    marketplace, members, leads = market(fresh)
    answers = race([accepting(marketplace, member, leads) for member in members])
    for said in zip(*answers, strict=True):
        assert sorted(said) == ["offer_taken"] * 4 + ["seat"] * 4
    with scope(marketplace):
        for lead in leads:
            assert sorted(Match.objects.filter(lead=lead).values_list("slot", flat=True)) == [1, 2, 3, 4]
            assert Lead.objects.get(pk=lead.pk).state == Lead.State.OPEN, "an accept may still be undone"
        assert Charge.objects.count() == Transfer.objects.filter(reference__startswith="charge:").count() == 4 * LEADS
        assert Offer.objects.filter(state="accepted").count() == 4 * LEADS


def test_control_without_the_lock_on_the_lead_they_run_into_each_other(fresh, monkeypatch):
    def read_only(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead_id)

    marketplace, members, leads = market(fresh)
    monkeypatch.setattr(lifecycle, "lock", read_only)
    answers = race([accepting(marketplace, member, leads) for member in members])
    assert any("broken" in said for said in answers)


def twice(marketplace, member_id, leads):
    """One pro with eight telephones."""
    return [accepting(marketplace, member_id, leads) for _ in range(PROS)]


def test_eight_taps_of_one_pro_are_one_seat(fresh):
    marketplace, members, leads = market(fresh)
    for said in race(twice(marketplace, members[0], leads)):
        assert set(said) == {"seat"}
    with scope(marketplace):
        assert Match.objects.count() == Charge.objects.count() == LEADS


def with_money_for_three(marketplace, member_id) -> tuple[int, int]:
    """Leave the pro of this member the price of three leads and a half; returns its id and half of the price."""
    with scope(marketplace):
        price = Offer.objects.first().price
        state = ProState.objects.get(pro__members=member_id)
        wallet.put_in(state.pro_id, 3 * price + price // 2 - state.wallet)
    return state.pro_id, price // 2


def on_four_telephones(marketplace, member_id, leads):
    """Four members of one pro, since what a member does is done one after the other."""
    with scope(marketplace):
        pro = Member.objects.select_related("pro").get(pk=member_id).pro
        team = [member_id, *(a_member(pro).pk for _ in range(3))]
    return [accepting(marketplace, member, leads[number::4]) for number, member in enumerate(team)]


def left_of(marketplace, pro_id) -> int:
    with scope(marketplace):
        return ProState.objects.get(pro=pro_id).wallet


def test_a_wallet_pays_for_as_many_as_it_can_and_no_more(fresh):
    marketplace, members, leads = market(fresh)
    pro, half = with_money_for_three(marketplace, members[0])
    answers = [code for said in race(on_four_telephones(marketplace, members[0], leads)) for code in said]
    assert sorted(answers) == ["seat"] * 3 + ["wallet_too_low"] * (LEADS - 3)
    assert left_of(marketplace, pro) == half


def read_unlocked(pro_ids):
    return list(ProState.objects.filter(pro_id__in=list(pro_ids)))


def test_the_guard_of_the_wallet_holds_without_the_lock_too(fresh, monkeypatch):
    marketplace, members, leads = market(fresh)
    pro, half = with_money_for_three(marketplace, members[0])
    monkeypatch.setattr(offers, "lock_waiting", read_unlocked)
    answers = [code for said in race(on_four_telephones(marketplace, members[0], leads)) for code in said]
    assert answers.count("seat") == 3 and left_of(marketplace, pro) == half


def test_control_without_lock_and_guard_a_wallet_pays_what_it_has_not(fresh, monkeypatch):
    marketplace, members, leads = market(fresh)
    pro, _half = with_money_for_three(marketplace, members[0])
    meet = meeting(4)

    def read_together(pro_ids):
        states = read_unlocked(pro_ids)
        meet()
        return states

    monkeypatch.setattr(offers, "lock_waiting", read_together)
    monkeypatch.setattr(wallet, "TAKE_OUT", wallet.TAKE_OUT.replace(">= %(floor)s", ">= %(floor)s - 1000000"))
    race(on_four_telephones(marketplace, members[0], leads))
    assert left_of(marketplace, pro) < 0
