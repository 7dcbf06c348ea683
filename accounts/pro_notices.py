"""What a pro is told, every member of it is: by each way that the kind of notice goes and the member has an address for."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from accounts.queries import Recipient, members_to_notify
from notifications.kinds import KINDS
from notifications.models import Channel
from notifications.outbox import Notice


@dataclass(frozen=True)
class About:
    """One thing the members of a pro are told: about `subject`, in the words that `context` fills beside the pro's name; `occurrence` and
    `due_at` as in a Notice."""

    pro_id: int
    subject: object
    context: dict
    occurrence: str = ""
    due_at: datetime | None = None


def to_members(kind: str, told: Iterable[About], *, people: list[Recipient] | None = None) -> list[Notice]:
    """The notices of `kind` that say `told` to the members of those pros. One query, none where they were looked up before (`people`)."""
    told = list(told)
    if people is None:
        people = members_to_notify({about.pro_id for about in told}) if told else []
    by_pro = defaultdict(list)
    for person in people:
        by_pro[person.pro_id].append(person)
    return [notice for about in told for person in by_pro[about.pro_id] for notice in _by_every_way(kind, about, person)]


def _by_every_way(kind, about, person):
    for channel, address in ((Channel.EMAIL, person.email), (Channel.SMS, person.phone)):
        if address and channel in KINDS[kind].channels:
            yield Notice(
                kind=kind,
                subject=str(about.subject),
                recipient=person.subject,
                channel=channel,
                address=address,
                context={"pro": person.pro_name, **about.context},
                zone=person.zone,
                occurrence=about.occurrence,
                due_at=about.due_at,
            )
