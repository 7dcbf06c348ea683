"""Who carries the calls: settings.CARRIER, `local` or `twilio`."""

from django.conf import settings

from contact.carriers import Carrier
from contact.carriers.local import LocalCarrier


def carrier(marketplace) -> Carrier:
    """The carrier of `marketplace`. A replay's calls never leave the machine: its numbers may belong to people (DESIGN 10)."""
    if marketplace.replay or settings.CARRIER == "local":
        return LocalCarrier(marketplace)
    from contact.carriers.twilio import Twilio

    return Twilio(marketplace)
