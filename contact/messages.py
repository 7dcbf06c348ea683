"""The notices of the clock and of follow-up, to the members of a pro. None names the homeowner (INVARIANTS 22)."""

from datetime import timedelta

from accounts.queries import members_to_notify
from billing.pricing import discounted
from catalog.guide import dollars
from contact.policy import Contact
from core.addresses import absolute
from core.policy import read
from notifications import outbox
from notifications.models import Channel
from notifications.outbox import Notice

CALL_REMINDER = "call_reminder"


def remind_to_call(lines, *, now) -> None:
    """Ten minutes before each clock ends, unless it is earned before (RULES 22). `lines` come with their charge and terms."""
    before = timedelta(seconds=read(Contact).remind_before)
    waiting = [line for line in lines if line.clock_ends_at - before > now]
    members = members_to_notify({line.pro_id for line in waiting}) if waiting else []
    notices = []
    for line in waiting:
        saving = dollars(discounted(line.charge.terms, line.charge.price))
        context = {"until_at": line.clock_ends_at.isoformat(), "saving": saving}
        for person in members:
            if person.pro_id == line.pro_id:
                notices += _to(person, CALL_REMINDER, line, context, due_at=line.clock_ends_at - before)
    outbox.promise(notices, now=now)


def no_reminder(line, *, now) -> None:
    """The clock was earned: nobody is reminded of it any more."""
    outbox.cancel(subjects=[line.pk], kinds=[CALL_REMINDER], reason="earned", now=now)


def remind_to_follow_up(line, step, *, now) -> None:
    """A step of RULES 25 is still open some days after the match."""
    context = {"step": str(step.label), "done": step.done, "of": step.of}
    notices = []
    for person in members_to_notify([line.pro_id]):
        notices += _to(person, "follow_up", line, context, occurrence=str(line.reminders))
    outbox.promise(notices, now=now, test=line.test)


def _to(person, kind, line, context, **options) -> list[Notice]:
    common = {
        "kind": kind,
        "subject": str(line.pk),
        "recipient": person.subject,
        "context": {"pro": person.pro_name, "service": line.about, "url": absolute(f"/pro/leads/{line.pk}/"), **context},
        "zone": person.zone,
        **options,
    }
    ways = [(Channel.EMAIL, person.email), (Channel.SMS, person.phone)]
    return [Notice(channel=channel, address=address, **common) for channel, address in ways if address]
