"""Promising notices and taking promises back. A notice is a row before it is a message (RULES 43)."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from core import doorbell, sql
from core.languages import ENGLISH
from core.tenancy import current
from notifications import kinds as known
from notifications import secrets, tasks
from notifications.models import Channel, Message


@dataclass(frozen=True)
class Notice:
    """What shall be said to whom. `notifications.kinds` lists the kinds and the context each needs.

    `subject` is the id of what it is about, `recipient` whom it is for ("member:12", "lead:<id>"). `occurrence` tells repeats of
    the same notice apart (a budget period). `respects_quiet_hours` makes it wait for the allowed hours in `zone`: yes for a homeowner,
    but not for the answer to what they just did (RULES 44). `due_at` holds it back until then.
    """

    kind: str
    subject: str
    recipient: str
    channel: str
    address: str
    context: dict = field(default_factory=dict)
    zone: str = "UTC"
    language: str = ENGLISH
    respects_quiet_hours: bool = False
    occurrence: str = ""
    due_at: datetime | None = None


def promise(notices, *, now, test=False):
    """Write `notices` down in the caller's transaction, each once however often it is promised, and wake the deliverers after it.

    Two statements whatever the number. Left out are notices without an address and those their recipient has switched off.
    `test` traffic is written down as suppressed: nobody gets it (INVARIANTS 8).
    """
    for notice in notices:
        known.check(notice.kind, notice.channel, notice.context)
        ZoneInfo(notice.zone)  # raises for a zone that is none
    rows = [_row(notice, now=now, test=test) for notice in _wanted(notices)]
    if not rows:
        return
    sql.insert(rows, once=True)
    if not test and not current().replay:
        for channel in sorted({row.channel for row in rows}):
            doorbell.ring(tasks.DELIVER[channel])


def cancel(*, subjects, reason, now, kinds=()) -> int:
    """Take back what was promised about these subjects (only `kinds`, if given) and has not been handed to a provider (RULES 26). Returns
    how many.

    What a provider has this instant may still arrive; if it does not, it is not tried again. Locks rows by ascending id, as deliverers
    do: a transaction that cancels calls it once, with everything it means.
    """
    unsent = Message.objects.filter(
        subject__in=[str(subject) for subject in subjects], state__in=[Message.State.QUEUED, Message.State.SENDING]
    )
    if kinds:
        unsent = unsent.filter(kind__in=kinds)
    found = list(unsent.order_by("pk").select_for_update(no_key=True).values_list("pk", "state", "kind"))
    if not found:
        return 0
    states = {pk: state for pk, state, _kind in found}
    handed_over = [pk for pk, state in states.items() if state == Message.State.SENDING]
    Message.objects.filter(pk__in=handed_over).update(cancelled_at=now)
    secrets.forget({pk: kind for pk, state, kind in found if state == Message.State.QUEUED})
    return Message.objects.filter(pk__in=states.keys() - set(handed_over)).update(
        state=Message.State.CANCELLED, reason=reason, cancelled_at=now, due_at=None, lease_until=None
    )


SWITCHED_OFF = """
select recipient, kind, channel from notifications_preference
where marketplace_id = %(marketplace)s and recipient = any(%(recipients)s) and not wanted
"""


def _wanted(notices):
    """Without those that have no address or are switched off. One query, none when no kind among them can be switched."""
    notices = [notice for notice in notices if notice.address]
    switchable = [notice for notice in notices if known.KINDS[notice.kind].switchable]
    if not switchable:
        return notices
    off = set(sql.rows(SWITCHED_OFF, recipients=list({notice.recipient for notice in switchable})))
    return [notice for notice in notices if (notice.recipient, notice.kind, notice.channel) not in off]


def _row(notice, *, now, test):
    return Message(
        kind=notice.kind,
        subject=str(notice.subject),
        recipient=notice.recipient,
        channel=Channel(notice.channel),
        occurrence=notice.occurrence,
        address=notice.address,
        context=notice.context,
        zone=notice.zone,
        language=notice.language,
        respects_quiet_hours=notice.respects_quiet_hours,
        test=test,
        state=Message.State.SUPPRESSED if test else Message.State.QUEUED,
        reason="test" if test else "",
        created_at=now,
        due_at=None if test else notice.due_at or now,
    )
