"""Fixtures every test may use.

`marketplace` and `opt_in` are rolled back after the test. `fresh` makes a marketplace whose rows are committed: for races,
since immutable tables cannot be flushed.
"""

import itertools
import os
from datetime import UTC, datetime

import pytest

NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
BEFORE_RECORDS = datetime(2000, 1, 1, tzinfo=UTC)
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]  # the latter to check
NOON = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)  # a Wednesday, noon in Chicago


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker):
    """Real PostgreSQL, the application's role, a clone of the migrated template for each process."""
    from tests import databases

    name = f"{databases.PREFIX}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    with django_db_blocker.unblock():
        databases.clone(name)
        _found("craftyard", "lead_manager")
        _found("hearthline", "opt_in")
    yield
    with django_db_blocker.unblock():
        databases.drop(name)


def _found(slug, preset, *, now=NEW_YEAR, **options):
    from operations.founding import found

    return found(slug=slug, preset=preset, now=now, **options)


@pytest.fixture
def now():
    """The instant of the story: noon in Chicago."""
    return NOON


@pytest.fixture
def marketplace(db):
    """craftyard (preset lead_manager), in force for the whole test."""
    yield from _in_force("craftyard")


@pytest.fixture
def opt_in(db):
    """hearthline (preset opt_in), in force for the whole test."""
    yield from _in_force("hearthline")


def _in_force(slug):
    from core.models import Marketplace
    from core.tenancy import scope

    with scope(Marketplace.objects.get(slug=slug)) as marketplace:
        yield marketplace


_numbers = itertools.count(1)


@pytest.fixture
def fresh(django_db_setup, django_db_blocker):
    """A function that founds a marketplace for real; its rows are committed and stay until the database is dropped."""
    with django_db_blocker.unblock():
        yield lambda preset="lead_manager", **options: _found(f"race-{os.getpid()}-{next(_numbers)}", preset, **options)


@pytest.fixture(autouse=True)
def _local_mailbox(settings):
    """E-mail goes where the development outbox shows it, not into Django's own test box."""
    settings.EMAIL_BACKEND = "notifications.channels.local.LocalEmailBackend"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Passwords that cost nothing."""
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture(autouse=True)
def _no_waiting_doorbells(monkeypatch):
    """Nobody rings a broker from a test: what is due is drained by the story."""
    monkeypatch.setattr("core.doorbell._put", lambda task, ids: None)


@pytest.fixture(autouse=True)
def _no_known_policies(monkeypatch):
    """What one test published and rolled back, the next does not take for its own."""
    monkeypatch.setattr("core.policy._cache", {})
