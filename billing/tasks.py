"""Celery shells: the sweep looks at memberships that are due. Rows know what is due; a lost or doubled task changes nothing."""

import logging

from celery import shared_task
from django.utils import timezone

from billing import renewal
from core.models import Marketplace
from core.tenancy import scope

log = logging.getLogger(__name__)


@shared_task(name="billing.sweep")
def sweep():
    for marketplace in Marketplace.objects.filter(replay=False):
        look_due(marketplace, now=timezone.now())


def look_due(marketplace, *, now, limit=200) -> int:
    """Look at every membership of `marketplace` that is due at `now`, one transaction each; returns how many were looked at.

    One that fails is logged and tried again at the next sweep; it does not hold up the others.
    """
    with scope(marketplace):
        due = renewal.due_memberships(now=now, limit=limit)
    for membership_id in due:
        try:
            with scope(marketplace):
                renewal.look(membership_id, now=now)
        except Exception:
            log.exception("the look at membership %s failed", membership_id)
    return len(due)
