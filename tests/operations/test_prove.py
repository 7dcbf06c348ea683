"""`prove` finds nothing in an honest story, and each check finds what was planted for it."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import connections, transaction
from django.test import override_settings

from core.tenancy import scope
from operations.prove import CHECKS, prove, replaying
from operations.prove.tenancy import tenant_models
from tests import databases
from tests.conftest import NOON
from tests.operations import story
from tests.operations.plants import PLANTS

NAMES = [check.name for check in CHECKS]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """A database of its own with the story in it; the owner's rows are walled there too, so that it can plant as well as look."""
    usual = connections["default"].settings_dict["NAME"]
    name = f"{usual}_story"
    with django_db_blocker.unblock():
        try:
            databases.clone(name)
            yield _story()
        finally:
            databases.drop(name)
            databases.use(usual)


def _story():
    quick = {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "EMAIL_BACKEND": "notifications.channels.local.LocalEmailBackend",
    }
    with override_settings(**quick):
        marketplace = story.tell()
    with connections["owner"].cursor() as cursor:
        for model in tenant_models():
            cursor.execute(f"alter table {model._meta.db_table} force row level security")
    return marketplace


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


@pytest.fixture(scope="module")
def honest(told):
    """What the checks find in the story as it is: {name: finding}, seen by the application's role."""
    return {finding.name: finding for finding in prove(told, now=story.END)}


def test_an_honest_story_breaks_nothing_and_leaves_no_check_idle(honest):
    assert {name: finding.samples for name, finding in honest.items() if finding.broken} == {}
    assert [name for name, finding in honest.items() if not finding.checked] == []
    assert list(honest) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_planted_violation_is_found_by_its_check(name, honest, as_owner):
    assert name in PLANTS, f"plant a violation for {name} in tests/operations/plants/"
    PLANTS[name].sow()
    found = {finding.name: finding for finding in prove(as_owner, now=story.END)}
    assert found[name].broken > honest[name].broken and found[name].samples
    noticed = {each for each in NAMES if found[each].broken != honest[each].broken}
    assert noticed == {name, *PLANTS[name].also, "tenancy.role"}  # the owner is not the weak role that the site should run as


def test_nothing_is_planted_for_a_check_that_is_gone():
    assert set(PLANTS) <= set(NAMES) and len(NAMES) == len(set(NAMES))


def test_a_replayed_marketplace_is_not_asked_what_time_it_is(told):
    told.replay = True
    try:
        names = {finding.name for finding in prove(told, now=story.END)}
    finally:
        told.replay = False
    assert set(NAMES) - names == {
        "time.in_time", "time.drafts", "time.wishes_due", "time.leads_due", "time.messages_due", "membership.tier", "membership.due",
        "offers.overdue", "contact.due", "credits.due",
    }  # fmt: skip


def test_the_command_prints_a_table_and_a_document_and_fails_when_something_is_broken(told, capsys):
    """By the real clock, the story's last leads have long been due."""
    with pytest.raises(SystemExit) as ending:
        call_command("prove", "--marketplace", told.slug)
    assert ending.value.code == 1
    page = capsys.readouterr().out
    assert "No lead has been due for more than 120 seconds" in page and f" of {len(NAMES)} are broken" in page

    with pytest.raises(SystemExit):
        call_command("prove", "--json")
    document = json.loads(capsys.readouterr().out)
    assert [one["marketplace"] for one in document] == ["craftyard", "elsewhere"]
    assert {check["name"] for check in document[0]["checks"] if check["broken"]} >= {"time.leads_due"}


def test_the_command_ends_with_nothing_broken(told, capsys):
    with time_machine.travel(NOON + timedelta(minutes=1)):
        call_command("prove", "--marketplace", "elsewhere")
    assert f"all {len(NAMES)} hold" in capsys.readouterr().out


def test_decisions_are_made_again_by_several_processes(as_owner, monkeypatch):
    monkeypatch.setattr("operations.prove.replaying.BATCH", 5)
    assert list(replaying.decided_otherwise()) == []
    PLANTS["routing.replay"].sow()
    assert len(list(replaying.decided_otherwise())) == 1
