"""The alarm clock of the outbox. Every task may be lost or doubled without harm: the rows know what is due (DESIGN rule 2)."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from core.due import only_one
from core.models import Marketplace
from core.tenancy import scope
from notifications import delivery
from notifications.models import Channel

TIME_BOX = 60  # seconds a task goes on before it lets others have the worker; the next sweep takes up the rest
_LOCK = {Channel.EMAIL: 1_919_001, Channel.SMS: 1_919_002}
log = logging.getLogger(__name__)


@shared_task(name="notifications.deliver_email")
def deliver_email():
    _deliver(Channel.EMAIL)


@shared_task(name="notifications.deliver_sms")
def deliver_sms():
    _deliver(Channel.SMS)


DELIVER = {Channel.EMAIL: deliver_email, Channel.SMS: deliver_sms}


@shared_task(name="notifications.sweep")
def sweep():
    """Find what no doorbell rang for, and tell operations what is stuck."""
    for task in DELIVER.values():
        task.apply_async(retry=False, expires=30)
    for marketplace in live():
        with scope(marketplace):
            late = delivery.alarm(now=timezone.now())
        if late:
            log.error("notices are not delivered marketplace=%s messages=%s", marketplace.slug, ",".join(map(str, late)))


def live():
    """The marketplaces whose clock is the real one; a replay drives its own."""
    return Marketplace.objects.filter(replay=False).order_by("pk")


def _deliver(channel):
    """Go round the marketplaces until a whole round found nothing due, or the time is up.

    A site needs one process more than there are channels and carriers, else all of them hanging at once would hold up the leads.
    """
    with only_one(_LOCK[channel]) as mine:
        end = monotonic() + TIME_BOX
        taken = mine
        while taken and monotonic() < end:
            taken = sum(_round(marketplace, channel) for marketplace in live())


def _round(marketplace, channel):
    now = timezone.now()
    return delivery.deliver_due(marketplace, now=now, channels=[channel]) + delivery.confirm_accepted(
        marketplace, now=now, channels=[channel]
    )
