"""A browser, a running site and a market for the whole package, made once in each process of the tests."""

import os
from functools import cache

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password

from tests import databases
from tests.browser import chromium, site
from tests.browser import market as markets
from tests.browser.chromium import Watch, visitor


@pytest.fixture(scope="package")
def browser():
    if not chromium.path():
        pytest.skip(chromium.MISSING)
    with chromium.chromium() as running:
        yield running


@pytest.fixture(scope="package")
def market(browser, django_db_setup, django_db_blocker, tmp_path_factory):
    """The running site and what is in it. Its database is its own: what is committed here is nobody else's trouble."""
    name = f"{databases.PREFIX}_browser_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    log = tmp_path_factory.mktemp("site") / "site.log"
    with django_db_blocker.unblock(), site.database(name), log.open("wb") as said, site.running(name, said) as running:
        with running.here(), pytest.MonkeyPatch.context() as patch:
            patch.setattr("core.doorbell._put", lambda task, ids: None)
            patch.setattr(settings, "EMAIL_BACKEND", "notifications.channels.local.LocalEmailBackend")
            patch.setattr("django.contrib.auth.base_user.make_password", cache(make_password))  # everybody has the same one
            made = markets.make(running)
        yield made


@pytest.fixture(autouse=True)
def _quick_passwords():
    """Passwords as in life: the site is another process, and people sign in to it."""


@pytest.fixture(autouse=True)
def _in_the_market(market, django_db_blocker):
    """Every story works on the database of the site."""
    with django_db_blocker.unblock(), market.site.here():
        yield


@pytest.fixture
def open_browser(browser, market):
    """A function that opens the browser of somebody new, signed in as `who` if given; nothing may go wrong in any of them."""
    opened = []

    def opens(device, *, scripts=True, who="", allowed=()):
        context = visitor(browser, device, java_script_enabled=scripts)
        if who:
            market.enter(context, who)
        page = context.new_page()
        opened.append((context, Watch(page, allowed)))
        return page

    yield opens
    for context, watch in opened:
        context.close()
        assert watch.troubles == []
