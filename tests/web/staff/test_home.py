"""The first page of the staff area: who gets in, and which leads stand there."""

from datetime import timedelta

import pytest

from credits import requests
from leads.models import Lead, Match
from tests.factories import a_lead, a_matched_lead, a_member, a_pro
from tests.web.staff.conftest import text_of


def test_the_newest_leads_stand_there_with_their_outcome_and_seats(browser, lead, now):
    waiting = a_lead(now=now + timedelta(minutes=1), name="Ines Moreau")
    page = browser.get("/staff/")
    said = text_of(page)
    assert [row.lead.pk for row in page.context["leads"]] == [waiting.pk, lead.pk]
    assert "Ines M. in Chicago, IL 60614" in said and "0 of 4 seats" in said and "New" in said
    assert "Dana W." in said and "4 of 4 seats" in said and "Filled" in said
    assert f'href="/staff/leads/{lead.pk}/"' in page.content.decode() and 'href="/admin/"' in page.content.decode()


def test_a_lead_is_found_as_in_the_admin_and_by_a_match_code(browser, lead, now):
    other = a_matched_lead(now=now, zip="60618", name="Ines Moreau", phone="+17085550133", email="ines@homeowners.example")
    code = Match.objects.filter(lead=lead).first().code

    def found(words):
        return [row.lead.pk for row in browser.get("/staff/", {"q": words}).context["leads"]]

    for words in (str(other.pk), "(708) 555-0133", "INES@homeowners.example", "60618", "moreau", " Ines "):
        assert found(words) == [other.pk], words
    assert found(code) == found(code.lower()) == [lead.pk]
    assert found("60615") == found("nobody@homeowners.example") == found("708 555 0134") == []


@pytest.mark.parametrize("words", ["\x01", "é" * 300, "9" * 5000, "@", "AM-", "'; --", "%", "\ud800", "{0}"])
def test_odd_words_find_nothing_and_break_nothing(browser, lead, words):
    assert browser.get("/staff/", {"q": words.encode("utf-8", "surrogatepass")}).status_code == 200


def test_nothing_found_and_nothing_there_say_so(browser):
    assert "No leads yet" in text_of(browser.get("/staff/"))
    assert "No lead found" in text_of(browser.get("/staff/", {"q": "nobody"}))


def test_the_list_takes_as_many_queries_for_many_leads_as_for_one(browser, lead, now, django_assert_num_queries):
    browser.get("/staff/")
    with django_assert_num_queries(9):
        browser.get("/staff/")
    for _ in range(30):
        a_lead(now=now)
    with django_assert_num_queries(9):
        assert len(browser.get("/staff/").context["leads"]) == 25


def test_strangers_and_members_of_pros_are_sent_to_the_sign_in_of_the_admin_and_back(visitor, signed_in, lead):
    path = f"/staff/leads/{lead.pk}/?pro=Broke"
    for somebody in (visitor, signed_in(a_member(a_pro()).user)):
        answer = somebody.get(path)
        assert answer.status_code == 302
        assert answer["Location"] == f"/admin/login/?next=/staff/leads/{lead.pk}/%3Fpro%3DBroke"
        assert somebody.post(path).status_code == 405
    part = visitor.get("/staff/", HTTP_HX_REQUEST="true", HTTP_HX_CURRENT_URL=f"http://craftyard.localhost{path}")
    assert part["HX-Redirect"] == f"/admin/login/?next=/staff/leads/{lead.pk}/"


def test_who_is_no_longer_staff_is_out_at_once(browser, renee):
    assert browser.get("/staff/").status_code == 200
    renee.is_staff = False
    renee.save()
    assert browser.get("/staff/").status_code == 302


def test_the_admins_page_of_a_lead_leads_here(browser, lead):
    assert f'href="/staff/leads/{lead.pk}/"' in browser.get(f"/admin/leads/lead/{lead.pk}/change/").content.decode()


def test_a_withdrawn_lead_says_so(browser, lead, now):
    Lead.objects.filter(pk=lead.pk).update(withdrawn_at=now)
    assert "Withdrawn" in text_of(browser.get("/staff/"))


def test_the_requests_that_wait_are_counted_on_every_page(browser, lead, now):
    match = lead.matches.first()
    requests.submit(match, by=a_member(match.pro), reason="wrong_contact", words="A bakery.", now=now)
    for address in ("/staff/", f"/staff/leads/{lead.pk}/"):
        assert "Credits 1 waiting" in text_of(browser.get(address))
