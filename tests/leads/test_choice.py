"""The homeowner chooses its pros (RULES 14): who can be picked, the picks, and AutoMatch that waits for them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from accounts import purchase_settings
from accounts.models import ProState
from billing.models import Charge
from billing.policy import Memberships, Tier
from core.policy import publish
from leads import choice, matching
from leads.choice import ChoosingOver, NobodyPicked, PickGone, TooManyPicked, choose, draw
from leads.decision import decide, thaw
from leads.intake import WayMissing
from leads.models import ConsentName, Decision, Lead, Match, PickConsent
from leads.policy import Leads
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import a_lead, a_member, a_membership, a_pro

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def a_chooser(*, now, then_automatch=False, **said) -> Lead:
    """A request whose homeowner wants to choose, after the first look at it."""
    lead = a_lead(now=now, way="choose", then_automatch=then_automatch, **said)
    return look(lead, now=now)


def look(lead, *, now) -> Lead:
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    return lead


def ids(pros) -> list[int]:
    return [pro.pk for pro in pros]


def test_nobody_gets_a_request_before_its_homeowner_has_chosen(marketplace, now):
    for _ in range(5):
        a_pro()
    lead = a_chooser(now=now)
    assert not Match.objects.exists() and not Decision.objects.exists()
    assert (lead.state, lead.due_at) == (Lead.State.OPEN, now + 10 * MINUTE)


def test_the_picks_and_only_they_get_the_request(marketplace, now):
    pros = [a_pro() for _ in range(6)]
    for pro in pros:
        a_member(pro)
    lead = a_chooser(now=now)
    matches = choose(lead, ids(pros[2:6]), fill=False, now=now + MINUTE, page="/choose/", ip="203.0.113.9")
    assert [(match.slot, match.lead_type) for match in matches] == [(slot, "choice") for slot in (1, 2, 3, 4)]
    assert {match.pro_id for match in matches} == set(ids(pros[2:6]))
    assert all(match.code.startswith("CM-") for match in matches)
    assert set(Message.objects.filter(kind="new_lead").values_list("context__lead_type", flat=True)) == {"Choice Match"}
    assert Message.objects.filter(kind="new_lead").count() == Charge.objects.count() == 4
    lead.refresh_from_db()
    assert (lead.state, lead.outcome, lead.chosen_at) == (Lead.State.CLOSED, Lead.Outcome.FILLED, now + MINUTE)
    kept = PickConsent.objects.get()
    assert kept.words.startswith(f"{pros[2].name}, {pros[3].name}, {pros[4].name} and {pros[5].name} may contact me")
    assert (kept.consent_id, kept.at, kept.ip, kept.page) == (lead.consent.pk, now + MINUTE, "203.0.113.9", "/choose/")
    assert set(ConsentName.objects.values_list("name", flat=True)) == {pro.name for pro in pros[2:6]}


def test_everybody_who_was_shown_has_a_verdict_and_the_decision_comes_out_the_same(marketplace, now):
    pros = [a_pro() for _ in range(3)]
    paused = a_pro()
    purchase_settings.pause(paused, by=a_member(paused), now=now)
    choose(a_chooser(now=now), ids(pros[:1]), fill=False, now=now)
    row = Decision.objects.get()
    request, candidates, decided = thaw(row)
    assert decide(request, candidates, seed=row.seed) == decided
    codes = {verdict.pro: verdict.code for verdict in decided.verdicts}
    assert codes == {pros[0].pk: "matched", pros[1].pk: "not_picked", pros[2].pk: "not_picked", paused.pk: "paused"}


def test_choosing_changes_nothing_in_what_automatch_owes(marketplace, now):
    pros = [a_pro() for _ in range(3)]
    choose(a_chooser(now=now), ids(pros[:2]), fill=False, now=now)
    assert Decision.objects.get().folded, "it is not folded later either"
    assert set(ProState.objects.values_list("received", "entitled")) == {(0, 0)}
    assert sorted(ProState.objects.values_list("day_count", flat=True)) == [0, 1, 1], "but it counts under the caps"


# Who can be picked


def test_only_eligible_pros_can_be_picked(marketplace, now):
    fits, opted_out, paused, capped = (a_pro() for _ in range(4))
    purchase_settings.set_choice_match(opted_out, False, by=a_member(opted_out), now=now)
    purchase_settings.pause(paused, by=a_member(paused), now=now)
    elsewhere = a_pro(zips=("60622",))
    ProState.objects.filter(pro=capped).update(day_cap=0)
    lead = a_chooser(now=now)
    found = choice.choices(lead, now=now)
    assert (ids(found.pros), found.free) == ([fits.pk], 4)
    for other in (opted_out, paused, elsewhere, capped):
        with pytest.raises(PickGone) as refusal:
            choose(lead, [fits.pk, other.pk], fill=False, now=now)
        assert other.name in str(refusal.value) and fits.name not in str(refusal.value)
    assert not Match.objects.exists() and not PickConsent.objects.exists()


def test_who_opted_out_of_choice_match_still_gets_automatch(marketplace, now):
    pro = a_pro()
    purchase_settings.set_choice_match(pro, False, by=a_member(pro), now=now)
    lead = a_chooser(now=now, then_automatch=True)
    assert choice.choices(lead, now=now).pros == ()
    look(lead, now=now + 15 * MINUTE)
    assert Match.objects.get().lead_type == "automatch"


def test_the_order_is_drawn_anew_for_each_request_and_stays(marketplace, now):
    for _ in range(6):
        a_pro()
    first, second = a_chooser(now=now), a_chooser(now=now)
    orders = [ids(choice.choices(lead, now=now).pros) for lead in (first, first, second)]
    assert orders[0] == orders[1] != orders[2] and sorted(orders[0]) == sorted(orders[2])


def test_over_many_requests_everybody_stands_first_by_its_weight():
    weights = {1: 1, 2: 1, 3: 2}
    first = Counter(min(weights, key=lambda pro: draw(seed, pro, weights[pro])) for seed in range(4_000))
    assert all(abs(first[pro] - 1_000 * weight) < 100 for pro, weight in weights.items())


def with_memberships(now, *tiers):
    publish([*PRESETS["lead_manager"].sections, Memberships(tiers=tiers)], now=now)


def test_members_stand_first_more_often_by_their_weight_and_are_named(marketplace, now):
    with_memberships(now, Tier("Silver", 2_900, weight=2), Tier("Gold", 7_900, weight=4))
    members = [a_member(a_pro()) for _ in range(4)]
    for tier, member in ((1, members[2]), (2, members[3])):
        a_membership(member, tier, now=now)
    lead = a_chooser(now=now)
    first = Counter()
    for seed in range(400):
        lead.seed = seed
        found = choice.choices(lead, now=now)
        assert len(found.pros) == 4, "a membership hides nobody"
        first[found.pros[0].pk] += 1
    assert found.tiers == {members[2].pro_id: 1, members[3].pro_id: 2}
    expected = {members[0].pro_id: 50, members[1].pro_id: 50, members[2].pro_id: 100, members[3].pro_id: 200}
    assert all(abs(first[pro] - times) < 35 for pro, times in expected.items())


def test_a_weight_means_nothing_where_no_membership_is_sold(marketplace, now):
    pros = [a_pro() for _ in range(3)]
    lead = a_chooser(now=now)
    before = choice.choices(lead, now=now)
    ProState.objects.filter(pro=pros[2]).update(tier=3, weight=1_000)
    assert choice.choices(lead, now=now) == before and before.tiers == {}


# What is refused


def test_nobody_too_many_and_too_late_are_refused(marketplace, now):
    pros = [a_pro() for _ in range(5)]
    lead = a_chooser(now=now)
    for picks, refusal in (([], NobodyPicked), (ids(pros), TooManyPicked)):
        with pytest.raises(refusal):
            choose(lead, picks, fill=False, now=now)
    choose(lead, ids(pros[:3]), fill=False, now=now)
    with pytest.raises(TooManyPicked):
        choose(lead, ids(pros[3:]), fill=False, now=now)
    with pytest.raises(ChoosingOver):
        choose(lead, ids(pros[3:4]), fill=False, now=lead.closes_at)
    with pytest.raises(ChoosingOver):
        choose(a_lead(now=now), ids(pros[:1]), fill=False, now=now)
    assert Match.objects.count() == 3


def test_picks_sent_twice_are_one_choice(marketplace, now):
    pros = [a_pro() for _ in range(3)]
    lead = a_chooser(now=now)
    first = choose(lead, ids(pros[:2]) * 2, fill=False, now=now)
    assert choose(lead, ids(pros[:2]), fill=False, now=now + MINUTE) == first
    assert Match.objects.count() == Charge.objects.count() == 2 and PickConsent.objects.count() == 1


def test_who_has_a_seat_by_another_request_of_the_group_cannot_be_picked_again(marketplace, now):
    pro = a_pro()
    same = {"phone": "+13125550142", "email": "dana@homeowners.example"}
    choose(a_chooser(now=now, **same), [pro.pk], fill=False, now=now)
    again = a_chooser(now=now + HOUR, description="The same once more.", **same)
    found = choice.choices(again, now=now + HOUR)
    assert (found.pros, found.taken) == ((), ((1, ""),)), "whose request it was may be somebody else"
    with pytest.raises(PickGone):
        choose(again, [pro.pk], fill=False, now=now + HOUR)


def test_a_way_that_is_not_offered_is_refused(marketplace, now):
    with pytest.raises(WayMissing):
        a_lead(now=now, way="somehow")
    publish([Leads(lead_types=("automatch",))], now=now)
    with pytest.raises(WayMissing):
        a_lead(now=now, way="choose")


# The window


def test_the_window_is_fifteen_minutes_then_automatch_if_agreed(marketplace, now):
    for _ in range(2):
        a_pro()
    agreed, not_agreed = a_chooser(now=now, then_automatch=True), a_chooser(now=now)
    for lead in (agreed, not_agreed):
        look(lead, now=now + 10 * MINUTE)
    assert (agreed.due_at, not_agreed.due_at) == (now + 15 * MINUTE, not_agreed.closes_at)
    look(agreed, now=now + 15 * MINUTE - timedelta(microseconds=1))
    assert not Match.objects.exists()
    look(agreed, now=now + 15 * MINUTE)
    assert Match.objects.filter(lead=agreed, lead_type="automatch").count() == 2
    look(not_agreed, now=not_agreed.closes_at)
    assert (not_agreed.outcome, not_agreed.outcome_reason) == ("unfilled", "nobody_chosen")
    assert not Match.objects.filter(lead=not_agreed).exists()


def test_the_window_waits_while_the_page_is_in_use_for_thirty_minutes_at_most(marketplace, now):
    a_pro()
    lead = a_chooser(now=now, then_automatch=True)
    at = now
    while at < now + 30 * MINUTE:
        choice.seen(lead, now=at)
        look(lead, now=at)
        assert not Match.objects.exists()
        at += MINUTE
    look(lead, now=now + 30 * MINUTE - timedelta(seconds=1))
    assert lead.due_at == now + 30 * MINUTE and not Match.objects.exists()
    choice.seen(lead, now=now + 30 * MINUTE)
    look(lead, now=now + 30 * MINUTE)
    assert Match.objects.count() == 1


def test_a_page_that_was_left_does_not_hold_up_automatch(marketplace, now):
    a_pro()
    lead = a_chooser(now=now, then_automatch=True)
    choice.seen(lead, now=now + 14 * MINUTE)
    look(lead, now=now + 15 * MINUTE)
    assert lead.due_at == now + 15 * MINUTE + timedelta(seconds=30) and not Match.objects.exists()
    look(lead, now=lead.due_at)
    assert Match.objects.count() == 1


@pytest.mark.parametrize(
    ("hour", "minute", "ends"),
    [
        (2, 0, (13, 15)),  # 9 PM in Chicago: quiet hours begin
        (1, 50, (13, 5)),  # ten minutes of the evening, five of the morning
        (12, 59, (13, 15)),  # 7:59 AM
    ],
)
def test_the_window_runs_in_waking_hours(marketplace, hour, minute, ends):
    at = datetime(2026, 5, 21, hour, minute, tzinfo=UTC)
    lead = a_chooser(now=at, then_automatch=True)
    assert lead.choice_ends_at == lead.automatch_from == datetime(2026, 5, 21, *ends, tzinfo=UTC)


def test_one_reminder_and_none_to_who_is_choosing(marketplace, now):
    busy, away = a_chooser(now=now, then_automatch=True), a_chooser(now=now, then_automatch=True)
    choice.seen(busy, now=now + 9 * MINUTE)
    for minutes in (10, 11, 15):
        for lead in (busy, away):
            look(lead, now=now + minutes * MINUTE)
    told = Message.objects.filter(kind="choose_reminder")
    assert {message.subject for message in told} == {str(away.pk)}
    assert {message.context["until_at"] for message in told} == {(now + 15 * MINUTE).isoformat()}


# A shorter choice


def test_free_seats_are_filled_only_if_the_homeowner_says_so(marketplace, now):
    pros = [a_pro() for _ in range(5)]
    alone, filled = a_chooser(now=now, then_automatch=True), a_chooser(now=now)
    choose(alone, ids(pros[:2]), fill=False, now=now)
    choose(filled, ids(pros[:2]), fill=True, now=now)
    for lead in (alone, filled):
        for minutes in (0, 15, 60):
            look(lead, now=now + minutes * MINUTE)
    types = [sorted(Match.objects.filter(lead=lead).values_list("lead_type", flat=True)) for lead in (alone, filled)]
    assert types == [["choice"] * 2, ["automatch"] * 2 + ["choice"] * 2]
    assert (filled.outcome, alone.state, alone.due_at) == ("filled", "open", alone.closes_at)
    look(alone, now=alone.closes_at)
    assert (alone.outcome, alone.outcome_reason) == ("part_filled", "nobody_else_chosen")


def test_more_can_be_chosen_later_while_seats_are_free(marketplace, now):
    pros = [a_pro() for _ in range(5)]
    lead = a_chooser(now=now)
    choose(lead, ids(pros[:2]), fill=False, now=now)
    lead.refresh_from_db()
    later = choice.choices(lead, now=now + HOUR)
    assert later.free == 2 and set(ids(later.pros)) == set(ids(pros[2:]))
    choose(lead, ids(pros[2:4]), fill=False, now=now + HOUR)
    assert sorted(Match.objects.values_list("slot", flat=True)) == [1, 2, 3, 4] and PickConsent.objects.count() == 2
