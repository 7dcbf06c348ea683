"""Pages of the Lead Manager, seen through a client at an instant the story chooses."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import a_member, a_pro


@pytest.fixture(autouse=True)
def clock(monkeypatch, now):
    """What the pages take for the present; a story may move it: `clock.now = ...`."""
    stopped = SimpleNamespace(now=now)
    monkeypatch.setattr(timezone, "now", lambda: stopped.now)
    return stopped


@pytest.fixture
def visitor():
    """Somebody who has not signed in."""
    return Client(HTTP_HOST="craftyard.localhost")


@pytest.fixture
def signed_in():
    """A function that gives a browser in which a member is signed in."""

    def sign_in(member, host="craftyard.localhost"):
        browser = Client(HTTP_HOST=host)
        browser.force_login(member.user, backend="accounts.sign_in.MarketplaceBackend")
        return browser

    return sign_in


@pytest.fixture
def prairie(marketplace):
    return a_pro("Prairie State Plumbing")


@pytest.fixture
def owner(prairie):
    return a_member(prairie, email="marcus@prairie.example")


@pytest.fixture
def browser(owner, signed_in):
    """The browser of the owner of Prairie State Plumbing."""
    return signed_in(owner)


@pytest.fixture
def htmx():
    """The header a fragment is asked for with."""
    return {"HTTP_HX_REQUEST": "true"}
