"""`prove` finds nothing in an honest story, and each check finds what was planted for it."""

import json
import os

import pytest
from django.core.management import call_command
from django.db import connections, transaction

from core.tenancy import scope
from operations.prove import CHECKS, prove
from operations.prove.tenancy import tenant_models
from tests import databases
from tests.operations import story
from tests.operations.plants import PLANTS

NAMES = [check.name for check in CHECKS]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """A database of its own with the story in it; the owner's rows are walled there too, so that it can plant as well as look."""
    from core import policy

    usual = connections["default"].settings_dict["NAME"]
    name = f"{usual}_story"
    with django_db_blocker.unblock():
        databases.clone(name)
        policy._cache.clear()
        marketplace = story.tell()
        with connections["owner"].cursor() as cursor:
            for model in tenant_models():
                cursor.execute(f"alter table {model._meta.db_table} force row level security")
        yield marketplace
        databases.drop(name)
        databases.use(usual)
        policy._cache.clear()


@pytest.fixture
def as_owner(told):
    """The owner in the place of the application: what is planted and what is proved is one transaction, taken back at the end."""
    default = connections["default"]
    usual = {key: default.settings_dict[key] for key in ("USER", "PASSWORD")}
    default.close()
    default.settings_dict.update({key: connections["owner"].settings_dict[key] for key in usual})
    with transaction.atomic(), scope(told):
        with default.cursor() as cursor:
            cursor.execute("set constraints all immediate")
        yield told
        transaction.set_rollback(True)
    default.close()
    default.settings_dict.update(usual)


def broken(marketplace) -> dict:
    return {finding.name: finding for finding in prove(marketplace, now=story.END) if finding.broken}


def test_an_honest_story_breaks_nothing_and_leaves_no_check_idle(told):
    findings = prove(told, now=story.END)
    assert [(finding.name, finding.samples) for finding in findings if finding.broken] == []
    assert [finding.name for finding in findings if not finding.checked] == []
    assert [finding.name for finding in findings] == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_violation_is_found_by_its_check(name, as_owner):
    assert name in PLANTS, f"plant a violation for {name} in tests/operations/plants/"
    PLANTS[name].sow()
    found = broken(as_owner)
    assert found[name].samples
    # The owner is never the weak role that the site should run as.
    assert found.keys() - {"tenancy.role"} == {name, *PLANTS[name].also} - {"tenancy.role"}


def test_nothing_is_planted_for_a_check_that_is_gone():
    assert set(PLANTS) <= set(NAMES) and len(NAMES) == len(set(NAMES))
