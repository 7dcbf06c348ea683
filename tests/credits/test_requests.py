"""Asking for a credit: what is shown before, what is proven at once, what waits for a person, and when it is too late (RULES 36-38)."""

from datetime import timedelta

import pytest

from accounts.models import Member
from billing import charges, terms
from core import policy
from core.errors import NotAllowed, StaleState
from core.models import Event
from credits import requests, review, tasks
from credits.evidence import _sold_before
from credits.models import CreditRequest, Ruling, Stub
from credits.policy import Credits
from credits.requests import AlreadyAsked, AlreadyCredited, NoCredit, UnknownReason, WordsMissing, preview, stub, submit
from credits.window import ClaimWindowClosed, window_of
from leads.models import Match
from leads.progress import set_progress
from notifications.models import Message
from tests.credits.stories import DAY, HOUR, MINUTE, PRICE, again, dead, money, owner_of, seats, spoke, staff
from tests.factories import SERVICE, a_matched_lead, a_member

OPT_IN_REASONS = ["inaccurate_contact", "outside_services", "outside_area", "fraudulent", "not_asked"]


@pytest.fixture
def match(marketplace, now):
    return seats(now=now)[0]


def ask(match, *, now, reason="dead_number", words="A bakery picked up.", by=None) -> CreditRequest:
    return submit(match, reason=reason, words=words, by=by or owner_of(match), now=now)


def kinds_told(channel="email"):
    kinds = Message.objects.filter(kind__startswith="credit", channel=channel).order_by("created_at", "pk").values_list("kind", flat=True)
    return list(kinds)


# Proven at once


def test_a_number_dead_on_two_calls_an_hour_apart_is_credited_at_once(match, now):
    dead(match, at=now + MINUTE)
    dead(match, at=now + MINUTE + HOUR)
    request = ask(match, now=now + 2 * HOUR)

    assert (request.state, request.rule, request.amount) == ("granted", "dead_number", PRICE)
    assert money(match) == (PRICE, 0, PRICE, 0)
    (match,) = again([match])
    assert (match.state, match.state_at) == ("credited", now + 2 * HOUR)
    assert (match.line.closed_at, match.line.closed_reason) == (now + 2 * HOUR, "credited")
    ruling = Ruling.objects.get()
    assert (ruling.verdict, ruling.by, ruling.rule, ruling.steps) == ("grant", None, "dead_number", 0)
    assert [call["dead"] for call in ruling.evidence["mine"]["calls"]] == [True, True]
    assert ruling.evidence["words"] == "A bakery picked up."
    event = Event.objects.get(kind="credit.granted")
    assert (event.subject, event.actor) == (str(match.pk), "rule:dead_number")
    assert event.data == {"request": str(request.pk), "rule": "dead_number", "cents": PRICE}
    assert kinds_told() == kinds_told("sms") == ["credit_granted"]
    told = Message.objects.get(kind="credit_granted", channel="email").context
    assert (told["amount"], told["why"], told["code"]) == ("$28.00", "The number does not work.", match.code)


def test_the_net_is_given_back_after_a_discount(match, now):
    charges.discount(match.charge_id, now=now + MINUTE)
    dead(match, at=now + MINUTE)
    dead(match, at=now + MINUTE + HOUR)
    assert preview(again([match])[0], "dead_number", now=now + 2 * HOUR).cents == PRICE * 8 // 10
    assert ask(match, now=now + 2 * HOUR).amount == PRICE * 8 // 10
    assert money(match) == (PRICE, PRICE * 2 // 10, PRICE * 8 // 10, 0)


def sold_twice(now) -> list[Match]:
    """One job sold to one pro twice within 30 days. A group reaches 30 days from its first lead, which nobody was there for: the second
    request, 20 days later, is of that group, and the third, 11 days after the second, of none."""
    person = {"phone": "+13125550142", "email": ""}
    first = a_matched_lead(now=now - 31 * DAY, **person)
    (second,) = seats(now=now - 11 * DAY, **person)
    third = a_matched_lead(now=now, **person).matches.get()
    assert second.group_id == first.pk != third.group_id and second.pro_id == third.pro_id
    return [second, third]


def test_the_same_job_sold_before_is_credited_at_once(marketplace, now):
    second, third = sold_twice(now)
    request = ask(third, now=now + HOUR, reason="duplicate")
    assert (request.state, request.rule) == ("granted", "duplicate")
    assert Ruling.objects.get().evidence["duplicates"] == [str(second.pk)]
    assert money(second)[3] == PRICE and money(third)[3] == 0


def test_a_job_sold_before_that_was_given_back_is_no_duplicate(marketplace, now):
    second, third = sold_twice(now)
    dead(second, at=now - 10 * DAY)
    dead(second, at=now - 9 * DAY)
    assert ask(second, now=now - 8 * DAY).state == "granted"
    assert ask(third, now=now + HOUR, reason="duplicate").state == "open"


def test_the_days_of_the_policy_are_the_end_of_it(marketplace, now):
    second, third = sold_twice(now)
    assert _sold_before(third).exists()
    third.at = second.at + 30 * DAY
    assert _sold_before(third).exists()
    third.at += timedelta(microseconds=1)
    assert not _sold_before(third).exists()


def test_a_different_job_is_no_duplicate(marketplace, now):
    (match,) = seats(now=now, phone="+13125550142", email="")
    other = a_matched_lead(now=now + DAY, phone="+13125550142", email="", different_job=True, description="Another.").matches.first()
    assert other.pro_id == match.pro_id
    assert ask(other, now=now + 2 * DAY, reason="duplicate").state == "open"


# What waits for a person


def test_one_call_proves_nothing_and_a_person_answers_within_two_business_days(match, now):
    dead(match, at=now + MINUTE)
    request = ask(match, now=now + HOUR)
    assert (request.state, request.rule, request.received_at) == ("open", "not_proven", now + HOUR)
    assert request.promised_at.isoformat() == "2026-05-23T04:59:59.999999+00:00"  # Friday, 24:00 in Chicago
    assert money(match) == (PRICE, 0, 0, PRICE)
    assert again([match])[0].state == "live" and not Ruling.objects.exists()
    assert kinds_told() == ["credit_received"] and kinds_told("sms") == []


def test_later_calls_join_the_request_by_themselves(match, now):
    dead(match, at=now + MINUTE)
    request = ask(match, now=now + 10 * MINUTE)
    marketplace = requests.current()
    assert request.due_at == now + 20 * MINUTE
    assert tasks.look_due(marketplace, now=now + 19 * MINUTE) == 0
    assert tasks.look_due(marketplace, now=now + 20 * MINUTE) == 1
    dead(match, at=now + MINUTE + HOUR)
    assert tasks.look_due(marketplace, now=now + 2 * HOUR) == 1
    request.refresh_from_db()
    assert (request.state, request.rule, request.due_at) == ("granted", "dead_number", None)
    assert tasks.look_due(marketplace, now=now + 3 * HOUR) == 0


@pytest.mark.parametrize("what", ["spoke", "won"])
def test_after_two_people_spoke_or_the_job_was_won_only_a_person_decides(match, now, what):
    dead(match, at=now + MINUTE)
    dead(match, at=now + MINUTE + HOUR)
    if what == "spoke":
        spoke(match, at=now + 2 * HOUR)
    else:
        set_progress(match, "won", won_amount=165_000, by=owner_of(match), now=now + 2 * HOUR)
        set_progress(match, "lost", lost_reason="not_reached", by=owner_of(match), now=now + 2 * HOUR)  # said once, it was said
    request = ask(match, now=now + 3 * HOUR)
    assert (request.state, request.rule) == ("open", {"spoke": "two_way_contact", "won": "won_or_booked"}[what])


def test_the_receipt_speaks_against_a_lead_outside_of_what_the_pro_covers(match, numbers, now):
    numbers(reasons=("outside_services", "outside_area"))
    request = ask(match, now=now + HOUR, reason="outside_area")
    assert (request.state, request.rule) == ("open", "receipt_speaks_against")


# Who, and for which reason


def test_any_member_who_may_open_leads_asks_and_staff_on_the_pros_behalf(match, now):
    other = a_member(match.pro, role=Member.Role.MEMBER)
    assert ask(match, now=now, by=other).filed_by == other.subject


def test_staff_ask_on_the_pros_behalf(match, now):
    grace = staff("Grace Oduya")
    assert ask(match, now=now, by=grace).filed_by == f"staff:{grace.pk}"


def test_a_member_of_another_pro_and_one_who_was_removed_may_not_ask(marketplace, now):
    one, two = seats(now=now, pros=2)
    removed = owner_of(two)
    Member.objects.filter(pk=removed.pk).update(removed_at=now)
    for by in (owner_of(one), removed):
        with pytest.raises(NotAllowed):
            ask(two, now=now, by=by)


def test_each_marketplace_has_its_own_reasons(marketplace, opt_in, now):
    assert list(policy.read(Credits).reasons) == OPT_IN_REASONS
    assert (policy.read(Credits).promised_days, policy.read(Credits).typical_days) == (7, 5)


@pytest.mark.parametrize("reason", ["", "no_answer", "hired_other", "outside_area", "\0"])
def test_what_is_no_reason_here_is_refused(match, now, reason):
    with pytest.raises(UnknownReason):
        ask(match, now=now, reason=reason)


def test_words_are_kept_without_what_no_person_types(match, now):
    assert ask(match, now=now, words="  a\0b\ud800\r\n" + "x" * 3_000).words == "ab\n" + "x" * 1_997


# Nothing twice


def test_a_second_click_has_no_second_effect(match, now):
    first = ask(match, now=now)
    assert ask(match, now=now + MINUTE).pk == first.pk
    assert CreditRequest.objects.count() == 1 and len(kinds_told()) == 1
    with pytest.raises(AlreadyAsked):
        ask(match, now=now + MINUTE, words="Something else.")


def test_a_second_click_on_what_was_granted_at_once_neither(match, now):
    dead(match, at=now)
    dead(match, at=now + HOUR)
    first = ask(match, now=now + 2 * HOUR)
    assert ask(match, now=now + 2 * HOUR).pk == first.pk
    assert money(match) == (PRICE, 0, PRICE, 0)
    with pytest.raises(AlreadyCredited):
        ask(match, now=now + 3 * HOUR, words="Once more.")


def test_nothing_is_given_back_for_a_test_or_a_free_lead(marketplace, now):
    terms.publish(now=now, pricing="flat", prices={SERVICE: 0}, claim_seconds=1)
    (given,) = seats(now=now)
    with pytest.raises(NoCredit):
        ask(given, now=now)
    assert isinstance(preview(given, now=now).refusal, NoCredit)


# Too late


@pytest.mark.parametrize(("seconds", "open"), [(0, True), (259_200, True), (259_200.000001, False), (259_201, False)])
def test_72_hours_are_259200_seconds_both_ends_included(match, now, seconds, open):
    match.terms.claim_seconds = 259_200
    delivered = match.line.delivered_at = now + 5 * MINUTE
    assert window_of(match).holds(delivered + timedelta(seconds=seconds)) is open


def test_the_window_starts_at_the_later_of_the_seat_and_the_first_confirmed_delivery(match, now):
    match.line.delivered_at = now + HOUR
    window = window_of(match)
    assert (window.starts_at, window.ends_at, window.seconds) == (now + HOUR, now + HOUR + 30 * DAY, 2_592_000)
    match.line.delivered_at = now - HOUR
    assert window_of(match).starts_at == match.at == now


def test_without_a_confirmed_delivery_the_window_has_not_started_and_is_open(marketplace, now):
    (match,) = seats(now=now, delivered=False)
    window = window_of(match)
    assert (window.starts_at, window.ends_at) == (None, None) and window.holds(now + 400 * DAY)


def test_lateness_is_judged_by_the_receipt(match, now):
    end = window_of(match).ends_at
    with pytest.raises(ClaimWindowClosed):
        ask(match, now=end + timedelta(microseconds=1))
    assert isinstance(preview(match, now=end + timedelta(seconds=1)).refusal, ClaimWindowClosed)
    assert preview(match, now=end).refusal is None
    assert ask(match, now=end).received_at == end


def test_a_phoned_claim_is_timed_by_a_click(match, now):
    grace, end = staff("Grace Oduya"), window_of(match).ends_at
    kept = stub(match, by=grace, now=end)
    assert stub(match, by=grace, now=end + MINUTE) == kept
    request = ask(match, now=end + 6 * DAY, by=grace)
    assert (request.received_at, request.state) == (end, "open")
    assert request.promised_at > end + 6 * DAY  # the answer is promised from when there is something to answer
    assert Stub.objects.count() == 1


def test_a_click_times_no_claim_a_week_later_and_is_for_staff(match, now):
    grace, end = staff("Grace Oduya"), window_of(match).ends_at
    with pytest.raises(NotAllowed):
        stub(match, by=owner_of(match), now=end)
    stub(match, by=grace, now=end)
    with pytest.raises(ClaimWindowClosed):
        ask(match, now=end + 7 * DAY + MINUTE, by=grace)


# A question


def test_the_pro_answers_a_question_and_the_promise_runs_on(match, now):
    request = ask(match, now=now)
    review.ask(request, question="Who picked up? Call +1 312 555 0142.", by=staff(), now=now + HOUR)
    told = Message.objects.get(kind="credit_question", channel="email")
    assert told.context["question"] == "Who picked up? Call [phone number hidden]." and told.context["by"] == "Renee Okafor"
    assert kinds_told("sms") == ["credit_question"]

    with pytest.raises(WordsMissing):
        requests.answer(request, words=" \n", by=owner_of(match), now=now + 2 * HOUR)
    answered = requests.answer(request, words="A bakery.", by=owner_of(match), now=now + 2 * HOUR)
    assert (answered.state, answered.answer, answered.answered_at) == ("open", "A bakery.", now + 2 * HOUR)
    assert answered.promised_at == request.promised_at
    assert requests.answer(request, words="A bakery.", by=owner_of(match), now=now + 3 * HOUR).answered_at == now + 2 * HOUR
    with pytest.raises(StaleState):
        requests.answer(request, words="No, a florist.", by=owner_of(match), now=now + 3 * HOUR)


# Overdue


def overdue(match, *, now, **facts):
    request = ask(match, now=now, **facts)
    return request, request.promised_at + timedelta(microseconds=1)


def test_a_claim_that_is_overdue_and_under_50_dollars_is_granted(match, now):
    request, late = overdue(match, now=now)
    marketplace = requests.current()
    tasks.look_due(marketplace, now=request.promised_at)
    request.refresh_from_db()
    assert (request.state, request.due_at) == ("open", late)
    tasks.look_due(marketplace, now=late)
    request.refresh_from_db()
    assert (request.state, request.rule) == ("granted", "overdue")
    assert Message.objects.get(kind="credit_granted", channel="email").context["why"] == "We did not answer in the time we promised."


@pytest.mark.parametrize("below", [PRICE, PRICE + 1])
def test_under_50_dollars_means_under(match, numbers, now, below):
    numbers(overdue_grant_below=below)
    request, late = overdue(match, now=now)
    tasks.look_due(requests.current(), now=late)
    request.refresh_from_db()
    assert request.state == ("granted" if below > PRICE else "open")


def test_after_two_way_contact_an_overdue_claim_waits_for_its_person(match, now):
    spoke(match, at=now)
    request, late = overdue(match, now=now)
    tasks.look_due(requests.current(), now=late)
    request.refresh_from_db()
    assert (request.state, request.rule, request.due_at) == ("open", "two_way_contact", late + 10 * MINUTE)


def test_who_lets_a_question_wait_is_not_granted_for_it(match, now):
    request, late = overdue(match, now=now)
    review.ask(request, question="Who picked up?", by=staff(), now=now + HOUR)
    tasks.look_due(requests.current(), now=late)
    request.refresh_from_db()
    assert request.state == "asked"
    requests.answer(request, words="A bakery.", by=owner_of(match), now=late + HOUR)
    tasks.look_due(requests.current(), now=late + HOUR)
    request.refresh_from_db()
    assert request.state == "open"


def test_a_replayed_marketplace_is_not_swept(match, now, monkeypatch):
    request, late = overdue(match, now=now)
    monkeypatch.setattr(tasks.timezone, "now", lambda: late)
    requests.current().__class__.objects.filter(slug="craftyard").update(replay=True)
    tasks.sweep()
    request.refresh_from_db()
    assert request.state == "open"
    requests.current().__class__.objects.filter(slug="craftyard").update(replay=False)
    tasks.sweep()
    request.refresh_from_db()
    assert request.state == "granted"
