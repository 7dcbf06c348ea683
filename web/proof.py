"""The evidence about a credit claim in words, for the pro and for staff: steps of follow-up, and facts with what they speak for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contact.policy import Contact
from core.policy import read
from credits.claim import Evidence
from credits.reasons import REASONS
from web.templatetags.plumbline import moment

FOR, AGAINST = "for", "against"  # the pro
MOST_CALLS = 20
OUTSIDE = ("outside_services", "outside_area")
ICONS = {"done": ("yes", "checkc"), "half": ("half", "half"), "missed": ("no", "xc"), "open": ("", "open")}


@dataclass(frozen=True)
class StepLine:
    """A step of follow-up as a row of the checklist."""

    label: str
    look: str
    icon: str
    text: str
    tag: str


@dataclass(frozen=True)
class Fact:
    """A fact with its time; `weight` is "for" or "against" the pro's claim, or nothing."""

    icon: str
    title: str
    text: str
    at: datetime | None = None
    weight: str = ""


def steps(evidence: Evidence, *, zone, now) -> list[StepLine]:
    """The three steps with what is done and what is missing; none for a lead that is older than our numbers."""
    told = (_called, _followed_up, _wrote)
    return [
        StepLine(step.label, *ICONS[step.state], *tell(step, evidence, zone, now)) for step, tell in zip(evidence.steps, told, strict=False)
    ]


def facts(evidence: Evidence, reason: str, *, job: str = "") -> list[Fact]:
    """What the marketplace itself knows, for and against. `job` names service and ZIP code, where the reader may know them."""
    return [*_calls(evidence, reason), *_said(evidence), *_duplicates(evidence, reason), *_receipt(evidence, reason, job)]


def tally(tried) -> str:
    """What one line tells, in a sentence: "3 calls, 2 of them dead"."""
    dead = len(tried.dead_at)
    calls = ngettext("%(n)s call", "%(n)s calls", len(tried.calls)) % {"n": len(tried.calls)}
    if tried.two_way_at:
        return _("%(calls)s, and two people spoke") % {"calls": calls}
    if not tried.calls:
        return _("no call")
    if dead:
        return _("%(calls)s, %(dead)s found the number dead") % {"calls": calls, "dead": dead}
    if any(call.answered for call in tried.calls):
        return _("%(calls)s, answered by a machine or only briefly") % {"calls": calls}
    return _("%(calls)s, nobody spoke") % {"calls": calls}


# (text, tag) of each step


def _called(step, evidence, zone, now):
    first = next((call.at for call in evidence.mine.calls if call.way != "callback"), None)
    if step.state == "done":
        return _("The first call was at %(at)s, in time.") % {"at": moment(first, zone, now)} if first else _("In time."), _("Done")
    if step.state == "missed":
        return _("There was no call in time."), _("Missed")
    return _("The time is not over. A call in it counts even if nobody answers."), _counted(step)


def _followed_up(step, evidence, zone, now):
    if step.state == "done":
        return _("Calls on %(of)s days of the first week.") % {"of": step.of}, _("Done")
    said, seat_at = {"done": step.done, "of": step.of}, evidence.receipt.at
    if seat_at and now > seat_at + timedelta(days=read(Contact).follow_up_days):
        return _("Calls on %(done)s of %(of)s days. The week is over.") % said, _counted(step)
    return _("Calls on %(done)s of %(of)s days so far. At most one a day counts.") % said, _counted(step)


def _wrote(step, evidence, zone, now):
    return (_("Sent."), _("Done")) if step.state == "done" else (_("E-mail through Lead Manager is not open yet."), _("Not open yet"))


def _counted(step) -> str:
    return _("%(done)s of %(of)s") % {"done": step.done, "of": step.of}


def _calls(evidence, reason):
    placed = list(enumerate(evidence.mine.calls, start=1))
    for number, call in placed[-MOST_CALLS:]:
        title = _("The homeowner called back.") if call.way == "callback" else _("Call %(n)s.") % {"n": number}
        yield Fact("phone", title, *_outcome(call, evidence, reason))
    if not placed:
        yield Fact("phone", _("Calls."), _("None through the 10-digit number of this lead."))


def _outcome(call, evidence, reason):
    """(text, time, weight) of one call."""
    if call.dead:
        return _("The number does not work."), call.at, FOR if _is_contact(reason) else ""
    if call.at == evidence.mine.two_way_at:
        return _("Two people spoke."), call.at, AGAINST if _is_contact(reason) else ""
    if call.answered and evidence.mine.two_way_at is None:
        return _("It was answered, by a machine or only briefly."), call.at, ""
    return _("It was answered.") if call.answered else _("Nobody answered."), call.at, ""


def _said(evidence):
    if evidence.mine.won:
        yield Fact("star", _("Status."), _("The job was marked as won."), None, AGAINST)


def _duplicates(evidence, reason):
    if evidence.duplicates:
        times = len(evidence.duplicates)
        text = ngettext("The same job was sold before, %(n)s time.", "The same job was sold before, %(n)s times.", times) % {"n": times}
        yield Fact("copy", _("Earlier lead."), text, None, FOR if reason == "duplicate" else "")
    elif reason == "duplicate":
        yield Fact("copy", _("Earlier lead."), _("We find none with the same person and trade in the days before."), None, AGAINST)


def _receipt(evidence, reason, job):
    receipt = evidence.receipt
    if receipt.covered:
        what = (
            _("%(job)s: offered and covered at the time of the match.") % {"job": job} if job else _("Service and ZIP code were covered.")
        )
        yield Fact("receipt", _("Lead receipt."), what, receipt.at, AGAINST if reason in OUTSIDE else "")
    if receipt.delivered_at:
        yield Fact("check", _("Notice of the lead."), _("It was delivered."), receipt.delivered_at)
    else:
        yield Fact("check", _("Notice of the lead."), _("No delivery is confirmed yet."))


def _is_contact(reason):
    return reason in REASONS and REASONS[reason].is_contact
