"""Request Credit, from the card at the bottom of a lead to its answer, through the pages of the pro."""

import re
import uuid
from datetime import timedelta

import pytest

from accounts.models import Member
from billing import terms
from core import policy
from credits import review
from credits.models import CreditRequest
from credits.policy import Credits
from leads import withdrawal
from tests.credits.stories import DAY, HOUR, MINUTE, PRICE, again, dead, money, owner_of, rang, seats, spoke, staff
from tests.factories import SERVICE, a_member
from tests.web.pros.test_inbox import text_of

BY_RULE = {"reason": "dead_number", "words": "The number is out of service.", "do": "send"}
BY_A_PERSON = {"reason": "wrong_contact", "words": "A bakery picked up.", "do": "send"}
REFUSAL = {"verdict": "refuse", "rule": "not_proven", "note": "The number rang when we tried it."}


@pytest.fixture
def match(marketplace, now):
    return seats(now=now)[0]


@pytest.fixture
def browser(match, signed_in):
    return signed_in(owner_of(match))


@pytest.fixture
def tom(marketplace):
    return staff("Tom Reyes")


@pytest.fixture
def renee(tom):
    """One of two: a sole member of staff may not refuse."""
    return staff("Renee Okafor")


@pytest.fixture
def outside(marketplace, now):
    """The reasons of another policy, in which a claim has 72 hours."""
    policy.publish([Credits(reasons=("outside_services", "outside_area"))], now=now)
    terms.publish(now=now, pricing="flat", prices={SERVICE: PRICE}, claim_seconds=72 * 3_600)


def lead_of(match):
    return f"/pro/leads/{match.pk}/"


def form_of(match):
    return f"/pro/leads/{match.pk}/credit/"


def status_of(request):
    return f"/pro/credits/{request.pk}/"


def send(browser, match, **said) -> CreditRequest:
    answer = browser.post(form_of(match), BY_A_PERSON | said)
    request = CreditRequest.objects.get(match=match)
    assert (answer.status_code, answer["Location"]) == (302, status_of(request))
    return request


# The card at the bottom of a lead


def test_a_lead_ends_with_the_way_to_a_credit_and_the_end_of_the_window(browser, match, now):
    page = browser.get(lead_of(match))
    assert "Something wrong with this lead? You can ask until Fri, Jun 19, 12:00 PM (30 days). Request Credit" in text_of(page)
    assert f'href="{form_of(match)}"' in page.content.decode()


def test_where_no_delivery_is_confirmed_the_window_has_not_started(marketplace, signed_in, now):
    (match,) = seats(now=now, delivered=False)
    browser = signed_in(owner_of(match))
    assert "You can ask for 30 days from the delivery of our notice." in text_of(browser.get(lead_of(match)))
    page = text_of(browser.get(form_of(match)))
    assert "You have 30 days to ask" in page and "Send request for $28.00" in page


def test_a_free_lead_has_nothing_to_give_back(marketplace, signed_in, now):
    terms.publish(now=now, pricing="flat", prices={SERVICE: 0}, claim_seconds=1)
    (match,) = seats(now=now)
    browser = signed_in(owner_of(match))
    page = browser.get(lead_of(match))
    assert "there is nothing to give back" in text_of(page) and form_of(match) not in page.content.decode()
    assert "You paid nothing for this lead, so there is nothing to give back." in text_of(browser.get(form_of(match)))
    assert browser.post(form_of(match), BY_A_PERSON).status_code == 409


def test_the_card_tells_how_the_request_stands(browser, match, renee, now):
    request = send(browser, match)
    assert "In review A person answers by Fri, May 22." in text_of(browser.get(lead_of(match)))
    review.ask(request, question="Who picked up?", by=renee, now=now + HOUR)
    page = browser.get(lead_of(match))
    assert "We have a question." in text_of(page) and f'href="{status_of(request)}"' in page.content.decode()
    review.decide(request, by=renee, now=now + HOUR, **REFUSAL | {"rule": "two_way_contact"})  # staff decide nevertheless
    page = browser.get(lead_of(match))
    assert "You have spoken with the homeowner." in text_of(page) and f"{status_of(request)}#appeal" in page.content.decode()


# Before it is sent


def test_the_form_shows_what_was_paid_the_window_the_steps_the_reasons_and_the_proof(browser, match, now, clock):
    rang(match, at=now + 7 * MINUTE)
    clock.now = now + HOUR
    page = text_of(browser.get(form_of(match)))
    assert "It is your right to ask. You paid $28.00 for this lead." in page
    assert "Claim by Fri, Jun 19, 12:00 PM 30 days after you got the lead" in page
    for label in ("Call Lead Within 30 Minutes", "Follow Up That Week", "Send An Email"):
        assert label in page
    assert "0 of 3 done" in page and "Calls on 1 of 3 days so far." in page and "1 of 3" in page
    assert "3 steps done Few requests" in page
    for reason in ("The number does not work", "Wrong or fake contact", "Does not own the home", "I already had this lead"):
        assert reason in page
    assert "Never a reason by itself: The homeowner does not answer. The homeowner hired someone else." in page
    assert "Call 1. Nobody answered. 12:07 PM Logged" in page
    assert "Lead receipt. Water heater replacement in 60614: offered and covered at the time of the match." in page
    assert "Choose a reason" in page and "Credit $28.00" in page and "by the end of Fri, May 22." in page
    assert "Send request for $28.00" in page


def test_choosing_a_reason_shows_the_likely_result_and_sends_nothing(browser, match, now, htmx):
    look = {"reason": "wrong_contact", "words": "A bakery.", "do": "look"}
    page = browser.post(form_of(match), look)
    assert "A person decides" in text_of(page) and "Few requests like this so far." in text_of(page)
    assert "2 calls at least 60 minutes apart that find the number dead would prove it." in text_of(page)
    said = page.content.decode()
    assert re.search('value="wrong_contact"[^>]* checked', said) and "A bakery.</textarea>" in said
    dead(match, at=now - 2 * HOUR)
    dead(match, at=now - HOUR)
    page = text_of(browser.post(form_of(match), look, **htmx))
    assert "Granted at once The number does not work." in page and page.count("Supports you") == 2
    assert not CreditRequest.objects.exists()


def test_the_likely_result_has_real_figures_with_their_base(browser, match, renee, now, signed_in):
    for number in range(11):
        (other,) = seats(now=now, zip="60622", pros=1 if not number else 0)
        request = send(signed_in(owner_of(other)), other)
        granted = {"verdict": "grant", "rule": "wrong_contact"}
        review.decide(request, by=renee, now=now, **(granted if number else REFUSAL | {"note": "It rang."}))
    page = text_of(browser.post(form_of(match), BY_A_PERSON | {"do": "look"}))
    assert "Likely to be granted" in page and "10 of the last 11 requests like this were granted." in page
    assert "0 steps done 10 of the last 11 granted" in page


def test_what_speaks_against_a_reason_stands_beside_it(outside, signed_in, now):
    (match,) = seats(now=now)
    browser = signed_in(owner_of(match))
    page = text_of(browser.get(form_of(match)))
    receipt = "Your receipt says that you offered and covered Water heater replacement in 60614 when you were matched. You can still ask."
    assert page.count(receipt) == 2 and "Claim by Sat, May 23, 12:00 PM 72 hours after you got the lead" in page
    page = text_of(browser.post(form_of(match), {"reason": "outside_area", "do": "look"}))
    assert "The service and the ZIP code were yours when you were matched." in page and "Speaks against" in page


def test_a_lead_whose_number_is_dead_says_when_to_call_again_to_prove_it(browser, match, now, clock):
    lead = f"/pro/leads/{match.pk}/"
    assert "found that the number does not work" not in text_of(browser.get(lead))
    dead(match, at=now)
    clock.now = now + 5 * MINUTE
    once = "Your call of 12:00 PM found that the number does not work. Call once more after 1:00 PM"
    assert once in text_of(browser.get(lead))
    dead(match, at=now + HOUR - MINUTE)
    clock.now = now + HOUR
    assert "Your call of 12:59 PM found that the number does not work. Call once more after 1:00 PM" in text_of(browser.get(lead))
    dead(match, at=now + HOUR)
    clock.now = now + HOUR + MINUTE
    assert "Your calls found that the number does not work. Request Credit gives your money back at once." in text_of(browser.get(lead))
    spoke(match, at=now + 2 * HOUR)
    assert "found that the number does not work" not in text_of(browser.get(lead))


def test_the_form_is_few_queries(browser, match, now, django_assert_max_num_queries):
    for number in range(5):
        dead(match, at=now - number * MINUTE)
    browser.get(form_of(match))
    with django_assert_max_num_queries(26):
        browser.get(form_of(match))


# Asking


def test_what_evidence_proves_is_granted_at_once_and_the_homeowner_hidden(browser, match, now, clock):
    dead(match, at=now)
    dead(match, at=now + HOUR)
    clock.now = now + 2 * HOUR
    answer = browser.post(form_of(match), BY_RULE, follow=True)
    page = text_of(answer)
    assert "Granted: $28.00 comes back to you." in page and "$28.00 given back The number does not work." in page
    assert "Decided by rule, Wed, May 20, 2:00 PM." in page and "$28.00 granted by rule" in page
    assert money(match) == (PRICE, 0, PRICE, 0) and again([match])[0].state == "credited"
    for address in (lead_of(match), answer.redirect_chain[-1][0], "/pro/credits/"):
        shown = text_of(browser.get(address))
        assert not any(gone in shown for gone in ("Dana", "Water heater", "60614"))
    assert "$28.00 given back. The number does not work." in text_of(browser.get(lead_of(match)))
    assert f'href="{form_of(match)}"' in browser.get("/pro/billing/").content.decode()
    assert browser.get(form_of(match))["Location"] == answer.redirect_chain[-1][0]


def test_everything_else_goes_to_a_person_with_a_promised_day(browser, match, now):
    answer = browser.post(form_of(match), BY_A_PERSON, follow=True)
    page = text_of(answer)
    assert "Sent. A person answers by Fri, May 22." in page and "Your request is with a person" in page
    assert "You asked for $28.00." in page and "2 business days left" in page and "“A bakery picked up.”" in page
    assert "You asked for the credit" in page and "Wrong or fake contact" in page


def test_sending_twice_has_one_effect(browser, match):
    first = send(browser, match)
    assert send(browser, match).pk == first.pk
    answer = browser.post(form_of(match), BY_A_PERSON | {"words": "Something else."})
    assert answer.status_code == 409 and "A credit was already asked for" in answer.content.decode()
    assert status_of(first) in answer.content.decode()
    assert browser.get(form_of(match))["Location"] == status_of(first)


def test_when_the_window_is_over_it_says_so_and_refuses(signed_in, match, now, clock):
    clock.now = now + 30 * DAY
    browser = signed_in(owner_of(match))
    assert browser.get(form_of(match)).context["shown"].refusal is None
    clock.now += timedelta(microseconds=1)
    assert "The time to ask for a credit ended Fri, Jun 19, 12:00 PM (30 days)." in text_of(browser.get(lead_of(match)))
    page = text_of(browser.get(form_of(match)))
    assert "The time to ask for a credit on this lead is over. It ended Fri, Jun 19, 12:00 PM" in page and "Send request" not in page
    answer = browser.post(form_of(match), BY_A_PERSON)
    assert answer.status_code == 409 and not CreditRequest.objects.exists()


@pytest.mark.parametrize("reason", ["", "no_answer", "outside_area", "x" * 5_000, "\0"])
def test_what_is_no_reason_is_refused_at_its_field(browser, match, reason):
    for do in ("send", "look", ""):
        answer = browser.post(form_of(match), {"reason": reason, "words": "x", "do": do})
        assert answer.status_code == (200 if do == "look" else 422)
        assert do == "look" or answer.content.decode().count("Choose one of the reasons.") == 2
    assert not CreditRequest.objects.exists()


@pytest.mark.parametrize("words", ["x" * 2_001, "a\0b"])
def test_words_that_are_too_many_are_kept_and_refused_at_their_field(browser, match, words):
    answer = browser.post(form_of(match), BY_A_PERSON | {"words": words})
    assert answer.status_code == 422 and 'id="id_words_error"' in answer.content.decode()
    assert not CreditRequest.objects.exists()


def test_words_are_shown_as_they_were_typed_never_run_and_masked_once_the_lead_is_closed(browser, match, now):
    request = send(browser, match, words="<script>alert(1)</script> call 312-555-0142")
    page = browser.get(status_of(request)).content.decode()
    assert "&lt;script&gt;" in page and "<script>alert" not in page and "312-555-0142" in page
    withdrawal.stop_all_contact(match.lead, now=now)
    assert "0142" not in browser.get(status_of(request)).content.decode()


def test_a_lead_that_the_homeowner_closed_can_be_asked_for_and_tells_nothing(browser, match, now):
    withdrawal.stop_all_contact(match.lead, now=now)
    page = text_of(browser.get(form_of(match)))
    assert "Send request for $28.00" in page
    request = send(browser, match)
    for shown in (page, text_of(browser.get(status_of(request))), text_of(browser.get("/pro/credits/"))):
        assert not any(gone in shown for gone in ("Dana", "Water heater", "60614"))


# After it


def test_a_question_is_answered_once(browser, match, renee, now):
    request = send(browser, match)
    review.ask(request, question="Who picked up at 312-555-0142?", by=renee, now=now + HOUR)
    page = text_of(browser.get(status_of(request)))
    assert "We have a question “Who picked up at [phone number hidden]?”" in page and "Renee Okafor asked you something" in page
    empty = browser.post(f"{status_of(request)}answer/", {"words": " "})
    assert empty.status_code == 422 and 'id="id_words_error"' in empty.content.decode()
    for _twice in range(2):
        answer = browser.post(f"{status_of(request)}answer/", {"words": "A bakery."}, follow=True)
        assert "We have your answer." in text_of(answer)
    assert browser.post(f"{status_of(request)}answer/", {"words": "No, a florist."}).status_code == 409
    request.refresh_from_db()
    assert (request.state, request.answer) == ("open", "A bakery.")


def test_a_refusal_has_a_name_a_rule_what_would_change_it_and_one_appeal(browser, match, renee, tom, now):
    request = send(browser, match)
    review.decide(request, by=renee, now=now + HOUR, **REFUSAL)
    page = text_of(browser.get(status_of(request)))
    assert "Not granted What we know does not prove it. “The number rang when we tried it.”" in page
    assert "2 calls at least 60 minutes apart" in page and "Decided by Renee Okafor, Wed, May 20, 1:00 PM." in page
    assert browser.post(f"{status_of(request)}appeal/", {"words": ""}).status_code == 422
    for _twice in range(2):
        appealed = browser.post(f"{status_of(request)}appeal/", {"words": "It is a bakery, try again."}, follow=True)
        assert "Your appeal is with a person" in text_of(appealed)
    assert browser.post(f"{status_of(request)}appeal/", {"words": "Once more."}).status_code == 409
    review.decide(request, by=tom, now=now + DAY, **REFUSAL | {"note": "Still it rang."})
    page = browser.get(status_of(request))
    assert "That was the answer to your appeal. It stands." in text_of(page) and 'id="appeal"' not in page.content.decode()


def test_the_list_has_the_latest_first_and_does_not_grow_in_queries(browser, match, now, django_assert_num_queries):
    assert "No credit requests yet" in text_of(browser.get("/pro/credits/"))
    first = send(browser, match)
    with django_assert_num_queries(11):
        browser.get("/pro/credits/")
    for _each in range(3):
        (other,) = seats(now=now, pros=0)
        last = send(browser, other)
    with django_assert_num_queries(11):
        page = browser.get("/pro/credits/").content.decode()
    assert page.index(status_of(last)) < page.index(status_of(first))
    for odd in ("0", "-1", "x", "9" * 5_000, "é"):
        assert browser.get("/pro/credits/", {"page": odd}).status_code == 200


def test_a_status_page_is_few_queries(browser, match, renee, now, django_assert_max_num_queries):
    request = send(browser, match)
    with django_assert_max_num_queries(20):
        browser.get(status_of(request))
    review.decide(request, by=renee, now=now + HOUR, **REFUSAL)
    with django_assert_max_num_queries(13):
        browser.get(status_of(request))


# Who


def test_another_pros_lead_and_request_are_missing(signed_in, marketplace, now):
    one, two = seats(now=now, pros=2)
    request = send(signed_in(owner_of(one)), one)
    other = signed_in(owner_of(two))
    for address in (form_of(one), f"/pro/leads/{uuid.uuid4()}/credit/", status_of(request), f"/pro/credits/{uuid.uuid4()}/"):
        assert other.get(address).status_code == 404
    for address in (form_of(one), f"{status_of(request)}answer/", f"{status_of(request)}appeal/"):
        assert other.post(address, BY_A_PERSON).status_code == 404
    assert str(request.pk) not in other.get("/pro/credits/").content.decode()


def test_a_lesser_member_may_ask_and_a_removed_one_not(signed_in, match, now):
    member = a_member(match.pro, role=Member.Role.MEMBER)
    browser = signed_in(member)
    request = send(browser, match)
    assert request.filed_by == member.subject
    Member.objects.filter(pk=member.pk).update(removed_at=now)
    assert browser.get(status_of(request)).status_code == 403


def test_after_one_dead_call_it_is_said_from_when_on_another_one_proves_it(browser, match, now):
    dead(match, at=now - 10 * MINUTE)
    hint = "One call found the number dead. One more that does, from 12:50 PM on, would prove it."
    assert hint in text_of(browser.post(form_of(match), {"reason": "wrong_contact", "do": "look"}))
    sent = browser.post(form_of(match), {"reason": "wrong_contact", "words": "A bakery."})
    assert hint in text_of(browser.get(sent.url))


def test_a_call_that_was_answered_only_briefly_is_not_said_to_be_a_conversation(browser, match, now):
    spoke(match, at=now - MINUTE, for_=MINUTE / 6)
    assert "Call 1. It was answered, by a machine or only briefly." in text_of(browser.get(form_of(match)))


def test_two_people_spoke_is_said_before_it_is_sent(browser, match, now):
    spoke(match, at=now - MINUTE)
    page = text_of(browser.post(form_of(match), BY_RULE | {"do": "look"}))
    assert "A person decides You have spoken with the homeowner." in page and "Call 1. Two people spoke." in page
