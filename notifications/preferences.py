"""A recipient's switches: which kinds of notice by which channel (RULES 42)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from notifications.kinds import KINDS
from notifications.models import Preference


class NotSwitchable(Refusal):
    code = "not_switchable"
    sentence = _("This notice cannot be switched off.")


@dataclass(frozen=True)
class Switch:
    kind: str
    label: str
    channel: str
    wanted: bool


def switch(*, recipient, kind, channel, wanted):
    """Turn one kind of notice by one channel on or off for `recipient`. Raises NotSwitchable."""
    row = KINDS.get(kind)
    if row is None or not row.switchable or channel not in row.channels:
        raise NotSwitchable
    Preference.objects.update_or_create(recipient=recipient, kind=kind, channel=channel, defaults={"wanted": wanted})


def switch_all(changes, *, recipient):
    """The same for each switch of `changes`, with what is wanted now."""
    for each, wanted in changes:
        switch(recipient=recipient, kind=each.kind, channel=each.channel, wanted=wanted)


def switches(recipient) -> list[Switch]:
    """All switches of `recipient`, in the order of the kinds; what was never touched is on. One query."""
    touched = {
        (kind, channel): wanted
        for kind, channel, wanted in Preference.objects.filter(recipient=recipient).values_list("kind", "channel", "wanted")
    }
    return [
        Switch(kind, row.label, channel, touched.get((kind, channel), True))
        for kind, row in KINDS.items()
        if row.switchable
        for channel in row.channels
    ]
