"""The page of the code: asked for with one button, typed without a script, sent again, or to another number (RULES 5)."""

from datetime import timedelta

import pytest

from core.policy import publish
from leads import links
from leads.models import Lead, PhoneCode
from leads.policy import PhoneCheck
from notifications.models import Message
from operations.presets import PRESETS
from tests.factories import the_code
from tests.leads.test_phone_check import wrong
from tests.web.homeowners.conftest import Visitor

MINUTE = timedelta(minutes=1)


@pytest.fixture
def strict(marketplace, now):
    sections = PRESETS["lead_manager"].sections
    publish([PhoneCheck(mode="required") if isinstance(each, PhoneCheck) else each for each in sections], now=now)


@pytest.fixture
def asked(strict, visitor):
    """A request that waits for its code; gives the address of the page of the code."""
    answer = visitor.send()
    assert answer.url.endswith("/code/")
    return answer.url


def test_a_request_waits_for_its_code_and_goes_on_with_it(visitor, asked):
    page = visitor.get(asked).content.decode()
    assert "No pro sees it before your phone is confirmed." in page and "(312) 555-0142" in page and 'name="code"' not in page
    assert not Message.objects.exists(), "nothing is texted before they ask for it"
    assert visitor.post(asked).url == asked
    page = visitor.get(asked).content.decode()
    assert 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page
    lead = Lead.objects.get()
    answer = visitor.post(asked, {"code": the_code(lead)})
    assert answer.url == f"/request/{links.token(lead)}/"
    page = visitor.get(answer.url).content.decode()
    assert "Your phone number is confirmed." in page and "Your phone was checked by code" in page and asked not in page
    assert Lead.objects.get().state == "new"
    assert visitor.get(asked).url == answer.url, "nothing is left to do there"


def test_who_chooses_goes_on_to_the_pros(strict, visitor):
    address = visitor.send(way="choose").url
    assert visitor.get(address.replace("/code/", "/choose/")).url == address.removesuffix("code/")
    visitor.post(address)
    assert visitor.post(address, {"code": the_code(Lead.objects.get())}).url.endswith("/choose/")


def test_the_page_of_the_request_says_what_is_missing(visitor, asked):
    page = visitor.get(asked.removesuffix("code/")).content.decode()
    assert "Confirm your phone" in page and asked in page and "Confirm by text" in page
    assert "nobody gets it before your phone is confirmed" in page
    assert "Your request ends, unless your phone is confirmed" in page


def test_a_wrong_code_is_counted_and_said_without_a_hint(visitor, asked):
    visitor.post(asked)
    right = the_code(Lead.objects.get())
    for _ in range(5):
        answer = visitor.post(asked, {"code": wrong(right)})
        assert answer.status_code == 200 and "This is not the newest code" in answer.content.decode()
    assert PhoneCode.objects.get().attempts == 5
    answer = visitor.post(asked, {"code": right})
    assert answer.status_code == 200 and "This is not the newest code" in answer.content.decode()


def test_an_empty_code_is_no_guess(visitor, asked):
    visitor.post(asked)
    assert visitor.post(asked, {"code": " "}).status_code == 422
    assert PhoneCode.objects.get().attempts == 0


def test_a_second_tap_sends_no_second_code(visitor, asked):
    visitor.post(asked)
    answer = visitor.post(asked)
    assert answer.status_code == 429 and "A code was sent a moment ago." in answer.content.decode()
    assert PhoneCode.objects.count() == 1


def test_a_new_code_can_be_asked_for_when_the_page_says(visitor, asked, clock, htmx):
    visitor.post(asked)
    page = visitor.get(asked).content.decode()
    assert "You can ask for a new code from 12:01:00 PM" in page and "load delay:61s" in page
    clock.now += MINUTE
    part = visitor.get(asked, headers=htmx | {"HX-Target": "again"}).content.decode()
    assert "Text me a new code" in part and "<html" not in part
    visitor.post(asked)
    assert PhoneCode.objects.count() == 2


def test_another_number_is_told_in_one_go(visitor, asked):
    assert visitor.post(asked, {"phone": "(312) 555-0143"}).url == asked
    assert "(312) 555-0143" in visitor.get(asked).content.decode()
    assert Message.objects.get(kind="phone_code").address == "+13125550143"


@pytest.mark.parametrize("number", ["", "555", "800 555 0142", "+44 20 7946 0958", "\x00"])
def test_a_number_that_is_none_is_said_at_its_field(visitor, asked, number):
    answer = visitor.post(asked, {"phone": number})
    assert answer.status_code == 422 and 'id="id_phone_error"' in answer.content.decode()
    assert not PhoneCode.objects.exists()


def test_when_all_codes_are_sent_the_page_says_so(visitor, asked, clock):
    for _ in range(3):
        assert visitor.post(asked).status_code == 302
        clock.now += MINUTE
    answer = visitor.post(asked)
    assert answer.status_code == 429 and "We sent as many codes for this request as we may." in answer.content.decode()
    assert "Use another number" not in answer.content.decode()


def test_too_late_is_said_on_the_page_of_the_request(visitor, asked, clock):
    clock.now += timedelta(days=1)
    assert visitor.get(asked).url == asked.removesuffix("code/")
    assert visitor.post(asked, {"code": "123456"}).url == asked.removesuffix("code/")


def test_where_it_is_optional_the_page_offers_it(visitor):
    answer = visitor.send()
    page = visitor.get(answer.url).content.decode()
    assert "It goes on without, too." in page
    address = f"{answer.url}code/"
    visitor.post(address)
    assert "Use another number" not in visitor.get(address).content.decode()
    visitor.post(address, {"code": the_code(Lead.objects.get())})
    assert Lead.objects.get().phone_confirmed_at


def test_the_form_is_limited_by_network(marketplace, now, settings):
    from dataclasses import replace

    publish([replace(PRESETS["lead_manager"].sections[0], address_hour=1)], now=now)
    settings.PROXY_ADDRESS_HEADER = "HTTP_X_REAL_IP"
    key = []
    for number, address in enumerate(("203.0.113.7", "203.0.113.7", "203.0.113.8", "")):
        visitor = Visitor()
        key = visitor.reach_last_step()
        said = {"key": key, "name": "Dana Whitfield", "phone": f"(312) 555-015{number}", "email": f"d{number}@h.example", "agreed": "on"}
        answer = visitor.say("you", said | {"way": "match"}, **{"X-Real-IP": address})
        assert answer.status_code == (422 if number == 1 else 302)
        if number == 1:
            assert "Too many requests came from your network" in answer.content.decode()
    assert [lead.consent.ip for lead in Lead.objects.order_by("submitted_at", "pk")] == ["203.0.113.7", "203.0.113.8", None]
