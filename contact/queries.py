"""What happened on lines: calls as they are shown, and the story that credits and follow-up read (DESIGN rule 1: facts are read up)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from contact import clock as clocks
from contact import follow_up
from contact.clock import Clock, Contact, Wish
from contact.merging import Facts
from contact.models import Call, Leg, Line, Side
from contact.policy import Contact as Policy
from core.policy import read

COLUMNS = tuple(Facts.__dataclass_fields__)


@dataclass(frozen=True)
class CallSheet:
    """One call of a line. `facts` are those of the leg to the other side; `started_at` is when that leg started, of a callback when
    the homeowner called. `over` says that nothing more will be heard of it."""

    id: UUID
    line_id: UUID
    way: str
    opened_at: datetime
    started_at: datetime | None
    facts: Facts
    fault: bool
    over: bool
    connected: bool
    member_id: int | None

    @property
    def is_attempt(self) -> bool:
        """The pro tried to reach the homeowner: a leg to them was placed, or failed through us."""
        return self.way != Call.Way.CALLBACK and (self.started_at is not None or self.fault)

    @property
    def is_dead(self) -> bool:
        return self.way != Call.Way.CALLBACK and self.facts.is_dead

    @property
    def contact(self) -> Contact:
        """As the clock judges it."""
        if self.fault:
            return Contact(clocks.FAULT, self.started_at or self.opened_at, id=f"call:{self.id}")
        kind = clocks.CALLBACK if self.way == Call.Way.CALLBACK else clocks.LEG
        return Contact(kind, self.started_at, self.facts, complete=self.over, id=f"call:{self.id}")

    def is_two_way(self, seconds: int) -> bool:
        """Two people spoke: answered, not by a machine, and long enough. Who is on the line still is taken to speak: how long they
        do is only told when it is over."""
        speaking = not (self.facts.is_final or self.over)
        return self.facts.was_answered and not self.facts.machine and (speaking or self.facts.talked >= seconds)


@dataclass(frozen=True)
class Story:
    """What passed on one line so far. `attempts` counts the calls to the homeowner, `dead_at` are those that found the number dead."""

    line_id: UUID
    calls: tuple[CallSheet, ...]
    attempts: int
    first_attempt_at: datetime | None
    two_way_at: datetime | None
    dead_at: tuple[datetime, ...]
    earned_at: datetime | None
    steps: tuple[follow_up.Step, ...]

    @property
    def steps_done(self) -> int:
        return sum(step.is_done for step in self.steps)


def calls_on(line_ids) -> list[CallSheet]:
    """The calls of these lines, oldest first. Two queries."""
    calls = list(Call.objects.filter(line__in=list(line_ids)).order_by("opened_at", "pk"))
    legs = defaultdict(dict)
    for leg in Leg.objects.filter(call__in=calls).order_by("-pk"):
        legs[leg.call_id][leg.side] = leg
    return [sheet_of(call, legs[call.pk]) for call in calls]


def sheet_of(call: Call, legs: dict) -> CallSheet:
    """The sheet of a call from its legs by side."""
    far = legs.get(Side.PRO if call.way == Call.Way.CALLBACK else Side.HOMEOWNER)
    homeowner = legs.get(Side.HOMEOWNER)
    return CallSheet(
        id=call.pk,
        line_id=call.line_id,
        way=call.way,
        opened_at=call.opened_at,
        started_at=homeowner.initiated_at if homeowner else None,
        facts=facts_of(far) if far else Facts(),
        fault=call.fault,
        over=call.closed_at is not None,
        connected=bool(far and far.answered_at),
        member_id=call.member_id,
    )


def facts_of(leg: Leg) -> Facts:
    return Facts(**{name: getattr(leg, name) for name in COLUMNS})


def stories(lines) -> dict[UUID, Story]:
    """The story of each of these lines (with their pro), by id. Two queries."""
    lines, policy = list(lines), read(Policy)
    calls = defaultdict(list)
    for sheet in calls_on([line.pk for line in lines]):
        calls[sheet.line_id].append(sheet)
    return {line.pk: tell(line, calls[line.pk], policy) for line in lines}


def story(line: Line) -> Story:
    return stories([line])[line.pk]


def tell(line: Line, calls: list[CallSheet], policy: Policy) -> Story:
    """The story of a line from its calls. Pure."""
    attempts = [sheet for sheet in calls if sheet.is_attempt]
    called = [sheet.started_at or sheet.opened_at for sheet in attempts]
    spoke = [sheet.started_at or sheet.opened_at for sheet in calls if sheet.is_two_way(policy.talk_seconds)]
    return Story(
        line_id=line.pk,
        calls=tuple(calls),
        attempts=len(attempts),
        first_attempt_at=min(called, default=None),
        two_way_at=min(spoke, default=None),
        dead_at=tuple(sorted(sheet.started_at for sheet in calls if sheet.is_dead and sheet.started_at)),
        earned_at=line.earned_at,
        steps=tuple(
            follow_up.steps(
                called=called,
                first_in_time=line.earned_at is not None,
                clock_ended=line.settled_at is not None,
                emails=0,
                seat_at=line.opened_at,
                zone=line.pro.zone,
                days=policy.follow_up_days,
                calls=policy.follow_up_calls,
            )
        ),
    )


def wish_of(line: Line) -> Wish:
    """When the line's homeowner allows contact."""
    first, until = read(Policy).hours.get(line.reach, (0, 24))
    return Wish(line.homeowner.zone, (first, until), message_first=line.reach == "message_first")


def counts(line: Line, sheet: CallSheet) -> bool:
    """Whether the call is of the kind that earns the discount, whenever it was (RULES 23)."""
    return clocks.counts(sheet.contact, wish_of(line), **_seconds())


def earning(line: Line, calls: list[CallSheet]) -> Contact | None:
    """The first contact among `calls` that earns the discount of the line (RULES 22, 23)."""
    clock = Clock(line.clock_starts_at, line.clock_ends_at)
    return clocks.earned([sheet.contact for sheet in calls], clock, wish_of(line), **_seconds())


def _seconds() -> dict:
    policy = read(Policy)
    return {"ring_seconds": policy.ring_seconds, "answered_seconds": policy.answered_seconds}
