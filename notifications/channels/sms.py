"""Who carries text messages: settings.CARRIER, `local` or `twilio`."""

from django.conf import settings

from notifications.channels.local import Local
from notifications.channels.twilio import Twilio


def provider(marketplace):
    """The carrier of `marketplace`. A replay's messages never leave the machine: its numbers may belong to people (DESIGN 10)."""
    if marketplace.replay or settings.CARRIER == "local":
        return Local()
    return Twilio()
