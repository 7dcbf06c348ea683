"""The admin: quick lists, pages that tell everything, no door to another marketplace (INVARIANTS 30, "Bad input")."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import SignInFailure, User
from core.models import Marketplace
from core.tenancy import scope
from tests.world import Browser, build, session_of

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model is not Marketplace]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture
def side(world):
    return world[0]


@pytest.fixture
def staff(side):
    return Browser(side.host, side.sessions["staff"])


@pytest.fixture
def platform(db):
    """A browser of the platform's own staff."""
    user = User.objects.create_user("ops@platform.example", PASSWORD, name="Ola Platform", is_staff=True)
    return Browser("localhost", session_of(user))


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *map(str, rest), ""])


def names(models):
    return [model._meta.label for model in models]


@pytest.mark.parametrize("model", MODELS, ids=names(MODELS))
def test_lists_take_few_queries_and_pages_show_their_row(staff, side, model):
    with CaptureQueriesContext(connection, ) as queries:
        answer = staff.get(address(model))
    assert answer.status_code == 200
    assert len(queries) <= 12
    with scope(side.marketplace):
        row = model._default_manager.first()
    assert row is not None
    assert staff.get(address(model, row.pk, "change")).status_code == 200
    assert staff.get(address(model, row.pk, "history")).status_code == 200
