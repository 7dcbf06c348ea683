"""One lead as its pro sees it."""

import uuid
from datetime import timedelta

import pytest

from accounts.contact_data import shown_phone
from accounts.models import Member
from contact import lines
from core.models import Event
from leads import withdrawal
from leads.models import Match
from leads.withdrawal import SENTENCE
from notifications.models import Message
from tests.calls import a_call
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import match_of, text_of

OPENING, READING = 28, 18
WORDS = "The tank leaks. Call me at 312-555-0177 or dana@homeowners.example, 1201 N Hoyne Ave."


@pytest.fixture
def match(prairie, now):
    for _ in range(2):
        a_pro()
    lead = a_matched_lead(now=now, description=WORDS, phone="+13125550177", street="1201 N Hoyne Ave", answers={"kind": "tank"})
    return match_of(prairie, lead)


def page_of(match):
    return f"/pro/leads/{match.pk}/"


def test_the_job_the_price_the_seats_and_why_me(browser, match):
    page = text_of(browser.get(page_of(match)))
    assert "Water heater" in page and "Dana W. in Chicago, IL 60614" in page and match.code in page
    assert "AutoMatch" in page and "The system matched you" in page
    assert "Owns the home" in page and "Call or text, 8 AM to 8 PM" in page and "This week" in page
    assert f"${match.estimate / 100:,.2f}" in page and "How we estimated it" in page and "Together" in page
    assert "Flat price. Price list 1, in force since Jan 1, 2026" in page and f"You pay ${match.price / 100:,.2f}" in page
    assert "Seats: 3 of 4 taken" in page and page.count("Another pro") == 2 and "Free" in page
    assert "All 3 eligible pros got a seat, and you are one of them." in page and "Looked at 3 pros" in page
    assert "Counts in your period" in page and "of your $600.00 budget is left now" in page


def test_the_person_stays_hidden(browser, match):
    page = browser.get(page_of(match)).content.decode()
    assert "[phone number hidden]" in page and "[email hidden]" in page and "[street hidden]" in page
    for secret in ("Whitfield", "5550177", "555-0177", "dana@", "Hoyne", match.lead.homeowner.email):
        assert secret not in page
    others = Match.objects.filter(lead=match.lead).exclude(pk=match.pk).select_related("pro")
    assert others and not any(other.pro.name in page or str(other.pk) in page for other in others)


def test_the_first_opening_is_kept_once(browser, match, owner, prairie, signed_in, clock, now):
    browser.head(page_of(match))
    assert Match.objects.get(pk=match.pk).opened_at is None
    browser.get(page_of(match))
    clock.now = now + timedelta(minutes=5)
    assert "You opened the lead" in text_of(signed_in(a_member(prairie, role=Member.Role.MEMBER)).get(page_of(match)))
    assert Match.objects.get(pk=match.pk).opened_at == now
    opened = Event.objects.get(kind="match.opened")
    assert (opened.subject, opened.actor) == (str(match.pk), owner.subject)


def test_the_timeline_tells_what_became_of_the_notices(browser, match, now):
    sent = Message.objects.filter(kind="new_lead", subject=str(match.pk))
    assert "delivered" not in text_of(browser.get(page_of(match)))
    sent.update(state="confirmed", accepted_at=now, confirmed_at=now + timedelta(seconds=4))
    page = text_of(browser.get(page_of(match)))
    assert "E-mail about the new lead delivered" in page and f"seat {match.slot} of 4" in page
    assert page.index("delivered") < page.index(f"seat {match.slot} of 4") < page.index("The homeowner asked")
    sent.update(state="failed", accepted_at=None, confirmed_at=None, failed_at=now)
    assert "could not be delivered" in text_of(browser.get(page_of(match)))


def test_a_withdrawn_lead_shows_the_sentence_the_type_the_dates_and_the_price(browser, match, now):
    browser.get(page_of(match))
    withdrawal.stop_all_contact(match.lead, now=now + timedelta(minutes=1))
    page = text_of(browser.get(page_of(match)))
    assert str(SENTENCE) in page and "AutoMatch" in page and match.code in page and f"You pay ${match.price / 100:,.2f}" in page
    for gone in ("Water", "Dana", "Chicago", "60614", "Owns", "tank", "Another pro", "seat", "eligible"):
        assert gone not in page.replace(str(SENTENCE), "")


def test_a_lead_withdrawn_before_it_was_opened_is_never_opened(browser, match, now):
    withdrawal.stop_all_contact(match.lead, now=now)
    browser.get(page_of(match))
    assert Match.objects.get(pk=match.pk).opened_at is None


def test_foreign_and_missing_answer_alike(browser, prairie, signed_in, match):
    other = Match.objects.filter(lead=match.lead).exclude(pk=match.pk).first()
    answers = [browser.get(f"/pro/leads/{pk}/") for pk in (other.pk, uuid.uuid4(), match.lead_id)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.decode().split("<main")[1] for answer in answers}) == 1
    assert browser.get("/pro/leads/not-an-id/").status_code == 404 and browser.get("/pro/leads/%00/").status_code == 400
    assert browser.post(page_of(match)).status_code == 405


def test_opening_a_lead_starts_its_clock_and_costs_more_than_reading_it(browser, match, owner, now, django_assert_num_queries):
    """Opening stamps the match, locks, reads and writes its line, promises a reminder, keeps two events, and reads the match anew."""
    with django_assert_num_queries(OPENING):
        browser.get(page_of(match))
    with django_assert_num_queries(READING):
        browser.get(page_of(match))
    for minute in range(3):
        a_call(match, by=owner, at=now + timedelta(minutes=minute))
    with django_assert_num_queries(READING + 1):  # the legs of its calls
        browser.get(page_of(match))


def test_polling_an_unchanged_lead_is_answered_with_304_although_its_clock_runs(browser, match, clock, htmx):
    etag = browser.get(page_of(match))["ETag"]
    clock.now += timedelta(minutes=7)
    assert browser.get(page_of(match), HTTP_IF_NONE_MATCH=etag, **htmx).status_code == 304


def test_an_open_lead_learns_of_the_withdrawal_by_itself(browser, match, now, htmx):
    etag = browser.get(page_of(match))["ETag"]
    assert browser.get(page_of(match), HTTP_IF_NONE_MATCH=etag, **htmx).status_code == 304
    withdrawal.stop_all_contact(match.lead, now=now)
    part = browser.get(page_of(match), HTTP_IF_NONE_MATCH=etag, **htmx).content.decode()
    assert "The homeowner withdrew" in part and "<html" not in part and "<title>Closed by the homeowner" in part


def test_an_open_lead_tells_the_tabs_how_many_leads_are_new(browser, match, now, htmx):
    page = browser.get(page_of(match))
    assert 'id="count" hidden>0' in page.content.decode() and "hx-swap-oob" not in page.content.decode()
    a_matched_lead(now=now)
    part = browser.get(page_of(match), HTTP_IF_NONE_MATCH=page["ETag"], **htmx).content.decode()
    assert 'id="count" hx-swap-oob="true">1<' in part and '<section class="act phone" id="bar" hx-swap-oob="true"' in part
    withdrawal.stop_all_contact(match.lead, now=now)
    part = browser.get(page_of(match), **htmx).content.decode()
    assert '<nav class="dock" id="bar" hx-swap-oob="true"' in part and part.count("hx-swap-oob") == 2 and 'id="dock-count">1<' in part


def test_a_credited_lead_says_so_and_shows_nothing_of_the_homeowner(browser, match, now):
    browser.get(page_of(match))
    lines.close([match.line_id], reason="credited", now=now)
    Match.objects.filter(pk=match.pk).update(state="credited", state_at=now)
    page = text_of(browser.get(page_of(match)))
    assert "The price was given back" in page and "The homeowner withdrew" not in page
    for gone in ("Water", "Dana", "60614", "Dial this number", shown_phone(match.line.number.number)):
        assert gone not in page


def test_no_page_leads_a_member_to_the_statement(signed_in, prairie, match):
    member = signed_in(a_member(prairie, role=Member.Role.MEMBER))
    for address in ("/pro/leads/", page_of(match), "/pro/account/lead-purchase-settings/"):
        assert "/pro/billing/" not in member.get(address).content.decode()
