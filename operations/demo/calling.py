"""Calls of the demo: what the carrier would have told is put down as it is heard, at the instants of the story."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from itertools import count

from accounts.models import Member
from contact import listening
from contact.merging import Facts
from contact.models import Call, Line, Side
from core.ids import new_id
from leads.models import Match
from leads.opening import open_match

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OPENED = 0.5  # of the leads; the main pro opens all
CALLED = 0.25  # of those; the main pro calls nearly everybody
OUTCOMES = ("talk", "talk", "talk", "rings out", "rings out", "machine", "busy")


@dataclass
class Plans:
    """What pros are going to do with their leads, next first. The main pro's first lead from `dead_from` on has a number that does not
    work: it calls twice."""

    owners: dict[int, Member]
    main_pro: int
    dead_from: datetime
    dice: random.Random = field(default_factory=lambda: random.Random("plans"))
    waiting: list = field(default_factory=list)
    known: set = field(default_factory=set)
    dead: set = field(default_factory=set)  # leads whose number does not work
    number: count = field(default_factory=count)

    def make(self) -> None:
        """Decide what becomes of each match that is new."""
        fresh = Match.objects.filter(state=Match.State.LIVE, test=False).exclude(pk__in=self.known).order_by("at", "slot")
        for match in fresh:
            self.known.add(match.pk)
            quick = self.dice.random() < 0.6
            opens = match.at + MINUTE * (self.dice.randint(2, 22) if quick else self.dice.randint(30, 200))
            main = match.pro_id == self.main_pro
            if main and not self.dead and match.at >= self.dead_from:
                self.dead.add(match.lead_id)
                for hours in (1, 4):
                    self._add(match.at + timedelta(hours=hours), self._call, match)
            if self.dice.random() < OPENED or main:
                self._add(opens, self._open, match)
                if self.dice.random() < (0.9 if main else CALLED):
                    self._add(opens + SECOND * self.dice.randint(40, 300), self._call, match)

    def carry_out(self, *, until: datetime) -> None:
        """Do all that was to be done by then, each at its own instant."""
        while self.waiting and self.waiting[0][0] <= until:
            at, _number, act, match = heappop(self.waiting)
            match.refresh_from_db()
            if match.state == Match.State.LIVE:
                act(match, at)

    def _add(self, at, act, match):
        heappush(self.waiting, (at, next(self.number), act, match))

    def _open(self, match, at):
        open_match(match, by=self.owners[match.pro_id], now=at)

    def _call(self, match, at):
        outcome = "dead" if match.lead_id in self.dead else self.dice.choice(OUTCOMES)
        call(match, by=self.owners[match.pro_id], at=at, outcome=outcome, seconds=self.dice.randint(30, 400))
        if outcome == "rings out" and self.dice.random() < 0.6:
            self._add(at + timedelta(hours=self.dice.randint(20, 30)), self._call, match)


def call(match, *, by: Member, at: datetime, outcome: str, seconds: int = 60) -> Call:
    """A call with the PIN of `match` whose leg to the homeowner started at `at`, over and told of."""
    line = Line.objects.select_related("number").get(pk=match.pk)
    at = at.replace(microsecond=0)
    far = _leg(outcome, at, seconds)
    begun = listening.begin(provider_id=_name(), side=Side.PRO, number=line.number, way=Call.Way.PIN, now=at)
    Call.objects.filter(pk=begun.pk).update(line=line, member=by)
    near = Facts("completed", initiated_at=at - 9 * SECOND, answered_at=at - 8 * SECOND, ended_at=far.ended_at)
    listening.note(begun, begun.legs.get().provider_id, near, now=far.ended_at)
    listening.note(begun, _name(), far, now=far.ended_at, parent=False)
    return begun


def _leg(outcome, at, seconds) -> Facts:
    told = {"initiated_at": at, "ringing_at": at + SECOND, "ended_by": "homeowner"}
    match outcome:
        case "dead":
            return Facts("failed", initiated_at=at, ended_at=at + 2 * SECOND, code=404)
        case "busy":
            return Facts("busy", ended_at=at + 4 * SECOND, **told)
        case "rings out":
            return Facts("no-answer", ended_at=at + 31 * SECOND, **told)
    answered = at + 9 * SECOND
    machine = outcome == "machine"
    lasted = 20 if machine else seconds
    return Facts("completed", answered_at=answered, ended_at=answered + lasted * SECOND, seconds=lasted, machine=machine, **told)


def _name() -> str:
    return f"CA{new_id().hex}"
