"""The homeowner sees who has the details since when, and stops it with one tap (RULES 6, 21, 26)."""

import re
from datetime import timedelta

import pytest

from core.tenancy import scope
from leads import links, matching, withdrawal
from leads.models import Lead, Match
from tests.calls import a_call
from tests.factories import a_lead, a_matched_lead, a_member, a_pro
from tests.web.homeowners.conftest import Visitor

NAMES = ("Prairie State Plumbing", "Fox River Plumbing & Drain", "Oakhurst Mechanical", "Dupage Water Works")


@pytest.fixture
def pros(marketplace):
    """Three pros who could do it."""
    return [a_member(a_pro(name)).pro for name in NAMES[:3]]


@pytest.fixture
def lead(pros, now):
    """A request that three pros have."""
    return a_matched_lead(
        now=now, description="Leaking. Call 630-555-0117, 1201 N Hoyne Ave.", name="Dana Whitfield", email="dana@homeowners.example"
    )


def page_of(visitor, lead, **headers):
    return visitor.get(f"/request/{links.token(lead)}/", headers=headers)


def text_of(answer) -> str:
    """The page as it is read: without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode().replace("&amp;", "&")))


def test_three_pros_are_named_with_the_time_since_when(visitor, lead):
    page = text_of(page_of(visitor, lead))
    for name in NAMES[:3]:
        assert f"{name} since 12:00 PM Has not opened your request yet." in page
    assert "Three pros have your details. We look for more until Sat, May 23, 12:00 PM" in page
    assert "4 This seat is free" in page
    assert page.count("got your details 12:00 PM") == 3


def test_the_words_agreed_to_stand_there_with_time_and_names(visitor, lead):
    page = text_of(page_of(visitor, lead))
    assert lead.consent.words in page and "Agreed on May 20, 2026, 12:00 PM." in page
    assert "Pros named to you" in page and f"{NAMES[0]}, Wed, May 20, 12:00 PM" in page


def test_the_estimate_stands_there_with_its_reasons(visitor, lead):
    page = text_of(page_of(visitor, lead))
    assert "Typical $1,650.00" in page
    assert all(reason in page for reason in lead.estimate_reasons)


def test_nothing_on_the_page_is_a_number_or_an_address(visitor, lead, pros):
    page = page_of(visitor, lead).content.decode()
    assert "[phone number hidden], [street hidden]" in page
    for secret in ("630-555", "Hoyne", "Whitfield", "dana@", lead.homeowner.phone[2:], "@pros.example", *(pro.phone for pro in pros)):
        assert not secret or secret not in page


def test_a_pro_who_opened_the_request_is_said_to_have(visitor, lead, now):
    Match.objects.filter(lead=lead, slot=2).update(opened_at=now + timedelta(minutes=4))
    assert "Opened your request: 12:04 PM." in text_of(page_of(visitor, lead))


@pytest.mark.parametrize(
    ("hours", "pros_there", "sentence"),
    [
        (0, 0, "Nobody who does Water heater replacement in 60614 can take it now. You stay on our list until Sat, May 23, 12:00 PM."),
        (73, 0, "Nobody has your details. No pro was free within 72 hours, and we stopped looking."),
        (73, 2, "Two pros have your details. No more pros were free within 72 hours, so nobody else gets them."),
        (0, 1, "One pro has your details. We look for more until Sat, May 23, 12:00 PM"),
        (0, 4, "Four pros have your details. All seats are taken, so nobody else gets them."),
    ],
)
def test_what_comes_next_is_said_honestly(visitor, now, clock, hours, pros_there, sentence):
    for name in NAMES[:pros_there]:
        a_pro(name)
    lead = a_matched_lead(now=now)
    clock.now = now + timedelta(hours=hours)
    matching.route(lead_id=lead.pk, now=clock.now)
    assert sentence in text_of(page_of(visitor, lead))


def test_before_the_first_look_the_page_says_that_we_look(visitor, now):
    answer = page_of(visitor, a_lead(now=now))
    assert "We are looking for pros now. This page updates by itself." in text_of(answer)
    assert 'hx-trigger="every 5s, wake from:body"' in answer.content.decode()


def test_seats_of_another_request_keep_their_names_to_themselves(visitor, lead, now, clock):
    """Whoever knows a phone number must not learn whom its owner asked."""
    clock.now = now + timedelta(days=1)
    second = a_matched_lead(now=clock.now, email="dana@homeowners.example", phone="", name="Somebody Else")
    assert second.group_id == lead.pk
    page = text_of(page_of(visitor, second))
    assert not any(name in page for name in NAMES) and page.count("Taken by another request") == 3


# Live


def test_an_unchanged_page_costs_a_304_of_few_queries(visitor, lead, htmx, django_assert_max_num_queries):
    page = page_of(visitor, lead).content.decode()
    etag = re.search(r'data-etag="([^"]+)"', page)[1].replace("&quot;", '"')
    with django_assert_max_num_queries(6):  # marketplace, two settings of the scope, two savepoints, the lead, its seats
        answer = page_of(visitor, lead, **htmx, **{"If-None-Match": etag})
    assert answer.status_code == 304 and not answer.content


def test_a_change_comes_as_a_fragment_and_is_spoken(visitor, lead, htmx, now, clock):
    etag = page_of(visitor, lead, **htmx)["ETag"]
    a_pro(NAMES[3])
    clock.now = now + timedelta(minutes=5)
    matching.route(lead_id=lead.pk, now=clock.now)
    answer = page_of(visitor, lead, **htmx, **{"If-None-Match": etag})
    page = answer.content.decode()
    assert answer.status_code == 200 and answer["ETag"] != etag
    assert "<html" not in page and NAMES[3] in page and "every 5s" not in page
    assert '<p id="voice" class="sr" role="status" hx-swap-oob="innerHTML">Four pros have your details.' in page


def test_a_new_day_is_a_change_too(visitor, lead, htmx, clock):
    etag = page_of(visitor, lead, **htmx)["ETag"]
    clock.now += timedelta(hours=24)
    assert page_of(visitor, lead, **htmx)["ETag"] != etag


def test_the_whole_page_is_few_queries(visitor, lead, django_assert_max_num_queries):
    page_of(visitor, lead)
    with django_assert_max_num_queries(10):
        page_of(visitor, lead)


# Stop all contact


def test_one_tap_asks_once_the_second_stops_everything(visitor, lead, clock, now):
    url = f"/request/{links.token(lead)}/stop/"
    page = visitor.get(url).content.decode()
    assert "Yes, stop" in page and "Keep" in page and not Match.objects.filter(state="withdrawn").exists()

    clock.now = now + timedelta(minutes=20)
    answer = visitor.post(url)
    assert answer.url == f"/request/{links.token(lead)}/"
    page = text_of(visitor.get(answer.url))
    assert "All contact stopped at 12:20 PM on May 20, 2026" in page
    assert str(withdrawal.SENTENCE) in page
    assert page.count("Stopped 12:20 PM") == 3 and "Your details are closed to every pro." in page
    assert "You stopped all contact 12:20 PM" in page
    assert 'hx-trigger="every' not in visitor.get(answer.url).content.decode()


def test_stopping_twice_shows_the_first_proof(visitor, lead, clock, now):
    url = f"/request/{links.token(lead)}/stop/"
    visitor.post(url)
    clock.now = now + timedelta(hours=1)
    assert visitor.get(url).status_code == visitor.post(url).status_code == 302
    assert "All contact stopped at 12:00 PM on May 20, 2026" in text_of(page_of(visitor, lead))


def test_a_request_nobody_has_yet_can_be_stopped(visitor, now):
    lead = a_lead(now=now)
    assert "We stop looking for pros." in visitor.get(f"/request/{links.token(lead)}/stop/").content.decode()
    visitor.post(f"/request/{links.token(lead)}/stop/")
    matching.route(lead_id=lead.pk, now=now)
    lead.refresh_from_db()
    assert lead.outcome == Lead.Outcome.WITHDRAWN


def test_with_htmx_the_question_stands_in_place(visitor, lead, htmx):
    confirm = visitor.get(f"/request/{links.token(lead)}/stop/", headers=htmx).content.decode()
    assert "<html" not in confirm and 'id="stop"' in confirm and "autofocus" in confirm
    kept = page_of(visitor, lead, **htmx, **{"HX-Target": "stop"}).content.decode()
    assert "<html" not in kept and 'id="stop"' in kept and "Yes, stop" not in kept


def test_a_page_left_open_learns_that_another_device_stopped(visitor, lead, htmx):
    visitor.post(f"/request/{links.token(lead)}/stop/")
    assert page_of(visitor, lead, **htmx)["HX-Refresh"] == "true"


# The link


def test_a_new_link_ends_every_earlier_one(visitor, lead):
    old = f"/request/{links.token(lead)}/"
    answer = visitor.post(f"{old}new-link/")
    assert answer.status_code == 302 and answer.url != old
    assert "This is your new link." in visitor.get(answer.url).content.decode()
    for path in (old, f"{old}stop/"):
        assert visitor.get(path).status_code == 404
    assert visitor.post(f"{old}stop/").status_code == visitor.post(f"{old}new-link/").status_code == 404
    assert not Match.objects.filter(state="withdrawn").exists()


def test_after_a_new_link_the_form_s_browser_is_not_let_in_again(visitor):
    answer = visitor.send()
    visitor.post(f"{answer.url}new-link/")
    assert visitor.look("you").url == "/request/"


def test_forged_foreign_and_missing_links_answer_alike(visitor, lead, opt_in):
    token = links.token(lead)
    forged = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    answers = [visitor.get(f"/request/{text}/") for text in (forged, "x", "services", "A" * 43, "Ü" * 40, "A" * 5000)]
    answers.append(Visitor("hearthline.localhost").get(f"/request/{token}/"))
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r"Craftyard|Hearthline|craftyard|hearthline|data-now=\S+", "", answer.content.decode()) for answer in answers}) == 1


def test_the_page_is_private(visitor, lead):
    answer = page_of(visitor, lead)
    assert answer["Referrer-Policy"] == "same-origin" and "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex, nofollow"' in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_what_is_written_to_stop_needs_the_browser_that_saw_the_page(marketplace, lead):
    strict = Visitor()
    strict.handler.enforce_csrf_checks = True
    assert strict.post(f"/request/{links.token(lead)}/stop/").status_code == 403
    with scope(marketplace):
        assert not Match.objects.filter(state="withdrawn").exists()


def test_a_link_has_one_spelling(marketplace, visitor, now):
    """Logs blank a token by how it looks: another spelling of the same bytes opens nothing."""
    token = links.token(a_lead(now=now))
    assert visitor.get(f"/request/{token}/").status_code == 200
    for spelling in (token[:5] + "!" + token[5:], token + "=", token + "A", f" {token}"):
        assert visitor.get(f"/request/{spelling}/").status_code == 404


def test_a_call_is_said_with_the_seat_it_was_for(visitor, lead, pros, now):
    second = Match.objects.get(lead=lead, slot=2)
    a_call(second, by=a_member(second.pro, email="caller@pros.example", now=now), at=now + timedelta(minutes=5), talked=14)
    page = text_of(page_of(visitor, lead))
    assert page.count("Called you: 12:05 PM, and you talked for 14 seconds.") == 0, "too short to have talked"
    assert page.count("Called you: 12:05 PM.") == 1 and page.count("Has not called yet.") == 2
