"""Offers: everybody of a tier is told at the same instant, and whoever accepts in time has the seat (RULES 15, 16, 18, 28-30, 32)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import purchase_settings
from accounts.models import Member, ProArea, ProState
from billing import terms
from billing.models import Charge, Transfer
from billing.wallet import WalletTooLow
from contact.models import Line
from core.errors import NotAllowed
from core.events import history
from core.policy import publish
from leads import links, matching, offers, queries, withdrawal
from leads.decision import decide, thaw
from leads.models import ConsentName, Decision, Lead, Match, Offer
from leads.offers import (
    DetailsOpened,
    EarlySeatsTaken,
    NoLongerEligible,
    NotYetOpen,
    OfferAnswered,
    OfferExpired,
    OfferTaken,
    OfferWithdrawn,
    PriceChanged,
    ReasonMissing,
    UndoOver,
)
from leads.opening import open_match
from leads.policy import Leads, OptIn
from leads.tasks import route_due
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member, a_pro

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _hearthline(opt_in):
    """Every story here happens where pros opt in."""


def an_offered_lead(*, now, **said) -> Lead:
    return look(a_lead(now=now, **said), now=now)


def look(lead, *, now) -> Lead:
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def a_team(tier=0, **changes):
    """The owner of a pro that can pay, of this tier."""
    pro = a_funded_pro(**changes)
    ProState.objects.filter(pro=pro).update(tier=tier)
    return a_member(pro)


def offer_to(member, lead=None) -> Offer:
    found = Offer.objects.filter(pro=member.pro_id)
    return (found.filter(lead=lead) if lead else found).get()


def accept(member, *, now, lead=None, price=None) -> Match:
    offer = offer_to(member, lead)
    return offers.accept(offer, by=member, shown_price=offer.price if price is None else price, now=now)


def wallet_of(member) -> int:
    return ProState.objects.get(pro=member.pro_id).wallet


# Released


def test_every_qualified_pro_is_offered_it_and_nobody_is_charged(now):
    teams = [a_team() for _ in range(6)]
    paused = a_team()
    purchase_settings.pause(paused.pro, by=paused, now=now)
    lead = an_offered_lead(now=now)
    assert set(Offer.objects.values_list("pro_id", flat=True)) == {team.pro_id for team in teams}
    assert not Match.objects.exists() and not Charge.objects.exists() and not ConsentName.objects.exists()
    assert (lead.state, lead.offered_at, lead.open_to_all_at) == (Lead.State.OPEN, now, now + 15 * MINUTE)
    row = Decision.objects.get()
    codes = {pro: code for pro, code, _have, _need in row.verdicts}
    assert codes == {team.pro_id: "offered" for team in teams} | {paused.pro_id: "paused"}
    assert row.folded and row.winners == [] and set(row.share) == {0}


def test_a_decision_to_offer_comes_out_the_same_again(now):
    for _ in range(4):
        a_team()
    an_offered_lead(now=now)
    row = Decision.objects.get()
    request, candidates, decided = thaw(row)
    assert decide(request, candidates, seed=row.seed) == decided


def test_the_price_is_one_percent_of_the_job(now):
    a_team()
    lead = an_offered_lead(now=now)
    offer = Offer.objects.get()
    assert (offer.price, offer.estimate) == ((lead.estimate * 100 + 5_000) // 10_000, lead.estimate)


def test_a_higher_tier_is_told_earlier_and_everybody_of_a_tier_at_once(now):
    by_tier = {tier: [a_team(tier) for _ in range(2)] for tier in range(4)}
    an_offered_lead(now=now)
    for tier, delay in ((3, 0), (2, 5), (1, 10), (0, 15)):
        for team in by_tier[tier]:
            offer, at = offer_to(team), now + delay * MINUTE
            assert (offer.tier, offer.opens_at, offer.expires_at) == (tier, at, at + 4 * HOUR)
            told = Message.objects.filter(kind="new_offer", recipient=team.subject)
            assert told and {message.due_at for message in told} == {at}
            assert not queries.offers_for(team.pro, now=at - SECOND).exists() and queries.offers_for(team.pro, now=at).get() == offer
            if delay:
                with pytest.raises(NotYetOpen) as refusal:
                    accept(team, now=at - SECOND)
                assert refusal.value.at == at


def test_an_offer_says_nothing_of_the_person(now):
    a_team()
    lead = an_offered_lead(now=now, name="Quenby Zellweger", email="quenby@homeowners.example")
    said = str(list(Message.objects.filter(kind="new_offer").values_list("context", flat=True)))
    assert lead.homeowner.email not in said and "Quenby" not in said and "Zellweger" not in said


def test_thirty_offers_take_no_more_statements_than_three(now):
    counts = []
    for more, all_of_them in ((3, 3), (27, 30)):
        for _ in range(more):
            a_team()
        lead = a_lead(now=now)
        with CaptureQueriesContext(connection) as statements:
            matching.route(lead_id=lead.pk, now=now)
        counts.append(len(statements))
        assert Offer.objects.filter(lead=lead, opens_at=now + 15 * MINUTE).count() == all_of_them
    assert counts[0] == counts[1]


def test_a_pro_that_becomes_qualified_later_is_asked_then_and_nobody_twice(now):
    early = a_team(3)
    lead = an_offered_lead(now=now)
    late = a_team(0)
    look(lead, now=lead.due_at)
    assert offer_to(late).opens_at == max(lead.offered_at + 15 * MINUTE, now + 5 * MINUTE)
    assert offer_to(early).round == 1 and lead.open_to_all_at == now
    last = a_team(0)
    look(lead, now=now + HOUR)
    assert offer_to(last).opens_at == now + HOUR, "its head start is long over"
    assert Message.objects.filter(kind="new_offer", recipient=early.subject, channel="email").count() == 1


def test_who_can_pay_again_is_offered_the_open_leads_oldest_first(now, opt_in):
    team = a_team(3)
    ProState.objects.filter(pro=team.pro_id).update(wallet=0)
    leads = [an_offered_lead(now=now - minutes * MINUTE) for minutes in (0, 2, 1)]
    assert not Offer.objects.exists()
    ProState.objects.filter(pro=team.pro_id).update(wallet=1_000_000)
    route_due(opt_in, now=now + 5 * MINUTE)
    assert [offer.lead for offer in Offer.objects.order_by("pk")] == [leads[1], leads[2], leads[0]]


# Accepted


def test_one_tap_is_a_seat_a_charge_and_a_line(now):
    team = a_team(3)
    lead = an_offered_lead(now=now)
    price, before = offer_to(team).price, wallet_of(team)
    match = accept(team, now=now + MINUTE)
    assert (match.slot, match.lead_type, match.price, match.code[:3]) == (1, "opt_in", price, "OI-")
    assert wallet_of(team) == before - price
    assert Transfer.objects.get(reference=f"charge:{match.pk}").debit.kind == "wallet"
    assert match.line.is_live and ConsentName.objects.get().name == team.pro.name
    assert Message.objects.filter(kind="introduction").exists()
    assert set(Message.objects.filter(kind="new_lead").values_list("context__lead_type", flat=True)) == {"Opt-in"}
    offer = offer_to(team)
    assert (offer.state, offer.decided_at, offer.undo_until) == ("accepted", now + MINUTE, now + 11 * MINUTE)
    row = Decision.objects.get(pk=match.decision_id)
    request, candidates, decided = thaw(row)
    assert decide(request, candidates, seed=row.seed) == decided and row.winners == [team.pro_id] and row.folded
    assert lead.state == Lead.State.OPEN


def test_a_second_tap_is_the_same_seat(now):
    team = a_team(3)
    an_offered_lead(now=now)
    first = accept(team, now=now)
    assert accept(team, now=now + HOUR) == first
    assert Match.objects.count() == Charge.objects.count() == 1


def test_two_of_four_seats_are_sold_before_everybody_can_accept(now):
    first = [a_team(3) for _ in range(4)]
    other = a_team(0)
    lead = an_offered_lead(now=now)
    for team in first[:2]:
        accept(team, now=now)
    with pytest.raises(EarlySeatsTaken) as refusal:
        accept(first[2], now=now + 14 * MINUTE)
    assert refusal.value.at == lead.open_to_all_at == now + 15 * MINUTE
    accept(other, now=now + 15 * MINUTE)
    accept(first[2], now=now + 15 * MINUTE)
    assert Match.objects.count() == 4


def test_where_all_are_of_one_tier_no_seat_is_held_back(now):
    teams = [a_team(3) for _ in range(4)]
    an_offered_lead(now=now)
    for team in teams:
        accept(team, now=now)
    assert sorted(Match.objects.values_list("slot", flat=True)) == [1, 2, 3, 4]


def test_the_fifth_is_told_taken_and_not_charged(now):
    teams = [a_team(3) for _ in range(5)]
    lead = an_offered_lead(now=now)
    for team in teams[:4]:
        accept(team, now=now)
    before = wallet_of(teams[4])
    with pytest.raises(OfferTaken) as refusal:
        accept(teams[4], now=now)
    assert "Taken" in str(refusal.value) and wallet_of(teams[4]) == before and Charge.objects.count() == 4
    lead.refresh_from_db()
    assert (lead.state, lead.due_at) == (Lead.State.OPEN, now + 10 * MINUTE), "it is filled when nobody can undo any more"
    look(lead, now=now + 10 * MINUTE)
    assert (lead.outcome, offer_to(teams[4]).state) == (Lead.Outcome.FILLED, "taken")
    with pytest.raises(OfferTaken):
        accept(teams[4], now=now + 11 * MINUTE)


def test_a_full_lead_whose_details_were_all_opened_is_filled_at_the_next_look(now):
    teams = [a_team(3) for _ in range(4)]
    lead = an_offered_lead(now=now)
    for team in teams:
        open_match(accept(team, now=now), by=team, now=now)
    assert look(lead, now=now + MINUTE).outcome == Lead.Outcome.FILLED


def test_the_price_shown_is_honoured_when_the_terms_change(now):
    team = a_team(3)
    an_offered_lead(now=now)
    price, shown = offer_to(team).price, offer_to(team).terms_id
    terms.publish(now=now, pricing="percent", basis_points=200, claim_seconds=259_200)
    match = accept(team, now=now + MINUTE)
    assert (match.price, match.terms_id) == (price, shown)


def test_another_price_than_the_one_shown_is_refused_with_the_new_one(now):
    team = a_team(3)
    lead = an_offered_lead(now=now)
    with pytest.raises(PriceChanged) as refusal:
        accept(team, now=now, price=offer_to(team).price - 1)
    assert refusal.value.new == offer_to(team).price
    Lead.objects.filter(pk=lead.pk).update(estimate=lead.estimate * 2)
    with pytest.raises(PriceChanged) as refusal:
        accept(team, now=now)
    assert not Match.objects.exists()
    match = accept(team, now=now, price=refusal.value.new)
    assert match.price == refusal.value.new == offer_to(team).price


def test_who_is_not_eligible_any_more_is_told_why(now):
    paused, elsewhere, poor = (a_team(3) for _ in range(3))
    an_offered_lead(now=now)
    purchase_settings.pause(paused.pro, by=paused, now=now)
    ProArea.objects.filter(pro=elsewhere.pro_id).delete()
    ProState.objects.filter(pro=poor.pro_id).update(wallet=offer_to(poor).price - 1)
    for team, rule in ((paused, "paused"), (elsewhere, "outside_area")):
        with pytest.raises(NoLongerEligible) as refusal:
            accept(team, now=now)
        assert refusal.value.rule == rule
    with pytest.raises(WalletTooLow):
        accept(poor, now=now)
    assert not Match.objects.exists() and not Charge.objects.exists()


def test_only_the_pro_itself_accepts(now):
    team, other = a_team(3), a_team(3)
    an_offered_lead(now=now)
    offer = offer_to(team)
    with pytest.raises(NotAllowed):
        offers.accept(offer, by=other, shown_price=offer.price, now=now)
    Member.objects.filter(pk=team.pk).update(removed_at=now)
    with pytest.raises(NotAllowed):
        accept(team, now=now)


def test_a_test_offer_is_free_and_silent(now):
    team = a_team(3, test=True)
    an_offered_lead(now=now, test=True)
    match = accept(team, now=now)
    assert match.test and match.charge_id is None and set(Message.objects.values_list("state", flat=True)) == {"suppressed"}
    offers.undo(match, by=team, now=now)
    assert not Transfer.objects.filter(reference__startswith="undo").exists()


# Undone


def test_an_accept_is_undone_for_ten_minutes(now):
    team = a_team(3)
    lead = an_offered_lead(now=now)
    before = wallet_of(team)
    match = accept(team, now=now)
    spent = ProState.objects.get(pro=team.pro_id).spent
    offers.undo(match, by=team, now=now + 10 * MINUTE - SECOND)
    offers.undo(match, by=team, now=now + HOUR)
    match.refresh_from_db()
    assert (match.state, match.slot) == ("undone", None) and offer_to(team).state == "undone"
    back = Transfer.objects.get(reference=f"undo:{match.pk}")
    assert back.reverses.reference == f"charge:{match.pk}" and wallet_of(team) == before
    assert ProState.objects.get(pro=team.pro_id).spent == spent - match.price
    assert not Line.objects.get(pk=match.pk).is_live
    assert not Message.objects.filter(kind="new_lead", state="queued").exists()
    with pytest.raises(OfferAnswered):
        accept(team, now=now + 10 * MINUTE)
    look(lead, now=now + 10 * MINUTE)
    assert offer_to(team).state == "undone", "and is not offered again"


def test_ten_minutes_later_or_with_the_details_seen_it_stands(now):
    late, seen = a_team(3), a_team(3)
    an_offered_lead(now=now)
    matches = {team: accept(team, now=now) for team in (late, seen)}
    open_match(matches[seen], by=seen, now=now)
    with pytest.raises(DetailsOpened):
        offers.undo(matches[seen], by=seen, now=now + MINUTE)
    with pytest.raises(UndoOver):
        offers.undo(matches[late], by=late, now=now + 10 * MINUTE)
    assert Match.objects.filter(state="live").count() == 2 and not Transfer.objects.filter(reference__startswith="undo").exists()


def test_the_freed_seat_goes_to_the_fifth_who_is_introduced_too(now):
    teams = [a_team(3) for _ in range(5)]
    lead = an_offered_lead(now=now)
    matches = [accept(team, now=now) for team in teams[:4]]
    offers.undo(matches[1], by=teams[1], now=now + MINUTE)
    match = accept(teams[4], now=now + 2 * MINUTE)
    assert match.slot == 2 and Match.objects.filter(slot__isnull=False).count() == 4
    assert Message.objects.filter(kind="introduction", channel="email").count() == 5
    look(lead, now=now + 12 * MINUTE)
    assert lead.outcome == Lead.Outcome.FILLED


# Declined, expired, withdrawn


def test_declined_is_not_offered_again(now):
    team = a_team(3)
    lead = an_offered_lead(now=now)
    with pytest.raises(ReasonMissing):
        offers.decline(offer_to(team), reason="", by=team, now=now)
    for _ in range(2):
        offers.decline(offer_to(team), reason="price", by=team, now=now + MINUTE)
    assert (offer_to(team).state, offer_to(team).reason) == ("declined", "price")
    assert not queries.offers_for(team.pro, now=now + MINUTE).exists()
    with pytest.raises(OfferAnswered):
        accept(team, now=now + 2 * MINUTE)
    for hours in (1, 5, 9):
        look(lead, now=now + hours * HOUR)
    assert offer_to(team).state == "declined"


def test_after_four_hours_it_moves_on_and_is_offered_once_more(now, opt_in):
    silent = a_team(3)
    lead = an_offered_lead(now=now)
    expiry = offer_to(silent).expires_at
    assert expiry == now + 4 * HOUR
    with pytest.raises(OfferExpired):
        accept(silent, now=expiry)
    for minutes in (5, 20, 50, 110, 170, 230):
        look(lead, now=now + minutes * MINUTE)
    assert lead.due_at == expiry
    new = a_team(3)
    while route_due(opt_in, now=expiry):
        pass
    assert offer_to(new).state == "open"
    again = offer_to(silent)
    assert (again.state, again.round, again.at, again.expires_at) == ("open", 2, expiry, expiry + 4 * HOUR)
    assert Message.objects.filter(kind="new_offer", recipient=silent.subject, channel="email").count() == 2
    look(lead, now=expiry + 4 * HOUR)
    assert offer_to(silent).state == "expired"


def test_offers_of_a_lead_that_nobody_looks_at_expire_too(now, opt_in):
    team = a_team(3)
    lead = an_offered_lead(now=now)
    Lead.objects.filter(pk=lead.pk).update(due_at=lead.closes_at)
    route_due(opt_in, now=now + 4 * HOUR)
    assert (offer_to(team).state, offer_to(team).decided_at) == ("expired", now + 4 * HOUR)


def test_a_lead_nobody_wanted_ends_with_its_reasons(now):
    wanted, declined, nobody = "60614", "60622", "60629"
    silent, unwilling = a_team(3, zips=(wanted,)), a_team(3, zips=(declined,))
    leads = [an_offered_lead(now=now, zip=zip_code) for zip_code in (wanted, declined, nobody)]
    offers.decline(offer_to(unwilling), reason="too_far", by=unwilling, now=now)
    for lead in leads:
        look(lead, now=lead.closes_at)
    assert [lead.outcome for lead in leads] == ["unfilled"] * 3
    assert [lead.outcome_reason for lead in leads] == ["nobody_accepted", "all_declined", "no_more_pros_in_time"]
    told = history(leads[1].pk).get(kind="lead.closed").data
    assert told["offers"] == {"declined": 1} and told["declined"] == {"too_far": 1}
    assert offer_to(silent).state == "expired"


def test_a_withdrawn_request_is_offered_to_nobody(now):
    team, later = a_team(3), a_team(0)
    lead = an_offered_lead(now=now)
    withdrawal.stop_all_contact(links.lead_of(links.token(lead)), now=now + MINUTE)
    assert offer_to(team).state == offer_to(later).state == "withdrawn"
    assert set(Message.objects.filter(kind="new_offer").values_list("state", flat=True)) == {"cancelled"}
    with pytest.raises(OfferWithdrawn):
        accept(team, now=now + 2 * MINUTE)


# Other operators


def test_one_policy_row_gives_what_automatch_left_free_to_whoever_accepts(now):
    sections = [
        replace(section, lead_types=("automatch", "opt_in"), seats=2) if isinstance(section, Leads) else section
        for section in PRESETS["opt_in"].sections
    ]
    publish(sections, now=now)
    matched, asked = a_team(3), a_team(3)
    purchase_settings.set_automatch(asked.pro, False, by=asked, now=now)
    lead = an_offered_lead(now=now)
    assert Match.objects.get().pro_id == matched.pro_id and Offer.objects.get().pro_id == asked.pro_id
    accept(asked, now=now)
    assert sorted(Match.objects.filter(lead=lead).values_list("lead_type", flat=True)) == ["automatch", "opt_in"]


def test_who_declined_is_not_seated_unasked_where_automatch_comes_back(now):
    """Under a policy with both, AutoMatch has the free seats: silence does not keep a pro out, a no does."""
    busy, silent = a_team(), a_team()
    lead = an_offered_lead(now=now)
    offers.decline(offer_to(busy), reason="busy", by=busy, now=now + 15 * MINUTE)
    both = [replace(each, lead_types=("automatch", "opt_in")) if isinstance(each, Leads) else each for each in PRESETS["opt_in"].sections]
    publish(both, now=now + HOUR)
    look(lead, now=now + 5 * HOUR)
    assert [match.pro_id for match in Match.objects.all()] == [silent.pro_id]
    codes = {pro: code for pro, code, _have, _need in Match.objects.get().decision.verdicts}
    assert codes == {silent.pro_id: "matched", busy.pro_id: "asked_before"}


def test_how_long_and_how_many_are_numbers_of_the_policy(now):
    publish([*(section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn)),
             OptIn(delays=(60, 0), early_seats=1, offer_seconds=600, undo_seconds=60, again=0)], now=now)  # fmt: skip
    first, second, slow = a_team(1), a_team(1), a_team(0)
    lead = an_offered_lead(now=now)
    match = accept(first, now=now)
    with pytest.raises(EarlySeatsTaken):
        accept(second, now=now)
    assert offer_to(slow).opens_at == now + MINUTE and offer_to(slow).expires_at == now + 11 * MINUTE
    with pytest.raises(UndoOver):
        offers.undo(match, by=first, now=now + MINUTE)
    look(lead, now=now + 30 * MINUTE)
    assert offer_to(slow).state == "expired" and offer_to(slow).round == 1


def test_without_a_budget_cap_a_pro_that_cannot_pay_is_not_asked(now):
    a_member(a_pro(budget=None))
    an_offered_lead(now=now)
    assert not Offer.objects.exists()
    assert [verdict[1] for verdict in Decision.objects.get().verdicts] == ["wallet"]
