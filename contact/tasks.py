"""Celery shells of lines and calls. A lost or doubled task changes nothing: the rows know what is due (DESIGN rule 2)."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from contact import asking, lines, numbers, timers
from contact.carriers.local import LocalCarrier
from core.due import only_one
from core.models import Marketplace
from core.tenancy import scope

CARRIER = 1_919_003
log = logging.getLogger(__name__)


@shared_task(name="contact.sweep")
def sweep():
    """Clocks and reminders: nothing here waits for anybody."""
    for_each(look)


@shared_task(name="contact.ask")
def ask(*_marketplace):
    """Calls to be ended, calls to be placed, and calls to be asked about. One process at most waits for the carrier."""
    with only_one(CARRIER) as mine:
        if mine:
            if settings.CARRIER == "local":
                for_each(let_telephones_go_on)
            for_each(asking.cut_closed)
            for_each(asking.ask_due)


@shared_task(name="contact.keep")
def keep():
    """Numbers to spare, PINs that have rested, calls that only the carrier knows of."""
    with only_one(CARRIER) as mine:
        if mine:
            for_each(numbers.grow)
            for_each(rest)
            for_each(asking.list_numbers)


def for_each(work) -> None:
    """Do `work` for every marketplace whose clock is the real one; where it fails, the others are not held up."""
    for marketplace in Marketplace.objects.filter(replay=False).order_by("pk"):
        try:
            work(marketplace, now=timezone.now())
        except Exception:
            log.exception("%s failed marketplace=%s", work.__name__, marketplace.slug)


def look(marketplace, *, now) -> int:
    """Look at every line that is due at `now`, in batches; returns how many looks there were."""
    looks = 0
    while looked := timers.look_due(marketplace, now=now):
        looks += looked
    return looks


def let_telephones_go_on(marketplace, *, now) -> None:
    """The local carrier has no clock of its own."""
    carrier = LocalCarrier(marketplace)
    if carrier.is_due(now):
        carrier.tick(at=now)


def rest(marketplace, *, now) -> None:
    with scope(marketplace):
        lines.rest(now=now)
