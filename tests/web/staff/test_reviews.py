"""The staff's list of reviews, and one that is taken down with a reason."""

import uuid
from datetime import timedelta

import pytest

from contact import lines
from leads import reviews
from leads.models import Match, Review
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.staff.conftest import text_of

WEEK = timedelta(days=7)
PAGE = "/staff/reviews/"


@pytest.fixture
def review(marketplace, now, clock):
    pro = a_pro("Prairie State Plumbing")
    match = Match.objects.select_related("line").get(pro=pro, lead=a_matched_lead(now=now, name="Dana Whitfield"))
    lines.touched(match.line, at=now)
    clock.now = now + WEEK
    return reviews.write(match.lead, match.pk, stars=1, words="My neighbour Whitfield is a thief.", now=now + WEEK)


def take_down(browser, review, reason="It names a neighbour."):
    return browser.post(f"{PAGE}{review.pk}/", {"reason": reason})


def test_without_reviews_the_page_says_so(browser, marketplace):
    assert "No reviews yet" in text_of(browser.get(PAGE))


def test_the_newest_are_listed_and_one_is_taken_down_with_a_reason(browser, review, renee):
    page = text_of(browser.get(PAGE))
    assert "Prairie State Plumbing" in page and "1 of 5 stars" in page and "Dana W., Chicago, May 2026" in page and "Whitfield" not in page
    assert take_down(browser, review).status_code == 302
    page = text_of(browser.get(PAGE))
    assert "Taken down: a review of Prairie State Plumbing." in page
    assert "Taken down by the marketplace: It names a neighbour." in page and "By Renee Okafor, Wed, May 27" in page
    assert "Take the review down" not in page
    assert Review.objects.get().taken_down_by == renee


@pytest.mark.parametrize("reason", ["", " ", "\0", "\u200b", "x" * 301])
def test_a_reason_is_needed(browser, review, reason):
    answer = take_down(browser, review, reason)
    page = answer.content.decode()
    assert answer.status_code == 422 and "<details open" in page and "data-problems" in page
    assert not Review.objects.get().is_down


def test_who_comes_second_is_told(browser, review):
    for _ in range(2):
        assert take_down(browser, review).status_code == 302
    assert "This review was taken down." in text_of(browser.get(PAGE))


def test_a_missing_one_is_missing_whatever_was_said(browser, review):
    for reason in ("It names a neighbour.", ""):
        assert browser.post(f"{PAGE}{uuid.uuid4()}/", {"reason": reason}).status_code == 404
    assert browser.get(f"{PAGE}{review.pk}/").status_code == 405


def test_a_member_of_a_pro_is_no_staff(signed_in, review):
    owner = signed_in(a_member(review.pro).user)
    assert owner.get(PAGE)["Location"].startswith("/admin/login/") and take_down(owner, review)["Location"].startswith("/admin/login/")
    assert not Review.objects.get().is_down


@pytest.mark.parametrize("page", ["2", "0", "x", "9" * 5_000, "\u0665"])
def test_any_page_can_be_asked_for(browser, review, page):
    assert browser.get(PAGE, {"page": page}).status_code == 200
