"""What a simulated pro does with a lead. Pure, and the same for the same seed: a replay that was cut off goes on as it began.

The shares are made up, not measured: a replay shows that the marketplace holds, not how pros are.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from contact.hours import allowed_from
from leads.models import Match

DEAD = 0.08  # of homeowners have a number that does not exist
MINUTES, HOUR, NEXT_DAY, LOOKS, NEVER = "minutes", "hour", "next_day", "looks", "never"
WHEN = {MINUTES: 0.35, HOUR: 0.08, NEXT_DAY: 0.07, LOOKS: 0.20, NEVER: 0.30}
PERSON, MACHINE, SILENT, BUSY, GIVEN_UP = "person", "machine", "silent", "busy", "given_up"
OUTCOMES = {PERSON: 0.55, MACHINE: 0.18, SILENT: 0.14, BUSY: 0.07, GIVEN_UP: 0.06}
CALLS_AGAIN, ASKS_FOR_DEAD, ASKS_ANYWAY, LEFT_AT_ONCE = 0.25, 0.85, 0.03, 0.05
ACCEPTS, DECLINES, UNDOES = 0.25, 0.10, 0.03  # of the offers, and of those accepted
TIERS = {0: 0.6, 1: 0.2, 2: 0.12, 3: 0.08}
SAYS = {Match.Progress.CONTACTED: 0.6, Match.Progress.QUOTED: 0.3, Match.Progress.WON: 0.1, Match.Progress.LOST: 0.1}


@dataclass(frozen=True)
class Call:
    """Dialled at `at`; after `rings` seconds it comes to `outcome`, and whoever was reached is spoken with for `talks` seconds, until the
    pro hangs up or (`by_homeowner`) the other side."""

    at: datetime
    outcome: str
    rings: int
    talks: int
    by_homeowner: bool


@dataclass(frozen=True)
class Plan:
    """When the lead is opened, what is dialled, what is said of the work, and when the money is asked back. None: never."""

    opens_at: datetime | None = None
    calls: tuple[Call, ...] = ()
    says: tuple[tuple[datetime, str], ...] = ()
    asks_at: datetime | None = None


@dataclass(frozen=True)
class Answer:
    """What a pro says to an offer, `at` an instant: accept it, or decline it. One that repents undoes the accept at `undo_at`."""

    at: datetime
    accepts: bool
    undo_at: datetime | None = None


def answer(seed: str, *, opens_at: datetime) -> Answer | None:
    """What the pro says that may accept an offer from `opens_at` on; None: nothing. Half of the answers come within four minutes."""
    chance = random.Random(f"offer:{seed}")
    if (luck := chance.random()) >= ACCEPTS + DECLINES:
        return None
    at = opens_at.replace(microsecond=0) + timedelta(seconds=20 + int(chance.lognormvariate(5.4, 1.0)))
    undoes = luck < ACCEPTS and chance.random() < UNDOES
    return Answer(at, luck < ACCEPTS, at + _seconds(chance, 30, 400) if undoes else None)


def tier_of(seed: str) -> int:
    """The membership of a made-up pro."""
    return _one_of(random.Random(f"tier:{seed}"), TIERS)


def is_dead(phone: str) -> bool:
    """Whether a made-up person's number does not exist."""
    return int(sha256(phone.encode()).hexdigest()[:8], 16) < DEAD * 16**8


def plan(seed: str, *, at: datetime, zone: str, hours: tuple[int, int], dead: bool) -> Plan:
    """What the pro does that got a lead at `at` from a homeowner who takes calls in the local `hours` of `zone`. Of a `dead` number it
    learns by calling, makes sure an hour later and asks for its money."""
    chance, at = random.Random(seed), at.replace(microsecond=0)
    when = _one_of(chance, WHEN)
    first = at + _after(chance, when)
    if when == NEVER:
        return Plan()
    if when == LOOKS:
        return Plan(opens_at=first)
    opens_at = first - _seconds(chance, 15, 90) if when != MINUTES else first - timedelta(seconds=15)
    calls = [_call(chance, allowed_from(first, zone=zone, hours=hours))]
    reached = calls[0].outcome == PERSON and not dead
    again = _seconds(chance, 3_700, 14_400) if dead else timedelta(hours=20) + _seconds(chance, 0, 14_400)
    if not reached and chance.random() < (ASKS_FOR_DEAD if dead else CALLS_AGAIN):
        calls.append(_call(chance, allowed_from(calls[0].at + again, zone=zone, hours=hours)))
    asks_at = calls[-1].at + _seconds(chance, 120, 7_200)
    asks = len(calls) > 1 if dead else chance.random() < ASKS_ANYWAY
    return Plan(opens_at, tuple(calls), tuple(_says(chance, calls[0].at)) if reached else (), asks_at if asks else None)


def _one_of(chance, shares):
    return chance.choices(list(shares), weights=shares.values())[0]


def _after(chance, when) -> timedelta:
    """How long after the match the pro turns to the lead."""
    if when == MINUTES:
        return timedelta(seconds=min(20 + int(chance.lognormvariate(5.5, 0.8)), 1_700))  # half of them within four and a half minutes
    if when == NEXT_DAY:
        return _seconds(chance, 14 * 3_600, 24 * 3_600)
    return _seconds(chance, 900, 3_600)


def _seconds(chance, least, most) -> timedelta:
    return timedelta(seconds=chance.randint(least, most))


def _call(chance, at) -> Call:
    outcome, rings = _one_of(chance, OUTCOMES), chance.randint(3, 20)
    if outcome == GIVEN_UP:
        rings = chance.randint(2, 9)
    talks = 20 + int(chance.expovariate(1 / 90)) if outcome == PERSON else chance.randint(8, 25)
    if chance.random() < LEFT_AT_ONCE:
        talks = chance.randint(1, 4)
    return Call(at, outcome, rings, talks, by_homeowner=outcome == PERSON and chance.random() < 0.5)


def _says(chance, at):
    """What it says of the work, one after the other, until it says no more."""
    for progress, share in SAYS.items():
        if chance.random() < share:
            at += _seconds(chance, 600, 40_000)
            yield at, progress
