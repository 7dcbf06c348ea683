"""The pool of masked numbers: a further one is taken before all are full (RULES 19, 27)."""

import logging

from django.db.models import Count
from django.utils.translation import gettext_lazy as _

from contact.carriers import Unreachable
from contact.carriers.chosen import carrier
from contact.models import Line, Number
from contact.policy import Contact
from core import events
from core.errors import Refusal
from core.policy import read
from core.tenancy import scope

log = logging.getLogger(__name__)


class NoNumber(Refusal):
    """No masked number has room: the lead waits for one (contact.numbers.grow)."""

    code = "no_number"
    sentence = _("No phone number is free for this lead. We are getting one.")
    status = 503


class OurNumber(Refusal):
    """Somebody says that a masked number is their own."""

    code = "our_number"
    sentence = _("This is one of our numbers. Enter your own.")


def refuse_ours(phone: str) -> None:
    """Raises OurNumber when `phone` (E.164 or empty) is of the pool: a call to it would come back to us."""
    if phone and Number.objects.filter(number=phone).exists():
        raise OurNumber(fields={"phone": OurNumber.sentence})


def add(number: str, *, now, provider_id="") -> Number:
    """Take `number` (E.164) into the pool. Said again, it changes nothing."""
    kept, new = Number.objects.get_or_create(number=number, defaults={"provider_id": provider_id, "added_at": now, "heard_until": now})
    if new:
        events.record("number.added", kept.pk, now=now)
    return kept


def grow(marketplace, *, now) -> int:
    """Mark numbers that are full, and take further ones from the carrier until enough have room. Returns how many were taken.

    Call it outside a scope: none is open while the carrier is asked.
    """
    with scope(marketplace):
        missing = read(Contact).numbers_spare - _with_room()
        near = Number.objects.order_by("pk").values_list("number", flat=True).first() or marketplace.phone
    taken = 0
    for _each in range(missing):
        try:
            found = carrier(marketplace).new_number(near=near or "", now=now)
        except Unreachable:
            log.error("no further number could be had marketplace=%s", marketplace.slug)
            break
        with scope(marketplace):
            add(found.number, provider_id=found.provider_id, now=now)
        taken += 1
    return taken


def _with_room() -> int:
    most = read(Contact).pins_per_number
    held = Line.objects.filter(held=True, number__is_full=False).order_by().values("number").annotate(n=Count("pk"))
    Number.objects.filter(pk__in=[row["number"] for row in held if row["n"] >= most]).update(is_full=True)
    return Number.objects.filter(is_full=False).count()
