"""The draw: whoever accepts in time has the same chance, whenever it tapped; its fee is reserved (RULES 15, 17; INVARIANTS 6, 13)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import purchase_settings
from accounts.models import Member, ProArea, ProState
from billing import terms, wallet
from billing.models import Charge, Transfer
from billing.policy import Billing
from billing.wallet import WalletTooLow
from core.errors import NotAllowed
from core.events import history
from core.policy import publish, read
from leads import draw, links, matching, offers, withdrawal
from leads.decision import SEAT, decide, thaw
from leads.models import Decision, Lead, Match, Offer
from leads.offers import EarlySeatsTaken, NotWaiting, OfferTaken, SeatsAreDrawn
from leads.policy import OptIn
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member

pytestmark = pytest.mark.django_db
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _drawing(opt_in, now):
    """Every story here happens where seats are drawn."""
    allocate(now=now)


def allocate(*, now, allocation="draw", **changes):
    sections = [section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn)]
    publish([*sections, OptIn(allocation=allocation, **changes)], now=now)


def a_team(tier=3, **changes):
    pro = a_funded_pro(**changes)
    ProState.objects.filter(pro=pro).update(tier=tier)
    return a_member(pro)


def an_offered_lead(*, now, **said) -> Lead:
    return look(a_lead(now=now, **said), now=now)


def look(lead, *, now) -> Lead:
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def offer_to(team, lead=None) -> Offer:
    found = Offer.objects.filter(pro=team.pro_id)
    return (found.filter(lead=lead) if lead else found).get()


def accept(team, *, now, lead=None):
    offer = offer_to(team, lead)
    return offers.accept(offer, by=team, shown_price=offer.price, now=now)


def state_of(team) -> ProState:
    return ProState.objects.get(pro=team.pro_id)


# Waiting


def test_an_accept_before_the_draw_waits_and_its_fee_is_reserved(now):
    team = a_team()
    lead = an_offered_lead(now=now)
    assert (lead.open_to_all_at, lead.draws_at, lead.due_at) == (now, now + 5 * MINUTE, now + 5 * MINUTE)
    price, before = offer_to(team).price, state_of(team).wallet
    assert draw.enters(offer_to(team), lead, 0, policy=read(OptIn), now=now)
    assert accept(team, now=now + MINUTE) is None
    assert (offer_to(team).state, offer_to(team).reserved, offer_to(team).decided_at) == ("waiting", price, now + MINUTE)
    state = state_of(team)
    assert (state.wallet, state.reserved, state.spent) == (before, price, 0)
    assert not Match.objects.exists() and not Charge.objects.exists()
    assert accept(team, now=now + 2 * MINUTE) is None and state_of(team).reserved == price, "said twice, it is one"


def test_what_is_reserved_is_not_spent_elsewhere(now):
    team = a_team()
    first, second = an_offered_lead(now=now), an_offered_lead(now=now)
    price = offer_to(team, first).price
    ProState.objects.filter(pro=team.pro_id).update(wallet=2 * price - 1)
    accept(team, now=now, lead=first)
    with pytest.raises(WalletTooLow):
        accept(team, now=now, lead=second)
    with pytest.raises(WalletTooLow):
        wallet.take_out([team.pro_id], price)
    assert state_of(team).reserved == price


def test_what_is_reserved_counts_against_the_budget(now):
    team = a_team()
    first, second = an_offered_lead(now=now), an_offered_lead(now=now)
    price = offer_to(team, first).price
    ProState.objects.filter(pro=team.pro_id).update(budget=2 * price - 1)
    accept(team, now=now, lead=first)
    with pytest.raises(offers.NoLongerEligible) as refusal:
        accept(team, now=now, lead=second)
    assert refusal.value.rule == "budget"


def test_leaving_the_draw_is_free_and_one_may_come_back(now):
    team, other = a_team(), a_team()
    lead = an_offered_lead(now=now)
    with pytest.raises(NotAllowed):
        offers.leave_draw(offer_to(team), by=other, now=now)
    accept(team, now=now)
    for _ in range(2):
        offers.leave_draw(offer_to(team), by=team, now=now + MINUTE)
    assert offer_to(team).state == "open" and offer_to(team).reserved == state_of(team).reserved == 0
    accept(team, now=now + 2 * MINUTE)
    look(lead, now=lead.draws_at)
    with pytest.raises(NotWaiting):
        offers.leave_draw(offer_to(team), by=team, now=lead.draws_at)
    assert offer_to(team).state == "accepted"


def test_where_there_are_tiers_two_seats_are_sold_early_and_the_rest_is_drawn(now):
    members, others = [a_team(3) for _ in range(3)], [a_team(0) for _ in range(3)]
    lead = an_offered_lead(now=now)
    assert lead.draws_at == now + 20 * MINUTE
    assert accept(members[0], now=now).slot == 1 and accept(members[1], now=now).slot == 2
    assert accept(members[2], now=now + MINUTE) is None, "it need not come back in 15 minutes"
    for team in others:
        assert accept(team, now=now + 19 * MINUTE) is None
    look(lead, now=lead.draws_at)
    assert Match.objects.count() == 4 and Offer.objects.filter(state="taken").count() == 2
    drawn = Decision.objects.get(request__draw=True)
    assert len(drawn.candidates) == 4 and len(drawn.winners) == 2


def test_without_a_draw_early_seats_are_refused_as_before(now):
    allocate(now=now, allocation="first")
    members = [a_team(3) for _ in range(3)]
    a_team(0)
    lead = an_offered_lead(now=now)
    assert lead.draws_at is None
    for team in members[:2]:
        assert accept(team, now=now).slot
    with pytest.raises(EarlySeatsTaken):
        accept(members[2], now=now)


# Drawn


def test_four_of_nine_are_drawn_and_charged_then_and_the_others_read_why(now):
    teams = [a_team() for _ in range(9)]
    lead = an_offered_lead(now=now)
    price, before = offer_to(teams[0]).price, state_of(teams[0]).wallet
    for second, team in enumerate(teams):
        accept(team, now=now + second * SECOND)
    look(lead, now=lead.draws_at)
    assert sorted(Match.objects.values_list("slot", "at")) == [(slot, lead.draws_at) for slot in (1, 2, 3, 4)]
    drawn = set(Match.objects.values_list("pro_id", flat=True))
    for team in teams:
        state, offer = state_of(team), offer_to(team)
        assert state.reserved == offer.reserved == 0 and state.draw_entitled in (SEAT * 4 // 9, SEAT * 4 // 9 + 1)
        if team.pro_id in drawn:
            assert (offer.state, state.wallet, state.draw_won) == ("accepted", before - price, 1)
            assert offer.undo_until == lead.draws_at + 10 * MINUTE
            assert Message.objects.filter(kind="new_lead", recipient=team.subject).exists()
        else:
            assert (offer.state, state.wallet, state.draw_won) == ("taken", before, 0)
            told = Message.objects.get(kind="not_drawn", recipient=team.subject, channel="email").context
            assert told["why"] == "9 pros were in the draw for 4 free seats, and others were drawn."
    assert Charge.objects.count() == Transfer.objects.filter(reference__startswith="charge:").count() == 4
    assert set(ProState.objects.values_list("received", "entitled")) == {(0, 0)}, "AutoMatch owes nobody more or less"
    told = history(lead.pk).get(kind="lead.drawn").data
    assert told["entrants"] == 9 and set(told["pros"]) == drawn and lead.drawn_at == lead.draws_at
    with pytest.raises(OfferTaken):
        accept(next(team for team in teams if team.pro_id not in drawn), now=lead.draws_at)


def test_the_decision_keeps_every_entrant_and_comes_out_the_same_again(now):
    teams = [a_team() for _ in range(8)]
    lead = an_offered_lead(now=now)
    for team in teams:
        accept(team, now=now)
    paused, moved, poor, dear = teams[:4]
    purchase_settings.pause(paused.pro, by=paused, now=now)
    ProArea.objects.filter(pro=moved.pro_id).delete()
    price = offer_to(poor).price
    ProState.objects.filter(pro=poor.pro_id).update(wallet=price - 1)
    Offer.objects.filter(pro=dear.pro_id).update(price=price + 1, reserved=price + 1)
    ProState.objects.filter(pro=dear.pro_id).update(reserved=price + 1)
    look(lead, now=lead.draws_at)
    row = Decision.objects.get(request__draw=True)
    request, candidates, decided = thaw(row)
    assert decide(request, candidates, seed=row.seed) == decided
    codes = {verdict.pro: verdict.code for verdict in decided.verdicts}
    failed = {paused: "paused", moved: "outside_area", poor: "wallet", dear: "price_changed"}
    assert codes == {team.pro_id: failed.get(team, "matched") for team in teams}
    assert {offer_to(team).state for team in failed} == {"expired"} and set(ProState.objects.values_list("reserved", flat=True)) == {0}
    why = {team: Message.objects.get(kind="not_drawn", recipient=team.subject, channel="email").context["why"] for team in failed}
    assert why[paused] == "Your leads were paused at that moment." and why[poor].startswith("Your wallet had $")
    assert [state_of(team).draw_entitled for team in failed] == [0] * 4, "who could not be drawn is owed nothing for it"


def test_over_many_draws_everybody_gets_its_part_by_weight(now):
    light, heavy = [a_team() for _ in range(3)], a_team()
    ProState.objects.filter(pro=heavy.pro_id).update(weight=2)
    for number in range(15):
        at = now + number * HOUR
        lead = an_offered_lead(now=at)
        Lead.objects.filter(pk=lead.pk).update(seats=1)
        for team in (*light, heavy):
            accept(team, now=at, lead=lead)
        look(lead, now=lead.draws_at)
    assert [state_of(team).draw_won for team in light] == [3, 3, 3] and state_of(heavy).draw_won == 6


def test_after_the_draw_the_first_to_accept_has_what_is_left(now):
    first, second, late = a_team(), a_team(), a_team()
    lead = an_offered_lead(now=now)
    accept(first, now=now)
    accept(second, now=now)
    with pytest.raises(SeatsAreDrawn):
        accept(late, now=lead.draws_at)
    look(lead, now=lead.draws_at + 30 * SECOND)
    assert lead.drawn_at == lead.draws_at + 30 * SECOND and Match.objects.count() == 2
    assert accept(late, now=lead.draws_at + MINUTE).slot == 3
    look(lead, now=lead.draws_at + 2 * MINUTE)
    assert Decision.objects.filter(request__draw=True).count() == 1, "one draw a lead"


def test_a_draw_nobody_entered_is_no_decision(now):
    team = a_team()
    lead = an_offered_lead(now=now)
    look(lead, now=lead.draws_at)
    assert lead.drawn_at == lead.draws_at and not Decision.objects.filter(request__draw=True).exists()
    assert accept(team, now=lead.draws_at).slot == 1


def test_a_seat_given_back_is_offered_to_those_who_were_not_drawn(now):
    teams = [a_team() for _ in range(6)]
    lead = an_offered_lead(now=now)
    for team in teams:
        accept(team, now=now)
    look(lead, now=lead.draws_at)
    match = Match.objects.get(slot=2)
    owner = Member.objects.get(pro=match.pro_id)
    offers.undo(match, by=owner, now=lead.draws_at + MINUTE)
    look(lead, now=lead.draws_at + MINUTE)
    again = [team for team in teams if offer_to(team).round == 2]
    assert len(again) == 2 and {offer_to(team).state for team in again} == {"open"}
    assert accept(again[0], now=lead.draws_at + 2 * MINUTE).slot == 2
    with pytest.raises(OfferTaken):
        accept(again[1], now=lead.draws_at + 2 * MINUTE)


def test_withdrawn_or_ended_before_the_draw_everything_is_free_again(now):
    team = a_team()
    lead = an_offered_lead(now=now)
    accept(team, now=now)
    withdrawal.stop_all_contact(links.lead_of(links.token(lead)), now=now + MINUTE)
    assert (offer_to(team).state, offer_to(team).reserved, state_of(team).reserved) == ("withdrawn", 0, 0)
    told = Message.objects.get(kind="not_drawn", channel="email")
    assert told.context["why"] == "The homeowner withdrew the request." and told.state == "queued"


def test_all_seats_sold_early_nobody_is_drawn_and_everybody_who_waited_is_told(now):
    allocate(now=now, early_seats=4)
    members = [a_team(3) for _ in range(5)]
    a_team(0)
    lead = an_offered_lead(now=now)
    for team in members[:2]:
        accept(team, now=now)
    allocate(now=now, early_seats=2)
    accept(members[2], now=now)
    allocate(now=now, early_seats=4)
    for team in members[3:]:
        accept(team, now=now)
    look(lead, now=lead.draws_at)
    assert offer_to(members[2]).state == "taken" and state_of(members[2]).reserved == 0
    assert Message.objects.get(kind="not_drawn", channel="email").context["why"] == "All seats were taken before the draw."


def test_terms_that_change_meanwhile_are_for_later_leads(now):
    early = a_team(3)
    a_team(0)
    lead = an_offered_lead(now=now)
    terms.publish(now=now, pricing="percent", basis_points=200, claim_seconds=259_200)
    late = a_team(0)
    look(lead, now=lead.due_at)
    assert offer_to(late).price == offer_to(early).price and offer_to(late).terms_id == offer_to(early).terms_id


def test_test_traffic_reserves_and_counts_nothing(now):
    team = a_team(test=True)
    lead = an_offered_lead(now=now, test=True)
    accept(team, now=now)
    assert state_of(team).reserved == 0
    look(lead, now=lead.draws_at)
    assert Match.objects.get().test and (state_of(team).draw_entitled, state_of(team).draw_won) == (0, 0)


def test_where_pros_are_billed_later_the_budget_is_reserved(now):
    team = a_team()
    sections = [section for section in PRESETS["opt_in"].sections if not isinstance(section, OptIn | Billing)]
    publish([*sections, OptIn(allocation="draw"), Billing()], now=now)
    ProState.objects.filter(pro=team.pro_id).update(wallet=0)
    lead = an_offered_lead(now=now)
    price = offer_to(team).price
    ProState.objects.filter(pro=team.pro_id).update(budget=price)
    accept(team, now=now)
    assert state_of(team).reserved == price
    look(lead, now=lead.draws_at)
    assert (state_of(team).reserved, state_of(team).spent) == (0, price)
    assert Transfer.objects.exclude(charge=None).get().debit.kind == "receivable"


def test_fifty_entrants_take_no_more_statements_than_five(now):
    counts = []
    for more in (5, 45):
        teams = [a_team() for _ in range(more)]
        lead = an_offered_lead(now=now)
        for team in teams:
            accept(team, now=now, lead=lead)
        with CaptureQueriesContext(connection) as statements:
            look(lead, now=lead.draws_at)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_lead_that_closes_before_its_draw_is_first_to_accept(now):
    team = a_team()
    lead = a_lead(now=now)
    Lead.objects.filter(pk=lead.pk).update(closes_at=now + 5 * MINUTE)
    look(lead, now=now)
    assert lead.draws_at is None
    assert accept(team, now=now).slot == 1
