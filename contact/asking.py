"""Asking the carrier what we were not told: calls whose events never came, and calls we never heard of (RULES 23, INVARIANTS 40); and
telling it which calls to end.

No transaction is open while the carrier is asked. What it says is put to what is known as any event is (contact.merging).
"""

import logging
from datetime import datetime, timedelta

from accounts.queries import in_force
from contact import lines, listening
from contact.carriers import Record, Unreachable
from contact.carriers.chosen import carrier
from contact.merging import FINAL, Facts, kept_as
from contact.models import Call, Leg, Line, Number
from contact.policy import Contact
from core.addresses import absolute
from core.due import claim
from core.policy import read
from core.tenancy import scope

LEASE = timedelta(seconds=30)
OVERLAP = timedelta(minutes=10)  # a carrier's list may be behind by some minutes
GIVE_UP = timedelta(days=1)
log = logging.getLogger(__name__)


def ask_due(marketplace, *, now: datetime, limit: int = 100) -> int:
    """Place the calls that wait for it, and ask about those that should have ended or gone on. Returns how many were taken up."""
    with scope(marketplace):
        calls = claim(Call.objects.select_related("number"), now=now, lease=LEASE, limit=limit)
        first = {leg.call_id: leg for leg in Leg.objects.filter(call__in=calls).order_by("-pk")}
    for call in calls:
        try:
            if call.pk in first:
                _ask(marketplace, call, first[call.pk].provider_id, now=now)
            else:
                _place(marketplace, call, now=now)
        except Unreachable:
            log.warning("the carrier does not answer about call %s", call.pk)
            _later(marketplace, call, now=now)
    return len(calls)


def cut_closed(marketplace, *, now: datetime) -> int:
    """End the calls that still go on over lines which a homeowner closed (RULES 26). Returns how many there were."""
    with scope(marketplace):
        talking = Call.objects.filter(due_at__isnull=False, closed_at=None, line__closed_reason__in=lines.CUT)
        first = {leg.call_id: leg.provider_id for leg in Leg.objects.filter(call__in=list(talking)).order_by("-pk")}
    for provider_id in first.values():
        try:
            carrier(marketplace).cut(provider_id, now=now)
        except Unreachable:
            log.warning("the carrier does not end a call")
    return len(first)


def list_numbers(marketplace, *, now: datetime) -> int:
    """Look through the carrier's list of each number for calls that we were never told of. Returns how many were found."""
    with scope(marketplace):
        before = now - timedelta(seconds=read(Contact).listing_every)
        numbers = list(Number.objects.filter(heard_until__lte=before))
    found = 0
    for number in numbers:
        try:
            records = carrier(marketplace).since(number.number, number.heard_until - OVERLAP)
        except Unreachable:
            log.warning("the carrier does not list number %s", number.pk)
            continue
        with scope(marketplace):
            found += _take_up(number, records, now=now)
            Number.objects.filter(pk=number.pk).update(heard_until=now)
    return found


def _ask(marketplace, call, provider_id, *, now):
    records = carrier(marketplace).look_up(provider_id)
    with scope(marketplace):
        _know(call, records, now=now)


def _know(call, records: list[Record], *, now):
    """Put what the carrier keeps of a call to what we know; it is over when all its legs are, or when the carrier knows none."""
    for record in sorted(records, key=lambda record: bool(record.parent_id)):
        listening.note(call, record.provider_id, kept_as(record, now=now), now=now, parent=not record.parent_id)
    if all(record.status in FINAL for record in records):
        call.refresh_from_db()
        listening.close(call, now=now, fault=call.line_id is not None and _failed_at_the_carrier(call, records))
    else:
        _due(call, now + timedelta(seconds=60))


def _failed_at_the_carrier(call, records) -> bool:
    """The pro did its part and nobody was dialled: the carrier lost the call that we placed, or broke off the one that came in."""
    if len(records) > 1:
        return False
    return all(record.status == "failed" for record in records) if call.way == Call.Way.PIN else not records


def _place(marketplace, call, *, now):
    """Call the pro first. Who died after calling and before writing it down finds that call again instead of calling twice."""
    with scope(marketplace):
        call = Call.objects.select_related("number", "member__user", "line").get(pk=call.pk)
        phone, number = call.member.user.phone, call.number
        alive = call.line.is_live and bool(phone) and in_force().filter(pk=call.member_id).exists()
        url, status_url = (absolute(f"/hooks/{marketplace.slug}/voice/{end}/?call={call.pk}") for end in ("bridge", "status"))
    if not alive:
        with scope(marketplace):
            listening.close(call, now=now)
        return
    provider = carrier(marketplace)
    placed = ""
    if call.attempts > 1:
        placed = next((record.provider_id for record in provider.since(number.number, call.opened_at - OVERLAP)
                       if not record.parent_id and not record.inbound and record.to_number == phone
                       and record.started_at and record.started_at >= call.opened_at.replace(microsecond=0)), "")  # fmt: skip
    placed = placed or provider.place(to=phone, from_number=number.number, url=url, status_url=status_url, now=now)
    with scope(marketplace):
        listening.note(call, placed, Facts(), now=now)
        _due(call, now + timedelta(seconds=read(Contact).call_lost_after))


def _later(marketplace, call, *, now):
    """Try again soon; a call that could not even be placed in two minutes has failed through us."""
    with scope(marketplace):
        waited = now - call.opened_at
        unplaced = call.way == Call.Way.BRIDGE and not Leg.objects.filter(call=call).exists()
        if waited > GIVE_UP or (unplaced and waited >= timedelta(seconds=read(Contact).call_lost_after)):
            listening.close(call, now=now, fault=unplaced)
        else:
            _due(call, now + max(timedelta(seconds=10), min(waited, timedelta(minutes=5))))


def _due(call, at):
    Call.objects.filter(pk=call.pk, closed_at=None).update(due_at=at, lease_until=None)


def _take_up(number, records: list[Record], *, now) -> int:
    """Write down the calls of `records` that we do not know. One that came in and got no answer from us failed through us: it counts for
    the running clocks of whom it came from, for nobody can say which of them was meant (RULES 23)."""
    known = set(Leg.objects.filter(provider_id__in=[record.provider_id for record in records]).values_list("provider_id", flat=True))
    taken = 0
    for record in records:
        if record.parent_id or not record.inbound or record.provider_id in known or record.status not in FINAL:
            continue
        children = [each for each in records if each.parent_id == record.provider_id]
        for line, member in _meant(number, record) or [(None, None)]:
            taken += _missed(number, record, children, line, member, now=now)
    return taken


def _meant(number, record) -> list[tuple]:
    """(line, member) of each line of this number that the caller could have reached with a PIN."""
    at = record.started_at
    members = list(in_force().filter(user__phone=record.from_number).order_by("pk"))
    own = Line.objects.filter(number=number, pro__in=[member.pro_id for member in members], opened_at__lte=at, earned_at=None)
    by_pro = {member.pro_id: member for member in reversed(members)}
    return [(line, by_pro[line.pro_id]) for line in own.order_by("opened_at", "pk") if not line.closed_at or line.closed_at > at]


def _missed(number, record, children, line, member, *, now) -> int:
    """One call that we missed, on one line. Only the first of several carries the carrier's name of it."""
    call = Call.objects.create(way=Call.Way.PIN, number=number, line=line, member=member, opened_at=record.started_at)
    name = (
        record.provider_id
        if not Leg.objects.filter(provider_id=record.provider_id).exists()
        else f"{record.provider_id}:{call.pk.hex[-6:]}"
    )
    listening.note(call, name, kept_as(record, now=now), now=now)
    listening.close(call, now=now, fault=line is not None and not children)
    return 1
