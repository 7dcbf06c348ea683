"""Every notice there is: what its templates need, by which channels it goes, and who may switch it off.

    kind                context the caller gives                                         to
    new_lead            pro service place zip lead_type price url code                   members of the pro
    lead_withdrawn      pro service place code url                                       members of the pro
    budget_75           pro budget spent url                                             members of the pro
    budget_used         pro budget spent url                                             members of the pro
    introduction        service pros (list of names) url                                 homeowner
    request_received    service url                                                      homeowner
    request_withdrawn   service at url                                                   homeowner
    invitation          pro inviter url                                                  invited person
    password_reset      url                                                              member

`marketplace` is always there and need not be given. Money comes in words ("$38.00"), `lead_type` in the exact words of the badge
("AutoMatch"). `at` and keys ending in `_at` are ISO instants; a template sees them in the recipient's zone. Nothing in a notice to a
pro names the homeowner: no phone, e-mail, street or last name (INVARIANTS 22).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from notifications.models import Channel

BOTH = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True)
class Kind:
    """One row of the table. `label` is its name in My Account; `switchable` kinds can be turned off by channel (RULES 42). The link of a
    kind that `opens` lets whoever has it in, so it is forgotten once it was sent."""

    label: str
    keys: frozenset
    channels: tuple = BOTH
    switchable: bool = False
    opens: bool = False


def _kind(label, keys, **options):
    return Kind(label, frozenset(keys.split()), **options)


KINDS = {
    "new_lead": _kind(_("New lead"), "pro service place zip lead_type price url code", switchable=True),
    "lead_withdrawn": _kind(_("Homeowner withdrew"), "pro service place code url", switchable=True),
    "budget_75": _kind(_("75% of budget used"), "pro budget spent url", switchable=True),
    "budget_used": _kind(_("Budget used"), "pro budget spent url", switchable=True),
    "introduction": _kind(_("Who has your details"), "service pros url"),
    "request_received": _kind(_("Request received"), "service url"),
    "request_withdrawn": _kind(_("All contact stopped"), "service at url"),
    "invitation": _kind(_("Invitation"), "pro inviter url", channels=(Channel.EMAIL,), opens=True),
    "password_reset": _kind(_("New password"), "url", channels=(Channel.EMAIL,), opens=True),
}
OPENING = frozenset(kind for kind, row in KINDS.items() if row.opens)


def check(kind, channel, context):
    """Raise ValueError when no template could be filled: a bug of the caller, better seen before the row is written."""
    row = KINDS.get(kind)
    if row is None:
        raise ValueError(f"There is no notice {kind!r}: notifications.kinds lists them.")
    if channel not in row.channels:
        raise ValueError(f"{kind} does not go by {channel}.")
    missing = row.keys - context.keys()
    if missing:
        raise ValueError(f"{kind} needs {', '.join(sorted(missing))}.")
