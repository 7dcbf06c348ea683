"""Celery shells: ids in, one call each. A lost or doubled task changes nothing; the sweep finds what the doorbell missed."""

import logging

from celery import shared_task
from django.utils import timezone

from contact import numbers
from contact.numbers import NoNumber
from core.models import Marketplace
from core.tenancy import scope
from leads import fairness, lifecycle, matching, offering, replacing, reviews, waiting
from leads.queries import due_leads

log = logging.getLogger(__name__)


@shared_task(name="leads.route")
def route(marketplace_id, lead_id):
    look_at(Marketplace.objects.get(pk=marketplace_id), lead_id, now=timezone.now())


@shared_task(name="leads.sweep")
def sweep():
    for marketplace in Marketplace.objects.filter(replay=False):
        route_due(marketplace, now=timezone.now())


@shared_task(name="leads.fold")
def fold():
    for marketplace in Marketplace.objects.filter(replay=False):
        fold_all(marketplace)


@shared_task(name="leads.ask")
def ask():
    for marketplace in Marketplace.objects.filter(replay=False):
        ask_for_reviews(marketplace, now=timezone.now())


@shared_task(name="leads.warn")
def warn():
    for marketplace in Marketplace.objects.filter(replay=False):
        warn_silent_pros(marketplace, now=timezone.now())


@shared_task(name="leads.wait")
def wait():
    for marketplace in Marketplace.objects.filter(replay=False):
        look_for_waiting(marketplace, now=timezone.now())


def route_due(marketplace, *, now, limit=200) -> int:
    """Look at every lead of `marketplace` that is due at `now`, one transaction each; returns how many were looked at.

    A lead that fails is logged and tried again at the next sweep; it does not hold up the others.
    """
    with scope(marketplace):
        offering.expire_due(now=now)
        lifecycle.put_off(now=now)
        due = due_leads(now=now, limit=limit)
    for lead_id in due:
        try:
            look_at(marketplace, lead_id, now=now)
        except Exception:
            log.exception("the look at lead %s failed", lead_id)
    return len(due)


def look_at(marketplace, lead_id, *, now) -> None:
    """Route a lead and fold what it was decided: the next lead of the same pros should know (ADR 8). Where no masked number has
    room, one is taken from the carrier first."""
    try:
        matches = route_once(marketplace, lead_id, now=now)
    except NoNumber:
        numbers.grow(marketplace, now=now)
        matches = route_once(marketplace, lead_id, now=now)
    if matches:
        fold_all(marketplace)


def route_once(marketplace, lead_id, *, now):
    with scope(marketplace):
        return matching.route(lead_id=lead_id, now=now)


def fold_all(marketplace) -> None:
    """Fold until nothing is left, a short transaction a batch."""
    folded = fairness.BATCH
    while folded == fairness.BATCH:
        with scope(marketplace):
            folded = fairness.fold()


def ask_for_reviews(marketplace, *, now) -> None:
    """Look at the requests whose homeowners may be asked how it went, until none is due, a short transaction a batch."""
    looked = reviews.BATCH
    while looked == reviews.BATCH:
        with scope(marketplace):
            looked = reviews.ask_due(now=now)


def warn_silent_pros(marketplace, *, now) -> None:
    """Warn the pros that have not called in time, until none is due, a short transaction a batch."""
    looked = replacing.BATCH
    while looked == replacing.BATCH:
        with scope(marketplace):
            looked = replacing.warn_due(now=now)


def look_for_waiting(marketplace, *, now) -> None:
    """See for the requests on the list whether somebody can take them, until none is due, a short transaction a batch."""
    looked = waiting.BATCH
    while looked == waiting.BATCH:
        with scope(marketplace):
            looked = waiting.look_due(now=now)
