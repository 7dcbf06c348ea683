"""What homeowners did not find in the list, answered by staff (RULES 9)."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import Service
from leads import unlisted
from leads.models import Lead, Wish
from tests.factories import a_request
from tests.web.staff.conftest import text_of

PAGE = "/staff/unlisted/"
ADD = {"do": "add", "trade": "roofing", "name": "Solar tube", "synonyms": "sun tunnel, light pipe", "like": "", "low": "400",
       "typical": "800", "high": "1,200", "lead_price": "25"}  # fmt: skip


@pytest.fixture
def wish(marketplace, now):
    said = replace(a_request(name="Dana Whitfield", description="Call (312) 555-0142."), service="", answers={})
    return unlisted.ask("Solar tube", "roofing", said, submit_key="one", look_by=now + timedelta(days=1), now=now)


def answer(browser, wish, **said):
    return browser.post(f"{PAGE}{wish.pk}/", said)


def test_nothing_waits(browser, marketplace):
    assert "Nothing waits" in text_of(browser.get(PAGE))


def test_what_waits_stands_there_without_what_gives_the_person_away(browser, wish):
    page = text_of(browser.get(PAGE))
    assert "Solar tube" in page and "by Thu, May 21" in page and "Dana W. in Chicago, IL 60614" in page
    assert "[phone number hidden]" in page and "Whitfield" not in page


def test_a_service_is_made_of_it(browser, wish, renee):
    assert answer(browser, wish, **ADD).status_code == 302
    service = Service.objects.get(code="solar-tube")
    assert service.trade.code == "roofing" and service.synonyms == ["sun tunnel", "light pipe"]
    kept = Wish.objects.get()
    assert (kept.state, kept.decided_by) == ("offered", renee)
    page = text_of(browser.get(PAGE))
    assert "Answered: Solar tube." in page and "Waiting for a pro" in page


def test_it_is_sent_as_another_service(browser, wish):
    assert answer(browser, wish, do="send", service="water-heater").status_code == 302
    assert Lead.objects.get().service.code == "water-heater"


def test_it_is_refused_with_a_reason(browser, wish):
    assert answer(browser, wish, do="refuse", reason="").status_code == 422
    assert answer(browser, wish, do="refuse", reason="Nobody does this here.").status_code == 302
    assert Wish.objects.get().reason == "Nobody does this here."


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "!"}, {"trade": "x"}, {"like": "x"}, {"low": "a lot"}, {"typical": ""}, {"high": "1"}, {"lead_price": "0"},
     {"lead_price": ""}, {"lead_price": "٥"}, {"name": "x" * 81}, {"name": "\x00"}],
)  # fmt: skip
def test_nonsense_is_said_and_nothing_is_made(browser, wish, wrong):
    reply = answer(browser, wish, **ADD | wrong)
    assert reply.status_code == 422 and "data-problems" in reply.content.decode()
    assert Wish.objects.get().state == "waiting" and not Service.objects.filter(code="solar-tube").exists()


def test_whoever_comes_second_is_told_so(browser, wish, renee, now):
    unlisted.refuse(wish.pk, "Nobody does this here.", by=renee, now=now)
    assert answer(browser, wish, **ADD).status_code == 302
    assert "Somebody answered this request before." in text_of(browser.get(PAGE))


def test_a_missing_request_and_a_strange_answer_are_not_found(browser, wish):
    assert browser.post(f"{PAGE}{uuid.uuid4()}/", ADD).status_code == 404
    assert answer(browser, wish, do="dance").status_code == 404
