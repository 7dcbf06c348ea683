"""A pick where pros opt in is a personal offer: it holds a seat for 30 minutes and, accepted, is a Choice Match (RULES 2, 6, 14)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import ProState
from billing.models import Charge
from core.policy import publish
from leads import choice, links, matching, offers, queries, withdrawal
from leads.choice import PickGone, TooManyPicked, choose
from leads.decision import decide, thaw
from leads.models import ConsentName, Decision, Lead, Match, Offer, PickConsent
from leads.offers import OfferExpired, OfferTaken
from leads.policy import Leads, OptIn
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def _both(opt_in, now):
    """Every story here happens where homeowners may choose and pros opt in."""
    publish(
        [
            replace(section, lead_types=("choice", "opt_in")) if isinstance(section, Leads) else section
            for section in PRESETS["opt_in"].sections
        ],
        now=now,
    )


def a_team(**changes):
    return a_member(a_funded_pro(**changes))


def a_chooser(*, now, **said) -> Lead:
    return look(a_lead(now=now, way="choose", **said), now=now)


def look(lead, *, now) -> Lead:
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def pick(lead, *teams, now, fill=False):
    asked = choose(lead, [team.pro_id for team in teams], fill=fill, now=now, page="/choose/")
    lead.refresh_from_db()
    return asked


def offer_to(team) -> Offer:
    return Offer.objects.get(pro=team.pro_id)


def accept(team, *, now):
    return offers.accept(offer_to(team), by=team, shown_price=offer_to(team).price, now=now)


def told(kind) -> set:
    return set(Message.objects.filter(kind=kind).values_list("recipient", flat=True))


def test_those_who_are_picked_are_asked_and_nobody_has_the_details(now):
    teams = [a_team() for _ in range(4)]
    lead = a_chooser(now=now)
    asked = pick(lead, *teams[:2], now=now)
    assert [(offer.slot, offer.lead_type, offer.state, offer.expires_at) for offer in asked] == [
        (slot, "choice", "open", now + 30 * MINUTE) for slot in (1, 2)
    ]
    assert lead.due_at == now + 30 * MINUTE and lead.chosen_at == now
    assert not Match.objects.exists() and not Charge.objects.exists() and not ConsentName.objects.exists()
    assert told("new_offer") == {team.subject for team in teams[:2]} and not told("introduction")
    assert set(Message.objects.filter(kind="new_offer").values_list("context__chosen", flat=True)) == {True}
    assert teams[0].pro.name in PickConsent.objects.get().words
    assert queries.asked_for(lead) == asked
    row = Decision.objects.get()
    request, candidates, decided = thaw(row)
    codes = {verdict.pro: verdict.code for verdict in decided.verdicts}
    assert decide(request, candidates, seed=row.seed) == decided
    assert codes == {team.pro_id: "offered" if team in teams[:2] else "not_picked" for team in teams}


def test_an_accept_is_a_choice_match_charged_then(now):
    team, other = a_team(), a_team()
    lead = a_chooser(now=now)
    pick(lead, other, team, now=now)
    before = ProState.objects.get(pro=team.pro_id).wallet
    match = accept(team, now=now + 29 * MINUTE)
    assert (match.slot, match.lead_type, match.code[:3]) == (2, "choice", "CM-")
    assert ProState.objects.get(pro=team.pro_id).wallet == before - match.price and Charge.objects.count() == 1
    assert ConsentName.objects.get().name == team.pro.name and told("introduction") == {f"lead:{lead.pk}"}
    assert (offer_to(team).state, offer_to(team).slot) == ("accepted", None)
    assert [offer.pro_id for offer in queries.asked_for(lead)] == [other.pro_id]
    assert accept(team, now=now + HOUR) == match
    offers.undo(match, by=team, now=now + 30 * MINUTE)
    assert offer_to(team).state == "undone" and Charge.objects.get().net == 0


def test_a_held_seat_is_one_of_the_four(now):
    teams = [a_team() for _ in range(6)]
    lead = a_chooser(now=now)
    pick(lead, *teams[:3], now=now)
    with pytest.raises(TooManyPicked):
        pick(lead, *teams[3:5], now=now)
    assert choice.choices(lead, now=now).free == 1
    pick(lead, teams[3], now=now)
    assert choice.choices(lead, now=now).free == 0
    for team in teams[:4]:
        accept(team, now=now)
    assert sorted(Match.objects.values_list("slot", flat=True)) == [1, 2, 3, 4]


def test_sent_twice_they_are_asked_once(now):
    teams = [a_team() for _ in range(2)]
    lead = a_chooser(now=now)
    assert pick(lead, *teams, now=now) == pick(lead, *teams, now=now + MINUTE)
    assert Offer.objects.count() == 2 and PickConsent.objects.count() == 1


def test_who_lets_the_time_pass_frees_the_seat_and_the_homeowner_is_told(now):
    team, other = a_team(), a_team()
    lead = a_chooser(now=now)
    pick(lead, team, now=now)
    with pytest.raises(OfferExpired):
        accept(team, now=now + 30 * MINUTE)
    look(lead, now=now + 30 * MINUTE)
    assert (offer_to(team).state, offer_to(team).slot) == ("expired", None)
    message = Message.objects.get(kind="pick_not_taken", channel="email")
    assert message.context["pro"] == team.pro.name and message.context["url"].endswith("/choose/")
    assert [pro.pk for pro in choice.choices(lead, now=now + 31 * MINUTE).pros] == [other.pro_id]
    with pytest.raises(PickGone):
        pick(lead, team, now=now + 31 * MINUTE)
    assert pick(lead, other, now=now + 31 * MINUTE)[0].slot == 1
    look(lead, now=now + 31 * MINUTE)
    assert Message.objects.filter(kind="pick_not_taken", channel="email").count() == 1


def test_a_late_page_does_not_wait_for_the_worker(now):
    teams = [a_team() for _ in range(5)]
    lead = a_chooser(now=now)
    pick(lead, *teams[:4], now=now)
    assert pick(lead, teams[4], now=now + 31 * MINUTE)[0].slot == 1
    assert Message.objects.filter(kind="pick_not_taken", channel="email").count() == 4


def test_who_declines_frees_the_seat_at_once(now):
    team, other = a_team(), a_team()
    lead = a_chooser(now=now)
    pick(lead, team, other, now=now)
    for _ in range(2):
        offers.decline(offer_to(team), reason="busy", by=team, now=now + MINUTE)
    assert offer_to(team).slot is None and Message.objects.filter(kind="pick_not_taken", channel="email").count() == 1
    assert [offer.slot for offer in queries.asked_for(lead)] == [2]


def test_seats_left_free_are_offered_to_others_if_the_homeowner_says_so(now):
    picked, *others = (a_team() for _ in range(6))
    lead = a_chooser(now=now)
    pick(lead, picked, now=now, fill=True)
    look(lead, now=now)
    assert {offer.lead_type for offer in Offer.objects.exclude(pro=picked.pro_id)} == {"opt_in"}
    at = lead.open_to_all_at
    Offer.objects.filter(pro=picked.pro_id).update(expires_at=at + HOUR)
    for team in others[:3]:
        accept(team, now=at)
    with pytest.raises(OfferTaken):
        accept(others[3], now=at)
    assert accept(picked, now=at).slot == 1
    assert sorted(Match.objects.values_list("lead_type", flat=True)) == ["choice", "opt_in", "opt_in", "opt_in"]


def test_a_draw_is_held_although_the_homeowner_chooses_on(now):
    publish(
        [
            replace(section, lead_types=("choice", "opt_in")) if isinstance(section, Leads) else section
            for section in PRESETS["opt_in"].sections
            if not isinstance(section, OptIn)
        ]
        + [OptIn(allocation="draw")],
        now=now,
    )
    teams = [a_team() for _ in range(4)]
    lead = a_chooser(now=now)
    pick(lead, teams[0], now=now, fill=True)
    look(lead, now=now)
    for team in teams[1:3]:
        assert offers.accept(offer_to(team), by=team, shown_price=offer_to(team).price, now=lead.open_to_all_at) is None
    with pytest.raises(PickGone):
        pick(lead, teams[1], now=lead.open_to_all_at)
    pick(lead, teams[3], now=lead.open_to_all_at)
    assert lead.due_at <= lead.draws_at and lead.automatch_from is None
    look(lead, now=lead.draws_at)
    assert set(Match.objects.values_list("pro_id", "lead_type")) == {(team.pro_id, "opt_in") for team in teams[1:3]}
    assert (offer_to(teams[3]).lead_type, offer_to(teams[3]).slot) == ("choice", 2)


def test_without_that_nobody_else_is_asked_and_the_lead_says_why_it_ended(now):
    team, _other = a_team(), a_team()
    lead = a_chooser(now=now)
    pick(lead, team, now=now)
    look(lead, now=now + HOUR)
    look(lead, now=lead.closes_at)
    assert (lead.outcome, lead.outcome_reason) == ("unfilled", "nobody_accepted") and Offer.objects.count() == 1


def test_a_withdrawn_request_is_held_for_nobody(now):
    team = a_team()
    lead = a_chooser(now=now)
    pick(lead, team, now=now)
    withdrawal.stop_all_contact(links.lead_of(links.token(lead)), now=now + MINUTE)
    assert (offer_to(team).state, offer_to(team).slot) == ("withdrawn", None)
    assert set(Message.objects.filter(kind="new_offer").values_list("state", flat=True)) == {"cancelled"}
