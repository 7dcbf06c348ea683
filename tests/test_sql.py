"""core.sql gives and takes the same rows as the ORM does."""

import pytest
from django.db import IntegrityError, transaction

from billing import terms
from billing.models import Terms
from core import events, sql
from core.models import Event, Marketplace
from core.tenancy import OutsideScope, scope
from leads import lifecycle
from leads.models import Lead
from notifications.models import Channel, Preference
from tests.factories import a_lead, a_pro


def values(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_a_loaded_row_and_its_relations_are_those_of_the_orm(marketplace, now):
    lead = a_lead(now=now)
    ours = lifecycle.lock(lead.pk)
    theirs = Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead.pk)
    assert values(ours) == values(theirs)
    for relation in ("service", "homeowner", "consent"):
        assert values(getattr(ours, relation)) == values(getattr(theirs, relation))
    assert values(terms.in_force(now)) == values(Terms.objects.get())


def test_what_is_inserted_is_what_the_orm_reads(marketplace, now):
    event = events.record("lead.closed", "x", now=now, reason="naïve 'quoted' %s")
    assert values(Event.objects.get(pk=event.pk)) == values(event)
    assert not event._state.adding


def test_twice_is_an_error_unless_once_is_enough(marketplace):
    def switched_off():
        return Preference(recipient="member:1", kind="new_lead", channel=Channel.SMS, wanted=False)

    sql.insert([switched_off()])
    sql.insert([switched_off()], once=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        sql.insert([switched_off()])
    assert Preference.objects.count() == 1


def test_an_update_changes_its_row_and_no_other(marketplace, now):
    changed, other = a_lead(now=now), a_lead(now=now)
    sql.update(changed, attempts=3, due_at=None)
    assert (changed.attempts, changed.due_at) == (3, None)
    assert values(Lead.objects.get(pk=changed.pk)) == values(changed)
    assert values(Lead.objects.get(pk=other.pk)) == values(other)


def test_another_marketplace_is_not_seen_or_touched(marketplace, now):
    pro, lead = a_pro(), a_lead(now=now)
    with scope(Marketplace.objects.get(slug="hearthline")):
        assert lifecycle.lock(lead.pk) is None
        assert sql.rows("select id from accounts_pro where id = %(pro)s", pro=pro.pk) == []
        sql.update(lead, attempts=9)
    assert Lead.objects.get(pk=lead.pk).attempts == 0


def test_outside_a_scope_nothing_is_asked(db):
    with pytest.raises(OutsideScope):
        sql.rows("select 1")
