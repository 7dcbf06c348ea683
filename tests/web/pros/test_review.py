"""The homeowner's review on the lead page, and the pro's one answer."""

from datetime import timedelta

import pytest

from accounts.models import Member, User
from contact import lines
from leads import reviews, withdrawal
from leads.models import Review
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import match_of, text_of
from tests.web.pros.test_lead import page_of

WEEK = timedelta(days=7)


@pytest.fixture
def match(prairie, now, clock):
    """A lead of a week ago, which the homeowner reviews now."""
    match = match_of(prairie, a_matched_lead(now=now, name="Dana Whitfield"))
    lines.touched(match.line, at=now)
    clock.now = now + WEEK
    return match


@pytest.fixture
def review(match, now):
    return reviews.write(match.lead, match.pk, stars=4, words="Good work. Ring me: 312-555-0177, Whitfield", now=now + WEEK)


def answer(browser, match, words="We thank you."):
    return browser.post(f"{page_of(match)}review/", {"words": words})


def test_a_review_is_shown_without_what_leads_to_its_writer(browser, match, review):
    page = text_of(browser.get(page_of(match)))
    assert "The homeowner’s review" in page and "4 of 5 stars" in page and "Dana W., Chicago, May 2026" in page
    assert "“Good work. Ring me: [phone number hidden], W.”" in page and "Whitfield" not in page
    assert "The homeowner reviewed you: 4 of 5 stars" in page


def test_without_a_review_there_is_nothing_to_answer(browser, match):
    assert "The homeowner’s review" not in text_of(browser.get(page_of(match)))
    assert answer(browser, match).status_code == answer(browser, match, "").status_code == 404


def test_any_member_answers_once(browser, match, review, prairie, signed_in):
    colleague = signed_in(a_member(prairie, role=Member.Role.MEMBER))
    assert answer(colleague, match).status_code == 302
    page = text_of(browser.get(page_of(match)))
    assert "Prairie State Plumbing answered: “We thank you.”" in page and "answered the review" in page
    assert "Publish the answer" not in page
    assert answer(browser, match, "Once more.").status_code == 302
    assert "This review is answered already." in text_of(browser.get(page_of(match)))
    assert Review.objects.get().answer == "We thank you."


@pytest.mark.parametrize("words", ["", "  ", "\0", "\u200b", "x" * 1_001])
def test_nonsense_is_refused_and_nothing_kept(browser, match, review, words):
    said = answer(browser, match, words)
    assert said.status_code == 422 and "data-problems" in said.content.decode()
    assert Review.objects.get().answer == ""


def test_another_pro_cannot_answer(match, review, signed_in):
    assert answer(signed_in(a_member(a_pro())), match).status_code == 404


def test_the_review_stays_when_the_lead_is_closed(browser, match, review, now):
    withdrawal.stop_all_contact(match.lead, now=now + WEEK)
    page = text_of(browser.get(page_of(match)))
    assert "4 of 5 stars" in page and "Publish the answer" in page
    assert answer(browser, match).status_code == 302


def test_one_that_was_taken_down_cannot_be_answered(browser, match, review, now):
    staff = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    reviews.take_down(review.pk, "It is of another job.", by=staff, now=now + WEEK)
    page = text_of(browser.get(page_of(match)))
    assert "Taken down by the marketplace: It is of another job." in page and "Good work" not in page and "Publish the answer" not in page
    answer(browser, match)
    assert "This review was taken down." in text_of(browser.get(page_of(match))) and Review.objects.get().answer == ""
