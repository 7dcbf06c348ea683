"""Pages of the staff area, seen through a client at an instant the story chooses."""

import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ProState, User
from tests.factories import a_matched_lead, a_pro

HOST = "craftyard.localhost"
BACKEND = "accounts.sign_in.MarketplaceBackend"


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    """What the pages take for the present; a story may move it: `clock.now = ...`."""
    stopped = SimpleNamespace(now=now)
    monkeypatch.setattr(timezone, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def signed_in():
    """A function that gives a browser in which a user is signed in."""

    def sign_in(user):
        browser = Client(HTTP_HOST=HOST)
        browser.force_login(user, backend=BACKEND)
        return browser

    return sign_in


@pytest.fixture
def renee(marketplace):
    return User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)


@pytest.fixture
def browser(renee, signed_in):
    """The browser of one of the marketplace's staff."""
    return signed_in(renee)


@pytest.fixture
def visitor():
    """Somebody who has not signed in."""
    return Client(HTTP_HOST=HOST)


@pytest.fixture
def lead(marketplace, now):
    """Five could do it and four get it; a sixth is paused and a seventh has $1.00 of its budget left."""
    for number in range(5):
        a_pro(f"Able {number} Plumbing")
    ProState.objects.filter(pro=a_pro("Resting Plumbing")).update(paused=True)
    broke = a_pro("Broke Plumbing", budget=10_000)
    ProState.objects.filter(pro=broke).update(spent=9_900, period=4, entitled=9_000_000)
    return a_matched_lead(now=now)


def text_of(answer) -> str:
    """What a page says, without its marks."""
    assert answer.status_code == 200, answer.status_code
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def page_of(lead, **asked) -> tuple:
    return f"/staff/leads/{lead.pk}/", asked
