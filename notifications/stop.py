"""Addresses that nothing goes to: they said STOP, or they are dead (RULES 44, INVARIANTS 27)."""

import re

from django.utils.translation import gettext as _

from core.tenancy import current
from notifications.models import Channel, Suppression

_STOP = {"stop", "stopall", "stop all", "please stop", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "opt out"}
_START = {"start", "unstop"}
_HELP = {"help", "info"}


def stop(channel, address, *, reason, now):
    """From now on nothing goes to `address` by `channel`. Said again, it changes nothing."""
    Suppression.objects.bulk_create([Suppression(channel=channel, address=_same(address), reason=reason, since=now)], ignore_conflicts=True)


def lift(channel, address, *, now, reason="stop") -> bool:
    """Take back what was suppressed for `reason`: a START lifts a STOP, but does not bring a dead address to life."""
    live = Suppression.objects.filter(channel=channel, address=_same(address), lifted_at=None, reason=reason)
    return bool(live.update(lifted_at=now))


def is_stopped(channel, address) -> bool:
    return address in stopped(channel, [address])


def stopped(channel, addresses) -> dict:
    """Which of `addresses` nothing goes to, and why: {address: reason}. One query."""
    live = Suppression.objects.filter(channel=channel, address__in={_same(address) for address in addresses}, lifted_at=None)
    reasons = dict(live.values_list("address", "reason"))
    return {address: reasons[_same(address)] for address in addresses if _same(address) in reasons}


def wish(words) -> str:
    """What a text message asks for: "stop", "start", "help", or "" when it is anything else."""
    plain = " ".join(re.sub(r"[^a-z ]", " ", words.casefold()).split())
    for name, known in (("stop", _STOP), ("start", _START), ("help", _HELP)):
        if plain in known:
            return name
    return ""


def hear(*, address, words, now) -> str:
    """A text message came from `address`: honour STOP and START. Returns the sentence to answer with, if any.

    STOP and START are answered by the carrier itself; a second answer would be a message after STOP.
    """
    asked = wish(words)
    if asked == "stop":
        stop(Channel.SMS, address, reason="stop", now=now)
    elif asked == "start":
        lift(Channel.SMS, address, now=now)
    elif asked == "help":
        name, way = current().name, current().email or current().phone
        contact = _(" Questions: %(way)s.") % {"way": way} if way else ""
        return _("%(name)s: texts about your request or account.%(contact)s Reply STOP to end them.") % {"name": name, "contact": contact}
    return ""


def _same(address):
    return address.strip().lower()
