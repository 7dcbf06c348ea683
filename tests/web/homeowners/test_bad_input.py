"""Whatever arrives gets a clear answer: never a 500, never a partial write, never over a second (INVARIANTS, Bad input)."""

import time

import pytest
from django.urls import reverse

from leads.models import Lead
from tests.web.homeowners.conftest import JOB, PERSON, SERVICE

NASTY = {
    "nul": "a\0b",
    "surrogate": "\ud800",
    "zero_width": "\u200b\u200b",
    "long": "x" * 100_000,
    "digits": "9" * 5_000,
    "arabic": "٣١٢٥٥٥٠١٤٢",
    "markup": "<script>alert(1)</script>",
    "sql": "' or 1=1 --",
    "newlines": "\r\n" * 20_000,
    "combining": "e" + "\u0301" * 50_000,
}


@pytest.fixture
def quick():
    """Fails a story whose every answer took a second."""

    def ask(call):
        start = time.process_time()
        answer = call()
        assert time.process_time() - start < 1
        assert answer.status_code < 500
        assert "<script>alert(1)" not in answer.content.decode(errors="replace")
        return answer

    return ask


def encoded(text):
    """As bytes on the wire, which a browser would never send for a lone surrogate; in a list, as the test client wants bytes."""
    return [text.encode("utf-8", "surrogatepass")]


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_typed_into_the_form_breaks_it(visitor, quick, text):
    for field in ("q", "service", "zip", "place"):
        quick(lambda field=field: visitor.say("service", {**SERVICE, "service": "", field: encoded(text)}))
    visitor.say("service", SERVICE)
    for field in JOB:
        quick(lambda field=field: visitor.say("job", {**JOB, field: encoded(text)}))
        quick(lambda field=field: visitor.say("preview", {**JOB, field: encoded(text)}, **{"HX-Request": "true"}))
        quick(lambda field=field: visitor.say("job", {**JOB, field: encoded(text), "leave": "1"}))
        quick(lambda: visitor.look("job"))
    visitor.say("job", JOB)
    person = {**PERSON, "agreed": "", "agreed_sms": "", "different_job": "", "street": "", "unit": ""}
    for field in person.keys() - {"agreed"}:
        answer = quick(lambda field=field: visitor.say("you", {**person, "key": visitor.key(), field: encoded(text)}))
        assert answer.status_code == 422, field
        quick(lambda field=field: visitor.say("you", {**person, field: encoded(text), "leave": "1"}))
        quick(lambda: visitor.look("you"))
    assert quick(lambda: visitor.say("you", {**PERSON, "key": encoded(text)})).url == "/request/you/"
    assert not Lead.objects.exists()


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY)
def test_nothing_in_an_address_breaks_a_page(visitor, quick, text):
    text = encoded(text[:20_000])
    quick(lambda: visitor.get("/request/services", {"q": text}))
    quick(lambda: visitor.get("/request/places", {"q": text}, headers={"HX-Request": "true"}))
    quick(lambda: visitor.get("/request/", {"q": text, "service": text, "zip": text}))


@pytest.mark.parametrize("path", ["/request/services?q=%00", "/request/places?q=%00", "/request/?service=%00&zip=%00", "/request/%00/"])
def test_a_nul_in_an_address_gets_a_clear_no(visitor, quick, path):
    assert quick(lambda: visitor.get(path)).status_code == 400


def test_a_name_of_nothing_visible_makes_no_lead(visitor):
    assert visitor.send(name="\u200b\u2060\u3164").status_code == 422
    assert not Lead.objects.exists()


def test_what_no_page_can_show_is_not_kept(visitor):
    visitor.send(description="The\0 tank\u0007 leaks.\r\n\r\n\r\nBadly.")
    assert Lead.objects.get().description == "The tank leaks.\n\n\nBadly."


def test_too_long_a_text_is_counted_and_refused(visitor):
    visitor.say("service", SERVICE)
    answer = visitor.say("job", {**JOB, "description": "x" * 2001})
    assert answer.status_code == 422 and "Shorten this to 2000 characters. It has 2001." in answer.content.decode()
    assert visitor.say("job", {**JOB, "description": "line\r\n" * 400}).status_code == 302


@pytest.mark.parametrize("name", ["service", "job", "you"])
def test_other_methods_are_refused(visitor, name):
    for method in ("put", "patch", "delete"):
        assert getattr(visitor, method)(reverse(f"homeowners:{name}")).status_code == 405


def test_a_thousand_and_more_fields_are_refused(visitor):
    assert visitor.post("/request/", {f"f{n}": "1" for n in range(1200)}).status_code == 400
