"""Everything a homeowner reads is there in Spanish: forms, pages, notices, the bundled catalogue."""

import re
from datetime import UTC, datetime

import pytest
import time_machine

from catalog.words import CONTEXT
from tests import spanish
from tests.routes import ROWS, address
from tests.test_isolation import ask
from tests.world import Browser, build

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+[^>]*>")


def translated():
    return [message for message in spanish.written() if message.id]


def test_nothing_is_missing_and_nothing_is_left_over():
    kept, asked = spanish.written(), spanish.collected()
    assert {(message.context, message.id) for message in kept} == {(message.context, message.id) for message in asked}, (
        "python -m tests.spanish brings locale/es up to date"
    )
    assert spanish.missing(kept) == []
    assert not spanish.STAYS_ENGLISH & {message.id for message in kept}


@pytest.mark.parametrize("message", translated(), ids=lambda message: str(message.id)[:40])
def test_a_translation_says_the_same_values_and_has_the_same_marks(message):
    said = zip(message.id, message.string, strict=True) if message.pluralizable else [(message.id, message.string)]
    for english, other in said:
        assert sorted(PLACES.findall(other)) == sorted(PLACES.findall(english)), other
        assert bool(re.search(r"\s$", other)) == bool(re.search(r"\s$", english))


def test_the_compiled_file_was_made_of_the_other():
    assert (spanish.FILES / "django.mo").read_bytes() == spanish.as_mo(spanish.written())


# What the pages really ask for

OTHERS = ("pro/", "staff/", "admin/", "hooks/", "dev/")  # are read in English
THEIR_PAGES = [route for route, row in ROWS.items() if not row.in_admin and not route.startswith(OTHERS)]
OF_THE_OPERATOR = {f"{CONTEXT}\x04alder arbour"}  # what it names itself is shown as it was typed


@pytest.fixture(scope="module")
def side(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()[0]


@pytest.mark.django_db
@pytest.mark.parametrize("route", THEIR_PAGES)
def test_no_page_of_a_homeowner_asks_for_words_that_have_no_spanish(route, side, monkeypatch):
    unknown = spanish.Unknown.watched(monkeypatch)
    browser, path = Browser(side.host), address(route, side)
    browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    with time_machine.travel(datetime.now(UTC), tick=False):
        for method in set(ROWS[route].methods) & {"GET", "POST"}:
            ask(browser, method, path, ROWS[route].body)
            ask(browser, method, f"{path}?q=xylophone&zip=00000", {"name": "x"})
    assert unknown.texts - spanish.STAYS_ENGLISH - OF_THE_OPERATOR == set()
