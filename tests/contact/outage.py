"""The site is away while people telephone: what the carrier kept is found afterwards, and the discounts are those of an oracle.

The oracle knows only who dialled whom when and what then happened at the telephones; it shares no code with contact.clock.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import Member
from contact import asking, tasks
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.models import Call, Line, LocalCall
from leads.matching import route
from notifications import delivery
from tests.factories import a_lead, a_member, a_pro

DOWN, UP_AGAIN = timedelta(minutes=10), timedelta(minutes=15)


@dataclass
class Dialled:
    """One call as the people at the telephones saw it. `ring` is when the homeowner's telephone began to ring, if it did."""

    line: Line
    kind: str
    at: datetime
    provider_id: str = ""
    ring: datetime | None = None


class Switch:
    """The way to the site, which can be cut."""

    up = True

    def __call__(self, path, said, signature):
        return in_process(path, said, signature) if self.up else (0, "")


KINDS = {
    "talk": (True, "under way when the site goes; they talk for a minute"),
    "rings out": (True, "under way; nobody answers"),
    "gives up": (False, "under way; the pro hangs up after 4 seconds of ringing"),
    "hangs up": (True, "under way; the pro hangs up 2 seconds after the answer: nobody is left to say who did"),
    "at the door": (True, "dialled while the site is away: it failed through us"),
    "too late": (False, "dialled while the site is away, the clock having ended before"),
    "stranger": (False, "somebody who is not of the pro's team"),
}


class Outage:
    def __init__(self, marketplace, now, *, calls, seed=1):
        self.marketplace, self.now, self.chance = marketplace, now, random.Random(seed)
        self.switch = Switch()
        self.carrier = LocalCarrier(marketplace, post=self.switch)
        self.phones = {}
        for number in range(calls):
            pro = a_pro(now=now - timedelta(days=30))
            a_member(pro, phone=f"+1773{200 + number // 100}55{number % 100:02}"[:12], now=now - timedelta(days=30))
        self.phones = dict(Member.objects.values_list("pro", "user__phone"))
        self.dialled = []

    def run(self, clock):
        """All of it; `clock(at)` makes an instant the present."""
        self.clock = clock
        kinds = [list(KINDS)[number % len(KINDS)] for number in range(len(self.phones))]
        self.chance.shuffle(kinds)
        self.sell()
        waiting = list(zip(self.lines, kinds, strict=True))
        for line, kind in waiting:
            if kind in ("talk", "rings out", "gives up", "hangs up"):
                self.ring(line, kind)
        self.switch.up = False
        self.under_way()
        for line, kind in waiting:
            if kind in ("at the door", "too late", "stranger"):
                self.to_a_closed_door(line, kind)
        self.at(self.down_at + DOWN)
        with self.clock(self.now):
            self.carrier.tick(at=self.now)
        self.switch.up = True
        return self

    def at(self, when):
        self.now = max(self.now, when)

    def sell(self):
        """A lead for every four pros, who are told of it at once."""
        with self.clock(self.now):
            for number in range(len(self.phones) // 4):
                lead = a_lead(now=self.now, phone=f"+1312{300 + number // 100}01{number % 100:02}"[:12], email="")
                route(lead_id=lead.pk, now=self.now)
            delivery.drain(self.marketplace, now=self.now)
            delivery.drain(self.marketplace, now=self.now + timedelta(seconds=31))
            tasks.look(self.marketplace, now=self.now)
        self.lines = list(Line.objects.select_related("number", "homeowner").order_by("pk"))
        self.down_at = self.now + timedelta(minutes=25)
        self.now = self.down_at - timedelta(seconds=2)

    def ring(self, line, kind):
        with self.clock(self.now):
            call = self.carrier.dial(from_number=self.phones[line.pro_id], to_number=line.number.number, at=self.now)
            self.carrier.press(call, line.pin, at=self.now)
        self.dialled.append(Dialled(line, kind, self.now, call, ring=self.now))

    def under_way(self):
        """What people do with their telephones while nobody of ours hears of it."""
        for step, seconds in ((self.answered, 1), (self.left, 4), (self.ended, 60)):
            self.at(self.down_at + timedelta(seconds=seconds))
            with self.clock(self.now):
                self.carrier.tick(at=self.now)
                for each in list(self.dialled):
                    step(each)

    def answered(self, each):
        if each.kind in ("talk", "hangs up"):
            self.carrier.answer(self.child(each), at=self.now)

    def left(self, each):
        if each.kind == "gives up":
            self.carrier.hang_up(each.provider_id, at=self.now - timedelta(seconds=2))
        elif each.kind == "hangs up":
            self.carrier.hang_up(each.provider_id, at=self.now - timedelta(seconds=1))

    def ended(self, each):
        if each.kind == "talk":
            self.carrier.hang_up(self.child(each), at=self.now)

    def child(self, each):
        return LocalCall.objects.get(parent__provider_id=each.provider_id).provider_id

    def to_a_closed_door(self, line, kind):
        phone = "+12065550150" if kind == "stranger" else self.phones[line.pro_id]
        self.at(line.clock_ends_at + timedelta(seconds=1) if kind == "too late" else self.now)
        with self.clock(self.now):
            call = self.carrier.dial(from_number=phone, to_number=line.number.number, at=self.now)
        self.dialled.append(Dialled(line, kind, self.now, call))

    def recover(self) -> timedelta:
        """The site is back: the sweeps do what they do each minute, until all is known. Returns how long that took."""
        up_at = self.now
        while self.unknown() and self.now < up_at + UP_AGAIN:
            self.now += timedelta(seconds=30)
            with self.clock(self.now):
                self.carrier.tick(at=self.now)
                tasks.look(self.marketplace, now=self.now)
                asking.ask_due(self.marketplace, now=self.now, limit=1000)
                asking.list_numbers(self.marketplace, now=self.now)
                tasks.rest(self.marketplace, now=self.now)
        return self.now - up_at

    def unknown(self) -> list:
        """The calls that we do not know, or do not know the end of."""
        known = set(Call.objects.filter(closed_at__isnull=False).values_list("legs__provider_id", flat=True))
        return [each for each in self.dialled if each.provider_id not in known]

    def oracle(self) -> set:
        """The lines whose pro gets the discount, by what happened at the telephones."""
        due = set()
        for each in self.dialled:
            earns, _why = KINDS[each.kind]
            if not earns:
                continue
            if each.kind == "at the door":  # nobody can say which of the pro's lines on that number was meant
                mine = [line for line in self.lines if (line.pro_id, line.number_id) == (each.line.pro_id, each.line.number_id)]
                due |= {line.pk for line in mine if (each.at - line.clock_starts_at).total_seconds() <= 1800}
            elif (each.at - each.line.clock_starts_at).total_seconds() <= 1800:
                due.add(each.line.pk)
        return due
