"""What the carrier tells of a call, kept once each and put together; the discount it earned is posted at once (RULES 22-24).

Lock order: the call, then pro_state, charge, line, messages (docs/architecture.md).
"""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contact import lines, queries, timers
from contact.merging import Facts, merge
from contact.models import Call, Leg, LegEvent, Line, Side
from contact.policy import Contact
from core import sql
from core.errors import NotFound, Refusal
from core.policy import read

A_MOMENT = timedelta(seconds=1)


class UnknownCall(NotFound):
    """The carrier speaks of a call that is none of this marketplace's."""

    code = "unknown_call"


class Repeated(Refusal):
    """The carrier, or somebody who listened to it, says again what was heard already."""

    code = "repeated"
    sentence = _("This was heard before.")
    status = 409


def begin(*, provider_id: str, side: str, number, way: str, now: datetime) -> Call:
    """A new call, whose first leg the carrier knows as `provider_id`. Raises Repeated when that leg is known already."""
    call = Call(way=way, number=number, opened_at=now, due_at=now + timedelta(seconds=read(Contact).call_lost_after))
    sql.insert([call])
    if not sql.insert([Leg(call=call, side=side, provider_id=provider_id)], once=True):
        raise Repeated
    return call


def call_of(provider_id: str) -> Call | None:
    """The call that has this leg."""
    leg = Leg.objects.filter(provider_id=provider_id).select_related("call__number").first()
    return leg.call if leg else None


def hear(facts: Facts, *, call_id: UUID, provider_id: str, key: str, said: dict, now: datetime, parent: bool = False) -> Call:
    """One event of the leg `provider_id` of a call of ours; `key` tells it from all others, `said` is what is kept of it as it came.
    `parent` says that it is the call's first leg. Raises UnknownCall when it is none of ours, or a second leg of a call in which nobody
    was dialled, and Repeated when it was heard before: then nothing changes."""
    call = Call.objects.select_related("number").select_for_update(no_key=True, of=("self",)).filter(pk=call_id).first()
    leg = _leg(call, provider_id, parent=parent) if call and (parent or call.line_id) else None
    if leg is None:
        raise UnknownCall
    if not sql.insert([LegEvent(leg=leg, key=key, heard_at=now, said=said)], once=True):
        raise Repeated
    _grow(call, leg, facts, now=now)
    return call


def note(call: Call, provider_id: str, facts: Facts, *, now: datetime, parent: bool = True) -> None:
    """What we know of a leg from elsewhere: our own part in the call, or the carrier's record of it."""
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    leg = _leg(locked, provider_id, parent=parent)
    if leg is not None:
        _grow(locked, leg, facts, now=now)


def close(call: Call, *, now: datetime, fault: bool = False) -> None:
    """Nothing more will be heard of this call. `fault`: it failed through us or the carrier."""
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    if locked.closed_at is None:
        sql.update(locked, closed_at=now, due_at=None, lease_until=None, fault=fault)
        _judge(locked, _by_side(locked), now=now)


def _leg(call, provider_id, *, parent) -> Leg | None:
    """The leg of the call that the carrier knows so; the second one is written down when it is first heard of. None when that name
    belongs to another call."""
    leg = Leg.objects.filter(provider_id=provider_id).first()
    if leg is None:
        first, second = _sides(call)
        leg = Leg(call=call, side=first if parent else second, provider_id=provider_id)
        sql.insert([leg], once=True)
        leg = Leg.objects.get(provider_id=provider_id)
    return leg if leg.call_id == call.pk else None


def _grow(call, leg, facts, *, now):
    """Put what was heard to what is known; then see whether the call is over and whether it earned the discount."""
    known = queries.facts_of(leg)
    grown = merge(known, facts)
    if grown != known:
        sql.update(leg, **asdict(grown))
    _settle(call, now=now)


def _settle(call, *, now):
    legs = _by_side(call)
    if call.closed_at is None:
        first, second = (queries.facts_of(legs[side]) if side in legs else None for side in _sides(call))
        if first and first.is_final and (_is_told(second) if second else call.line_id is None):
            sql.update(call, closed_at=now, due_at=None)
        elif second and second.answered_at and not second.is_final and second.talked < (seconds := read(Contact).answered_seconds):
            # To take off the discount while they still talk, the carrier is asked whether they do.
            lasted = second.answered_at + timedelta(seconds=seconds) + A_MOMENT
            if call.due_at is None or lasted < call.due_at:
                sql.update(call, due_at=lasted)
    _judge(call, legs, now=now)


def _is_told(facts) -> bool:
    """Whether no event of the leg can be missing that would matter: who hung up comes apart from the rest."""
    by_whom = facts.ended_by or facts.status in ("busy", "failed", "canceled")
    return bool(facts.is_final and facts.initiated_at and facts.ended_at and by_whom)


def _judge(call, legs, *, now):
    """Post the discount if this call has earned it, and let the line live on from what passed."""
    if call.line_id is None:
        return
    line = Line.objects.select_related("homeowner", "charge__terms", "pro").get(pk=call.line_id)
    sheet = queries.sheet_of(call, legs)
    at = sheet.started_at or (call.opened_at if call.fault else None)
    if at is None:
        return
    if line.earned_at is None and queries.counts(line, sheet):
        line = timers.catch_up(line, now=now)
        if (contact := queries.earning(line, [sheet])) is not None:
            lines.earn(line, at=contact.started_at, by=contact.id, now=now)
    if line.last_contact_at is None or at > line.last_contact_at:
        lines.touched(line, at=at)


def _by_side(call) -> dict:
    return {leg.side: leg for leg in Leg.objects.filter(call=call).order_by("-pk")}


def _sides(call) -> tuple:
    """The side of the call's first leg, and of the one that was dialled from it."""
    return (Side.HOMEOWNER, Side.PRO) if call.way == Call.Way.CALLBACK else (Side.PRO, Side.HOMEOWNER)
