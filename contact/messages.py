"""The notices of the clock and of follow-up, to the members of a pro. None names the homeowner (INVARIANTS 22)."""

from datetime import timedelta

from accounts.pro_notices import About, to_members
from billing.pricing import discounted
from catalog.guide import dollars
from contact.policy import Contact
from core.addresses import absolute
from core.policy import read
from notifications import outbox

CALL_REMINDER = "call_reminder"


def remind_to_call(lines, *, now) -> None:
    """Ten minutes before each clock ends, unless it is earned before (RULES 22). `lines` come with their charge and terms."""
    before = timedelta(seconds=read(Contact).remind_before)
    waiting = [line for line in lines if line.clock_ends_at - before > now]
    told = [
        _about(line, due_at=line.clock_ends_at - before, until_at=line.clock_ends_at.isoformat(), saving=_saving(line)) for line in waiting
    ]
    outbox.promise(to_members(CALL_REMINDER, told), now=now)


def no_reminder(line, *, now) -> None:
    """The clock was earned: nobody is reminded of it any more."""
    outbox.cancel(subjects=[line.pk], kinds=[CALL_REMINDER], reason="earned", now=now)


def remind_to_follow_up(line, step, *, now) -> None:
    """A step of RULES 25 is still open some days after the match."""
    told = _about(line, occurrence=str(line.reminders), step=str(step.label), done=step.done, of=step.of)
    outbox.promise(to_members("follow_up", [told]), now=now, test=line.test)


def _about(line, *, occurrence="", due_at=None, **more) -> About:
    context = {"service": line.about, "url": absolute(f"/pro/leads/{line.pk}/"), **more}
    return About(line.pro_id, line.pk, context, occurrence, due_at)


def _saving(line) -> str:
    return dollars(discounted(line.charge.terms, line.charge.price))
