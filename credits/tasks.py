"""Celery shells: the sweep looks again at what is undecided. Rows know what is due; a lost or doubled task changes nothing."""

import logging
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from core.due import claim
from core.models import Marketplace
from core.tenancy import scope
from credits.models import CreditRequest
from credits.requests import look_again

LEASE = timedelta(seconds=60)
log = logging.getLogger(__name__)


@shared_task(name="credits.sweep")
def sweep():
    for marketplace in Marketplace.objects.filter(replay=False):
        look_due(marketplace, now=timezone.now())


def look_due(marketplace, *, now, limit=200) -> int:
    """Look again at every request of `marketplace` that is due at `now`, one transaction each; returns how many were looked at.

    One that fails is logged and comes back when its lease ends; it does not hold up the others.
    """
    with scope(marketplace):
        due = claim(CreditRequest.objects.all(), now=now, lease=LEASE, limit=limit)
    for request in due:
        try:
            with scope(marketplace):
                look_again(request.pk, now=now)
        except Exception:
            log.exception("the look at credit request %s failed", request.pk)
    return len(due)
