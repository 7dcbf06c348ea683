"""The staff's side of credits: the queue, a case that is decided, what may not be decided, and filing on a pro's behalf."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import Pro, User
from credits import requests, review
from credits.models import CreditRequest, Ruling, Stub
from leads.models import Match
from notifications.models import Message
from tests.credits.stories import DAY, HOUR, MINUTE, PRICE, dead, money, owner_of, rang, seats, spoke
from tests.web.staff.conftest import text_of

NOTE = "The number rang when we tried it."
GRANT = {"verdict": "grant", "grant_rule": "wrong_contact", "grant_note": "It is a bakery."}
REFUSE = {"verdict": "refuse", "refuse_rule": "not_proven", "refuse_note": NOTE}
ASK = {"verdict": "ask", "question": "Who picked up?"}


@pytest.fixture
def tom(marketplace):
    return User.objects.create_user("tom@craftyard.example", "x", name="Tom Reyes", is_staff=True)


@pytest.fixture
def toms(tom, signed_in):
    """The browser of a colleague."""
    return signed_in(tom)


@pytest.fixture
def match(marketplace, now):
    return seats(now=now)[0]


@pytest.fixture
def asked(match, tom, now):
    return ask(match, now=now)


def ask(match, *, now, reason="wrong_contact", words="A bakery picked up."):
    return requests.submit(match, reason=reason, words=words, by=owner_of(match), now=now)


def case_of(request):
    return f"/staff/credits/{request.pk}/"


def state_of(request):
    return CreditRequest.objects.get(pk=request.pk).state


# The queue


def test_the_queue_is_in_the_order_of_the_promises_and_says_what_is_left(browser, asked, match, now, clock):
    (later,) = seats(now=now, pros=0)
    later = ask(later, now=now + DAY, reason="not_owner")
    page = browser.get("/staff/credits/")
    said = text_of(page)
    assert [row["request"].pk for row in page.context["rows"]] == [asked.pk, later.pk]
    assert "2 wait for a person. 0 were granted by rule in the last 7 days." in said and "Few appeals so far" in said
    assert "2d" in said and match.pro.name in said and "Wrong or fake contact" in said and "$28.00" in said
    assert "Due first 2 My pros 0 Appeals 0 Large (over $100) 0 Answered 0" in said and "Credits 2 waiting" in said
    clock.now = now + 2 * DAY
    assert [row["due"].label for row in browser.get("/staff/credits/").context["rows"]] == ["11 hours left", "1 business day left"]
    clock.now = now + 3 * DAY
    assert "late" in text_of(browser.get("/staff/credits/"))


def test_the_chips_narrow_it_down(browser, renee, asked, now):
    Pro.objects.filter(pk=asked.match.pro_id).update(account_manager=renee)
    review.ask(asked, question="Who?", by=User.objects.get(name="Tom Reyes"), now=now)
    requests.answer(asked, words="A bakery.", by=owner_of(asked.match), now=now)
    for show, found in (("mine", 1), ("answered", 1), ("appeals", 0), ("large", 0), ("nonsense", 1), ("", 1)):
        assert len(browser.get("/staff/credits/", {"show": show}).context["rows"]) == found, show
    assert "None of these waits" in text_of(browser.get("/staff/credits/", {"show": "large"}))


def test_an_empty_queue_says_so_and_odd_pages_break_nothing(browser):
    assert "Nothing waits for a person" in text_of(browser.get("/staff/credits/"))
    for page in ("0", "-1", "x", "9" * 5_000, "é"):
        assert browser.get("/staff/credits/", {"page": page, "show": page}).status_code == 200


def test_the_queue_takes_as_many_queries_for_many_as_for_one(browser, asked, now, django_assert_num_queries):
    rang(asked.match, at=now)
    assert "0 of 3 steps, 1 call" in text_of(browser.get("/staff/credits/"))
    with django_assert_num_queries(13):
        browser.get("/staff/credits/")
    for _each in range(4):
        (match,) = seats(now=now, pros=0)
        rang(match, at=now)
        ask(match, now=now)
    with django_assert_num_queries(13):
        assert len(browser.get("/staff/credits/").context["rows"]) == 5


# A case


def test_a_case_has_all_that_is_needed_to_decide(browser, marketplace, tom, now, clock):
    one, two = seats(now=now, pros=2)
    rang(one, at=now + 7 * MINUTE)
    spoke(two, at=now + 9 * MINUTE)
    asked = ask(one, now=now + HOUR)
    clock.now = now + 2 * HOUR
    page = browser.get(case_of(asked))
    said = text_of(page)
    assert f"{one.pro.name}" in said and "Water heater replacement, Dana W., Chicago 60614" in said and "AutoMatch" in said
    assert "1 hour after the lead, of 30 days" in said and "By Fri, May 22 (2 business days left)" in said
    assert "1 request on 1 lead, 0 granted" in said and "“A bakery picked up.”" in said
    assert "Call Lead Within 30 Minutes" in said and "Calls on 1 of 3 days so far." in said and "0 of 3 steps done" in said
    assert "Call 1. Nobody answered. 12:07 PM Logged" in said
    assert f"Another seat: {two.pro.name} 1 call, and two people spoke" in said
    assert "What the rules say to the pro: What we know does not prove it." in said
    assert "We looked at your calls and at the lead, and you are right. $28.00 comes off your statement." in said
    assert "What we know of this lead: 1 call, nobody spoke. 2 calls at least 60 minutes apart" in said
    assert "Who picked up, and what did they say?" in said and "Grant $28.00" in said
    assert page.content.decode().count('aria-current="true"') == 2  # the chip and the row


def test_a_case_is_few_queries(browser, asked, django_assert_max_num_queries):
    browser.get(case_of(asked))
    with django_assert_max_num_queries(32):
        browser.get(case_of(asked))


def test_another_rule_has_another_draft(browser, asked):
    part = browser.get(case_of(asked), {"refuse_rule": "hired_other"}).content.decode()
    assert "Something that was wrong with the lead itself would help." in part
    assert browser.get(case_of(asked), {"refuse_rule": "nonsense", "grant_rule": "\x01"}).status_code == 200


def test_a_grant_gives_the_price_back_and_tells_the_pro(browser, renee, asked, match):
    answer = browser.post(case_of(asked), GRANT, follow=True)
    assert f"Granted: {match.pro.name}." in text_of(answer)
    assert money(match) == (PRICE, 0, PRICE, 0)
    assert (Ruling.objects.get().by, Ruling.objects.get().note) == (renee, "It is a bakery.")
    assert Message.objects.get(kind="credit_granted", channel="email").context["note"] == "It is a bakery."
    said = text_of(browser.get(case_of(asked)))
    assert "Granted. The contact is wrong or fake. “It is a bakery.” Renee Okafor" in said and "Evidence as it stood then" in said


def test_a_refusal_is_appealed_and_somebody_else_grants_it(browser, toms, asked, match, now, clock):
    browser.post(case_of(asked), REFUSE)
    assert state_of(asked) == "refused"
    review.appeal(asked, words="Try again.", by=owner_of(match), now=now + DAY)
    clock.now = now + DAY
    page = browser.get(case_of(asked))
    assert "You decided this request. Somebody else hears the appeal." in text_of(page) and "form" not in page.context
    answer = browser.post(case_of(asked), GRANT)
    assert answer.status_code == 403 and state_of(asked) == "open"
    assert "Appeals 1" in text_of(toms.get("/staff/credits/"))
    page = toms.get(case_of(asked))
    assert "The appeal: “Try again.”" in text_of(page)
    assert f"Refused. What we know does not prove it. “{NOTE}”" in text_of(page)
    assert "This is the appeal: then it stands." in text_of(page)
    assert toms.post(case_of(asked), GRANT).status_code == 302
    assert state_of(asked) == "granted" and money(match)[3] == 0


def test_a_question_goes_to_the_pro_and_the_case_stays(browser, asked):
    assert "The case stays in the queue." in text_of(browser.post(case_of(asked), ASK, follow=True))
    assert state_of(asked) == "asked"
    page = browser.get(case_of(asked))
    assert "We asked: Who picked up?" in text_of(page) and 'value="ask"' not in page.content.decode()
    assert browser.post(case_of(asked), ASK).status_code == 422


def test_of_two_at_once_the_second_gets_the_decided_case(browser, toms, asked):
    assert toms.get(case_of(asked)).status_code == 200
    assert browser.post(case_of(asked), REFUSE).status_code == 302
    for said in (GRANT, REFUSE, ASK, {}):
        answer = toms.post(case_of(asked), said)
        assert answer.status_code == 409
        page = answer.content.decode()
        assert "This request is decided already." in page and NOTE in page and "Renee Okafor" in page and 'id="decide"' not in page
    assert Ruling.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "verdict"),
        ({"verdict": "maybe"}, "verdict"),
        (GRANT | {"grant_rule": ""}, "grant_rule"),
        (GRANT | {"grant_rule": "not_proven"}, "grant_rule"),
        (REFUSE | {"refuse_rule": "\0"}, "refuse_rule"),
        (REFUSE | {"refuse_note": " \n"}, "refuse_note"),
        (REFUSE | {"refuse_note": "x" * 2_001}, "refuse_note"),
        (ASK | {"question": ""}, "question"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(browser, asked, said, field):
    answer = browser.post(case_of(asked), said)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in answer.content.decode() and state_of(asked) == "open"


def test_what_belongs_to_another_choice_is_not_read(browser, asked):
    assert browser.post(case_of(asked), GRANT | {"question": "", "refuse_note": ""}).status_code == 302


# Who may not


def test_who_manages_the_pro_does_not_decide(browser, renee, asked):
    Pro.objects.filter(pk=asked.match.pro_id).update(account_manager=renee)
    page = browser.get(case_of(asked))
    assert "Not yours to decide You manage this pro’s account. Somebody else decides." in text_of(page)
    assert 'id="decide"' not in page.content.decode()
    assert browser.post(case_of(asked), GRANT).status_code == 403 and state_of(asked) == "open"


def test_a_sole_member_of_staff_grants_and_only_the_owner_refuses(browser, renee, match, now):
    asked = ask(match, now=now)
    page = browser.get(case_of(asked))
    assert "Nobody else can decide here." in text_of(page) and 'value="refuse"' not in page.content.decode()
    assert browser.post(case_of(asked), REFUSE).status_code == 422
    User.objects.filter(pk=renee.pk).update(owns_marketplace=True)
    assert browser.post(case_of(asked), REFUSE).status_code == 302 and state_of(asked) == "refused"


def test_strangers_are_sent_to_sign_in_and_what_is_missing_is_404(visitor, browser, asked):
    assert visitor.get(case_of(asked))["Location"].startswith("/admin/login/")
    for address in (f"/staff/credits/{uuid.uuid4()}/", f"/staff/credits/{asked.match_id}/", f"/staff/credits/for/{asked.pk}/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/staff/credits/for/{uuid.uuid4()}/phoned/").status_code == 404


# On a pro's behalf


def test_a_phone_call_is_timed_by_a_click_and_completed_later(browser, signed_in, renee, match, now, clock):
    page = browser.get(f"/staff/leads/{match.lead_id}/").content.decode()
    assert f'action="/staff/credits/for/{match.pk}/phoned/"' in page and f'href="/staff/credits/for/{match.pk}/"' in page
    clock.now = end = now + 30 * DAY
    browser = signed_in(renee)
    for _twice in range(2):
        answer = browser.post(f"/staff/credits/for/{match.pk}/phoned/", follow=True)
        assert "Noted at 12:00 PM. The claim counts from then." in text_of(answer) and "Noted by Renee Okafor" in text_of(answer)
        clock.now += 2 * DAY
    assert Stub.objects.count() == 1
    asked = browser.post(f"/staff/credits/for/{match.pk}/", {"reason": "wrong_contact", "words": "A bakery."}, follow=True)
    assert "Filed for" in text_of(asked) and "by phone" in text_of(asked)
    request = CreditRequest.objects.get()
    assert (request.filed_by, request.received_at) == (f"staff:{renee.pk}", end)


def test_what_cannot_be_filed_says_why(browser, signed_in, renee, match, now, clock):
    file = f"/staff/credits/for/{match.pk}/"
    assert "Paid: $28.00." in text_of(browser.get(file))
    answer = browser.post(file, {"reason": "no_answer", "words": ""})
    assert answer.status_code == 422 and 'id="id_reason_error"' in answer.content.decode()
    asked = ask(match, now=now)
    page = browser.get(file)
    assert "A credit was already asked for" in text_of(page) and case_of(asked) in page.content.decode()
    assert browser.post(file, {"reason": "dead_number", "words": ""}).status_code == 409
    assert case_of(asked) in browser.get(f"/staff/leads/{match.lead_id}/").content.decode()
    clock.now = now + 30 * DAY + timedelta(seconds=1)
    (other,) = seats(now=now, pros=0)
    answer = signed_in(renee).post(f"/staff/credits/for/{other.pk}/", {"reason": "dead_number", "words": ""})
    assert answer.status_code == 409 and "The time to ask for a credit on this lead is over." in answer.content.decode()


def test_what_evidence_proves_is_granted_when_staff_file_it(browser, match, now, clock):
    dead(match, at=now)
    dead(match, at=now + HOUR)
    clock.now = now + 2 * HOUR
    answer = browser.post(f"/staff/credits/for/{match.pk}/", {"reason": "dead_number", "words": ""}, follow=True)
    assert "By rule" in text_of(answer) and Match.objects.get(pk=match.pk).state == "credited"
