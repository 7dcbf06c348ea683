"""Three ways to a seat, and what else may happen to a lead meanwhile: it ends once, in time, with the outcome of its seats (RULES 18)."""

from datetime import timedelta

import pytest

from accounts.models import Member, ProState
from billing import terms
from billing.policy import Billing
from core.events import history
from core.policy import publish
from credits import requests, review, stopping
from leads import choice, draw, hiring, matching, offers, phone_check, replacing, withdrawal
from leads.choice import ChoosingOver
from leads.models import Lead, Match, Offer
from leads.offers import OfferExpired
from leads.policy import Leads, OptIn
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member, a_pro, a_staff_user

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _hearthline(opt_in):
    """Every story here happens where pros opt in, if not said otherwise."""


def allow(*sections, now):
    """The preset, with these sections in the place of its own."""
    changed = {section.name for section in sections}
    publish([*(one for one in PRESETS["opt_in"].sections if one.name not in changed), *sections], now=now)


def a_team() -> Member:
    """The owner of a pro of the highest tier that can pay."""
    pro = a_funded_pro()
    ProState.objects.filter(pro=pro).update(tier=3)
    return a_member(pro)


def look(lead, *, now) -> Lead:
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def accept(team, lead, *, now):
    offer = Offer.objects.select_related("pro").get(pro=team.pro_id, lead=lead)
    return offers.accept(offer, by=team, shown_price=offer.price, now=now)


def ended(lead) -> list:
    return [(event.data["outcome"], event.data["reason"]) for event in history(lead.pk) if event.kind == "lead.closed"]


# Hired, and undone


def test_hired_while_an_accept_may_be_undone_it_ends_when_it_may_not(now):
    team, other = a_team(), a_team()
    lead = look(a_lead(now=now), now=now)
    match = accept(team, lead, now=now)
    hiring.say(lead, "other", now=now + MINUTE)
    lead.refresh_from_db()
    assert (lead.state, lead.due_at) == ("open", now + 10 * MINUTE)
    with pytest.raises(OfferExpired):
        accept(other, lead, now=now + MINUTE)
    assert look(lead, now=now + 2 * MINUTE).state == "open" and not Offer.objects.filter(state="open").exists()
    offers.undo(match, by=team, now=now + 3 * MINUTE)
    look(lead, now=now + 3 * MINUTE)
    assert (lead.outcome, lead.outcome_reason) == ("unfilled", "hired_elsewhere")
    assert ended(lead) == [("unfilled", "hired_elsewhere")]


def test_hired_and_not_undone_it_ends_with_its_seat(now):
    team = a_team()
    lead = look(a_lead(now=now), now=now)
    accept(team, lead, now=now)
    hiring.say(lead, "nobody", now=now + MINUTE)
    look(lead, now=now + 10 * MINUTE)
    assert (lead.outcome, lead.ended_at) == ("part_filled", now + 10 * MINUTE) and len(ended(lead)) == 1


def test_hired_before_the_draw_nobody_is_drawn_and_the_fees_are_free(now):
    allow(OptIn(allocation="draw"), now=now)
    early, late, waits = a_team(), a_team(), a_team()
    a_funded_pro()  # of no tier: before it may accept, two seats are sold
    lead = look(a_lead(now=now), now=now)
    assert accept(early, lead, now=now) and accept(late, lead, now=now)
    assert accept(waits, lead, now=now) is None and ProState.objects.get(pro=waits.pro_id).reserved
    hiring.say(lead, "other", now=now + MINUTE)
    assert ProState.objects.get(pro=waits.pro_id).reserved == 0 and Offer.objects.get(pro=waits.pro_id).state == "expired"
    lead.refresh_from_db()
    assert not draw.is_to_come(lead)
    assert look(lead, now=now + 10 * MINUTE).outcome == "part_filled"


def test_who_hired_chooses_nobody_more(now):
    allow(Leads(lead_types=("choice", "opt_in"), renters_need_approval=False), OptIn(), now=now)
    team, other = a_team(), a_team()
    lead = a_lead(now=now, way="choose")
    choice.choose(lead, [team.pro_id], fill=False, now=now)
    match = accept(team, lead, now=now)
    hiring.say(lead, "other", now=now + MINUTE)
    with pytest.raises(ChoosingOver):
        choice.choose(lead, [other.pro_id], fill=False, now=now + MINUTE)
    offers.undo(match, by=team, now=now + 2 * MINUTE)
    assert look(lead, now=now + 2 * MINUTE).outcome_reason == "hired_elsewhere", "it does not wait for a choice"


def test_hired_before_the_phone_was_confirmed_nobody_is_looked_for(now):
    a_team()
    draft = a_lead(now=now, source="form")
    assert draft.is_draft
    hiring.say(draft, "other", now=now + MINUTE)
    draft.refresh_from_db()
    assert (draft.outcome, draft.outcome_reason, draft.due_at) == ("rejected", "hired_elsewhere", None)
    with pytest.raises(phone_check.NothingToConfirm):
        phone_check.send(draft, now=now + MINUTE)


# Full, and undone


def test_a_second_request_of_a_full_group_ends_when_nobody_can_undo_any_more(now):
    teams, phone = [a_team() for _ in range(4)], "+13125550142"
    lead = look(a_lead(now=now, phone=phone), now=now)
    matches = [accept(team, lead, now=now + MINUTE) for team in teams]
    again = look(a_lead(now=now + 2 * MINUTE, phone=phone, description="The same again."), now=now + 2 * MINUTE)
    assert (again.group_id, again.state, again.due_at) == (lead.pk, "open", now + 11 * MINUTE)
    offers.undo(matches[0], by=teams[0], now=now + 3 * MINUTE)
    assert look(again, now=again.due_at).state == "open", "one of its seats is free again"


def test_what_a_clock_that_is_ahead_has_ended_one_that_is_behind_does_not_undo(now):
    teams = [a_team() for _ in range(4)]
    lead = look(a_lead(now=now), now=now)
    matches = [accept(team, lead, now=now) for team in teams]
    assert look(lead, now=now + 10 * MINUTE).outcome == "filled"
    with pytest.raises(offers.UndoOver):
        offers.undo(matches[0], by=teams[0], now=now + 10 * MINUTE - timedelta(milliseconds=5))


def test_who_came_after_a_replaced_pro_may_undo_though_another_request_of_the_group_has_ended_full(now):
    teams, phone = [a_team() for _ in range(4)], "+13125550142"
    lead = look(a_lead(now=now, phone=phone), now=now)
    again = a_lead(now=now + MINUTE, phone=phone, description="The same again.")
    matches = [accept(team, lead, now=now + MINUTE) for team in teams]
    assert [look(each, now=now + HOUR).outcome for each in (lead, again)] == ["filled", "filled"]
    replacing.warn_due(now=now + 25 * HOUR)
    later = now + 50 * HOUR
    replacing.replace(Match.objects.get(pk=matches[0].pk), now=later)
    fifth = a_team()
    look(lead, now=later)
    match = accept(fifth, lead, now=later)
    offers.undo(match, by=fifth, now=later + MINUTE)
    match.refresh_from_db()
    assert match.state == "undone"


# The other ways to an end


def test_a_worker_that_slept_past_the_deadline_ends_a_full_lead_at_its_deadline(now):
    teams = [a_team() for _ in range(4)]
    lead = look(a_lead(now=now), now=now)
    for team in teams:
        accept(team, lead, now=now)
    look(lead, now=lead.closes_at + 3 * DAY)
    assert (lead.outcome, lead.ended_at) == ("filled", lead.closes_at)


@pytest.mark.parametrize(("seats", "outcome"), [(4, "filled"), (2, "part_filled")])
def test_a_fact_of_the_lead_ends_it_with_the_outcome_its_seats_say(seats, outcome, now):
    teams = [a_team() for _ in range(seats)]
    lead = look(a_lead(now=now), now=now)
    matches = [accept(team, lead, now=now) for team in teams]
    request = requests.submit(matches[0], reason="fraudulent", words="A bakery.", by=teams[0], now=now + MINUTE)
    review.decide(request, verdict="grant", rule="fraudulent", note="It is.", by=a_staff_user(), now=now + 2 * MINUTE)
    lead.refresh_from_db()
    assert (lead.outcome, lead.outcome_reason) == (outcome, "fraudulent")
    assert isinstance(replacing.objection(_live(matches[0]), None, now=now + 2 * DAY), replacing.LookingOver)


def _live(match):
    """The match as if its pro had kept it: a credit of nothing left, say."""
    match = Match.objects.select_related("lead").get(pk=match.pk)
    match.state = Match.State.LIVE
    return match


def test_a_lead_whose_service_has_no_price_any_more_keeps_its_seat_and_says_so(now):
    allow(Leads(lead_types=("automatch",)), Billing(), now=now)
    a_member(a_pro())
    lead = look(a_lead(now=now), now=now)
    terms.publish(now=now + MINUTE, pricing="flat", prices={"drain-cleaning": 2_000}, claim_seconds=259_200)
    look(lead, now=lead.due_at)
    assert (lead.outcome, lead.outcome_reason) == ("part_filled", "no_price")


def test_what_is_to_be_drawn_automatch_does_not_take(now):
    allow(Leads(lead_types=("automatch", "opt_in"), renters_need_approval=False), OptIn(allocation="draw"), now=now)
    teams = [a_team() for _ in range(3)]
    ProState.objects.update(receives_automatch=False)
    lead = look(a_lead(now=now), now=now)
    assert draw.is_to_come(lead) and accept(teams[0], lead, now=now) is None
    ProState.objects.exclude(pro=teams[0].pro_id).update(receives_automatch=True)
    look(lead, now=now + MINUTE)
    assert not Match.objects.exists()
    look(lead, now=lead.draws_at)
    assert Match.objects.get().pro_id == teams[0].pro_id
    look(lead, now=lead.due_at)
    assert set(Match.objects.values_list("lead_type", flat=True)) == {"opt_in", "automatch"}


def test_stopped_before_the_draw_seats_and_reservations_are_given_back_together(now):
    allow(OptIn(allocation="draw"), now=now)
    early, _late, waits = a_team(), a_team(), a_team()
    a_funded_pro()
    lead = look(a_lead(now=now), now=now)
    accept(early, lead, now=now), accept(_late, lead, now=now), accept(waits, lead, now=now)
    stopping.stop_all_contact(lead, now=now + MINUTE)
    assert set(ProState.objects.values_list("reserved", flat=True)) == {0}
    assert set(Match.objects.values_list("state", flat=True)) == {"withdrawn"}
    assert Offer.objects.get(pro=waits.pro_id).state == "withdrawn" and withdrawal.SENTENCE
