"""Celery shell of the requests for services that are not listed. Apart from leads.tasks, whose bell the intake rings."""

import logging

from celery import shared_task
from django.utils import timezone

from core.models import Marketplace
from core.tenancy import scope
from leads import unlisted

log = logging.getLogger(__name__)


@shared_task(name="leads.send_wishes")
def sweep():
    for marketplace in Marketplace.objects.filter(replay=False):
        send_wishes(marketplace, now=timezone.now())


def send_wishes(marketplace, *, now) -> None:
    """Send the requests for services that were not listed which a pro can take by now, and end those no pro came for in time."""
    with scope(marketplace):
        unlisted.end_due(now=now)
        ready = unlisted.ready(now=now)
    for wish_id in ready:
        try:
            with scope(marketplace):
                unlisted.send(wish_id, now=now)
        except Exception:
            log.exception("the request %s for an unlisted service was not sent", wish_id)
