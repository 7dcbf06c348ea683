"""The homeowner reviews its pros on the page the signed link leads to."""

import re
from datetime import timedelta

import pytest

from accounts.models import User
from leads import links, reviews, withdrawal
from leads.models import Match, Review
from tests.calls import a_call
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.homeowners.conftest import Visitor
from tests.web.pros.test_inbox import text_of

MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)


@pytest.fixture
def pros(marketplace):
    return [a_pro(name) for name in ("Prairie State Plumbing", "Fox River Plumbing")]


@pytest.fixture
def lead(pros, now):
    return a_matched_lead(now=now, name="Dana Whitfield", phone="+13125550177")


@pytest.fixture
def match(lead, pros, now, clock):
    """The first pro has called; a week has passed."""
    match = Match.objects.get(lead=lead, pro=pros[0])
    a_call(match, by=a_member(pros[0]), at=now + 5 * MINUTE, talked=90)
    clock.now = now + WEEK
    return match


def review_page(lead):
    return f"/request/{links.token(lead)}/review/"


def said(match, **changes):
    return {"match": str(match.pk), "stars": "4", "words": "On time, and tidy."} | changes


def test_there_is_one_form_for_each_pro_that_called_and_it_says_what_is_public(visitor, lead, match):
    answer = visitor.get(review_page(lead))
    page = text_of(answer)
    assert "everybody reads it as “Dana W., Chicago, May 2026”" in page and "Your last name, phone number" in page
    assert answer.content.decode().count("Publish the review") == 1 and answer.content.decode().count('type="radio"') == 5
    assert "There was no call between you and this pro" in page
    assert "Review your pros" in text_of(visitor.get(f"/request/{links.token(lead)}/"))


def test_before_the_week_is_over_the_page_says_from_when_on(visitor, lead, match, clock, now):
    clock.now = now + WEEK - MINUTE
    page = text_of(visitor.get(review_page(lead)))
    assert "It is too early to review this pro." in page and "You can from Wed, May 27 on." in page and "Publish the review" not in page
    assert "Review your pros" not in text_of(visitor.get(f"/request/{links.token(lead)}/"))
    answer = visitor.post(review_page(lead), said(match))
    assert answer.status_code == 409 and not Review.objects.exists()


def test_what_was_sent_is_shown_with_the_pros_answer(visitor, lead, match, clock):
    answer = visitor.post(review_page(lead), said(match, words="On time. Whitfield, 312-555-0177"), follow=True)
    page = text_of(answer)
    assert "Thank you. Your review of Prairie State Plumbing is public." in page and "4 of 5 stars" in page
    assert "“On time. W., [phone number hidden]”" in page and "Publish the review" not in page
    reviews.answer(match, "A pleasure.", by=match.pro.members.get(), now=clock.now)
    assert "Prairie State Plumbing answered: “A pleasure.”" in text_of(visitor.get(review_page(lead)))


def test_a_second_send_answers_with_the_first_one(visitor, lead, match):
    for stars in ("5", "1"):
        assert visitor.post(review_page(lead), said(match, stars=stars)).status_code == 302
    assert Review.objects.get().stars == 5


def test_stars_alone_are_enough_and_what_was_typed_stays_without_them(visitor, lead, match):
    answer = visitor.post(review_page(lead), said(match, stars=""))
    page = answer.content.decode()
    assert answer.status_code == 422 and "Choose one to five stars." in page and "On time, and tidy." in page
    assert (linked := re.search(r'<a href="#(id_\w+_stars_0)"', page)) and f'id="{linked[1]}"' in page
    assert visitor.post(review_page(lead), said(match, words="")).status_code == 302


@pytest.mark.parametrize(
    "nonsense",
    [
        {"stars": "6"},
        {"stars": "٤"},
        {"stars": "4.0"},
        {"stars": "\0"},
        {"stars": "9" * 5_000},
        {"words": "x" * 1_001},
        {"match": ""},
        {"match": "x"},
        {"match": "%d%s%(x)s"},
        {"match": "\0"},
        {"match": "9" * 5_000},
        {"match": "00000000-0000-7000-8000-000000000000"},
        {"match": "%s", "stars": ""},
    ],
)
def test_nonsense_is_refused_and_nothing_kept(visitor, lead, match, nonsense):
    answer = visitor.post(review_page(lead), said(match) | nonsense)
    assert answer.status_code == 422 and "data-problems" in answer.content.decode() and not Review.objects.exists()


def test_the_pro_of_another_request_is_none_of_this_one(visitor, lead, match, pros, now):
    other = a_matched_lead(now=now)
    theirs = Match.objects.get(lead=other, pro=pros[0])
    a_call(theirs, by=match.pro.members.get(), at=now + 5 * MINUTE, talked=90)
    assert visitor.post(review_page(lead), said(theirs)).status_code == 422
    assert visitor.post(review_page(lead), said(theirs, stars="")).status_code == 422
    assert not Review.objects.exists()


def test_a_forged_link_and_that_of_another_marketplace_are_missing(visitor, lead, match):
    token = links.token(lead)
    links.revoke(lead)
    strangers = [visitor.get(f"/request/{each}/review/") for each in (token, token[:-2] + "AA", "nothing")]
    strangers.append(Visitor("hearthline.localhost").get(review_page(lead)))
    assert {answer.status_code for answer in strangers} == {404}
    assert visitor.post(f"/request/{token}/review/", said(match)).status_code == 404


def test_one_that_was_taken_down_says_so_to_its_writer(visitor, lead, match, clock):
    visitor.post(review_page(lead), said(match))
    staff = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    reviews.take_down(Review.objects.get().pk, "It is of another job.", by=staff, now=clock.now)
    page = text_of(visitor.get(review_page(lead)))
    assert "Taken down by the marketplace: It is of another job." in page and "On time" not in page and "Renee" not in page


def test_after_stop_all_contact_it_can_still_be_said(visitor, lead, match, now):
    withdrawal.stop_all_contact(lead, now=now + timedelta(days=1))
    assert visitor.post(review_page(lead), said(match)).status_code == 302 and Review.objects.exists()


def test_a_request_that_nobody_has_shows_nobody(visitor, marketplace, now):
    alone = a_matched_lead(now=now)
    assert "there is nobody to review" in text_of(visitor.get(review_page(alone)))
