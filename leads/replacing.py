"""A pro that never called: warned after a day, and after two the homeowner may replace it (RULES 16).

The pro pays and loses its line; its seat is free again, the only one besides an undone accept. Whether it has called is decided under the
lock of its line, which every call takes too before it is connected (contact.calls): of a call and a replacement at the same instant one
finds the other.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.seat_counters import lock_waiting
from contact import lines
from contact.models import Call
from contact.queries import Story, stories, story
from core import events, sql
from core.errors import Refusal
from core.policy import read
from leads import lifecycle, messages, open_work
from leads.models import Lead, Match
from leads.policy import InCharge

BATCH = 200


class SeatClosed(Refusal):
    code = "seat_closed"
    sentence = _("Your details are closed to this pro already.")
    status = 409


class LookingOver(Refusal):
    code = "looking_over"
    sentence = _("We look for no more pros for this request, so nobody can take the place of this one. You can stop it.")
    status = 409


class HasTried(Refusal):
    code = "has_tried"
    sentence = _("This pro has called you, so it keeps its seat. You can stop it.")
    status = 409


class NotYetReplaceable(Refusal):
    """The pro has until `at` to call; None: it was not warned, and cannot be replaced."""

    code = "not_yet_replaceable"
    sentence = _("This pro still has time to call.")
    status = 409

    def __init__(self, at):
        super().__init__()
        self.at = at


def warn_due(*, now: datetime) -> int:
    """Warn the pros that are due and have made no attempt; returns how many were looked at, at most BATCH. Each is looked at once."""
    due = Match.objects.filter(warn_due_at__lte=now).order_by("warn_due_at", "pk")
    locked = due.select_for_update(no_key=True, skip_locked=True, of=("self",))
    matches = list(locked.select_related("lead__service", "line__pro")[:BATCH])
    told = stories([match.line for match in matches if match.line])
    silent = [match for match in matches if match.line and _may_be_warned(match, now) and not _has_tried(told[match.line_id])]
    Match.objects.filter(pk__in=[match.pk for match in matches]).update(warn_due_at=None)
    Match.objects.filter(pk__in=[match.pk for match in silent]).update(warned_at=now)
    for match in silent:
        match.warned_at = now
        events.record("match.warned", match.pk, now=now, test=match.test)
    messages.warned(silent, until={match.pk: replaceable_from(match) for match in silent}, now=now)
    return len(matches)


def replaceable_from(match: Match) -> datetime | None:
    """From when on the homeowner may replace this pro if it makes no attempt; None while it was not warned."""
    policy = read(InCharge)
    if match.warned_at is None:
        return None
    after_warning = timedelta(seconds=policy.replace_seconds - policy.warn_seconds)
    return max(match.at + timedelta(seconds=policy.replace_seconds), match.warned_at + after_warning)


def objection(match: Match, told: Story, *, now: datetime) -> Refusal | None:
    """Why the homeowner cannot replace the pro of this match (with its lead) at `now`; None when it can. `told` is its line's story."""
    if match.state != Match.State.LIVE:
        return SeatClosed()
    if not _still_looks(match.lead, now):
        return LookingOver()
    if _has_tried(told):
        return HasTried()
    at = replaceable_from(match)
    return NotYetReplaceable(at) if at is None or now < at else None


def replace(match: Match, *, now: datetime) -> None:
    """Take the seat from a pro that was warned and made no attempt, and look for another one at once. Done twice, it changes nothing.

    Raises SeatClosed, LookingOver, HasTried, NotYetReplaceable.
    """
    lead = lifecycle.lock(match.lead_id)
    held = Match.objects.get(pk=match.pk)
    if held.state == Match.State.REPLACED:
        return
    if held.line_id is None:
        raise NotYetReplaceable(None)
    held.lead = lead
    lock_waiting([held.pro_id])
    if refusal := objection(held, story(lines.hold(held.line_id)), now=now):
        raise refusal
    open_work.ending([held.pk])
    sql.update(held, state=Match.State.REPLACED, state_at=now, slot=None)
    lines.close([held.line_id], reason="replaced", now=now)
    events.record("lead.pro_replaced", lead.pk, now=now, test=lead.test, match=str(held.pk))
    messages.replaced(held, now=now)
    lifecycle.look_again(lead, now=now)


def _may_be_warned(match, now) -> bool:
    return match.state == Match.State.LIVE and match.line.is_live and _still_looks(match.lead, now)


def _still_looks(lead, now) -> bool:
    """Whether a free seat of this lead would be filled: it is open, or closed for no other reason than that all were taken."""
    filled = lead.state == Lead.State.CLOSED and lead.outcome_reason == "all_seats_taken"
    return now < lead.closes_at and not lead.withdrawn_at and not lead.hired and (filled or lead.state != Lead.State.CLOSED)


def _has_tried(told: Story) -> bool:
    """The pro called, or is calling this moment, or the two have spoken."""
    calling = any(call.way != Call.Way.CALLBACK and not call.over for call in told.calls)
    return bool(told.attempts or told.two_way_at or calling)
