"""The Speed-To-Call clock: when it starts, and what earns it (RULES 22, 23; INVARIANTS 15, 16). Pure.

All times are instants in UTC. The clock lasts `seconds` from its start, both ends included, and is judged by when the carrier says
that a contact started, never by when we heard of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contact.hours import allowed_from, is_allowed
from contact.merging import HOMEOWNER, Facts

NOTHING = Facts()
LEG, CALLBACK, MESSAGE, FAULT = "leg", "callback", "message", "fault"


@dataclass(frozen=True)
class Notice:
    """What is known of how the pro learned of the lead: the first confirmed delivery of the notice, the first acceptance by a
    provider, the opening of the lead. None: not yet."""

    confirmed_at: datetime | None = None
    accepted_at: datetime | None = None
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Wish:
    """When the homeowner allows contact: local `hours` (from, until) of `zone`; `message_first`: a message comes before a call."""

    zone: str
    hours: tuple[int, int]
    message_first: bool = False


@dataclass(frozen=True)
class Clock:
    """A clock that runs or has ended; `starts_at` and `ends_at` are None while it has not started."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Contact:
    """One attempt to reach the homeowner: a leg to them (`facts` are its), their calling back (`facts` are those of the leg to the
    pro), a relayed message, or a call that failed through us before there was a leg. `started_at` is the carrier's time of its start.
    `complete`: nothing more will be heard of it."""

    kind: str
    started_at: datetime | None
    facts: Facts = NOTHING
    complete: bool = False
    id: str = ""


def start(notice: Notice, wish: Wish, *, seconds: int, accepted_counts_after: int, now: datetime) -> Clock:
    """The clock as of `now`. It starts when the pro learned of the lead - the first of a confirmed delivery, the opening, and an
    acceptance that has gone `accepted_counts_after` seconds without a report - or with the first minute after that in which the
    homeowner allows contact (RULES 22)."""
    counted = notice.accepted_at + timedelta(seconds=accepted_counts_after) if notice.accepted_at else None
    known = [at for at in (notice.confirmed_at, notice.opened_at) if at]
    if counted and counted <= now:
        known.append(counted)
    if not known:
        return Clock()
    starts_at = allowed_from(min(known), zone=wish.zone, hours=wish.hours)
    return Clock(starts_at, starts_at + timedelta(seconds=seconds))


def in_time(at: datetime, clock: Clock, wish: Wish) -> bool:
    """Whether a contact that started at `at` came in time: not after the end, and not at an hour the homeowner had not allowed. Before
    the start it is early, which harms nobody but at such an hour."""
    if clock.ends_at and at > clock.ends_at:
        return False
    if clock.starts_at and at >= clock.starts_at:
        return True
    return is_allowed(at, zone=wish.zone, hours=wish.hours)


def counts(contact: Contact, wish: Wish, *, ring_seconds: int, answered_seconds: int) -> bool:
    """Whether a contact is of the kind that earns the discount (RULES 23). What counts once does so whatever is heard later."""
    facts = contact.facts
    match contact.kind:
        case "fault":
            return True
        case "message":
            return wish.message_first
        case "callback":
            return facts.was_answered
    if facts.status in ("busy", "failed"):
        return True
    if facts.was_answered:
        return facts.talked >= answered_seconds or _left_by_the_other_side(contact)
    return facts.rang >= ring_seconds or (facts.status == "no-answer" and _left_by_the_other_side(contact))


def _left_by_the_other_side(contact) -> bool:
    """The leg ended, and not because the pro hung up; when nobody will ever tell, the pro has the benefit of the doubt."""
    return contact.facts.is_final and (contact.facts.ended_by == HOMEOWNER or (contact.complete and not contact.facts.ended_by))


def earned(contacts, clock: Clock, wish: Wish, *, ring_seconds: int, answered_seconds: int) -> Contact | None:
    """The first of `contacts` that earns the discount, None when none does."""
    known = sorted((each for each in contacts if each.started_at), key=lambda each: each.started_at)
    for contact in known:
        if in_time(contact.started_at, clock, wish) and counts(contact, wish, ring_seconds=ring_seconds, answered_seconds=answered_seconds):
            return contact
    return None
