"""How a pro reaches a homeowner, as its pages show it: the face of the Speed-To-Call clock, and the call card.

Pure but for the policy, and for who added one more number."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from billing.pricing import discounted
from billing.statement import percent
from contact.calls import added_by
from contact.hours import is_allowed
from contact.models import Call
from contact.policy import Contact
from contact.queries import CallSheet, Story, counts, wish_of
from core.policy import read
from leads.models import Match

UNSTARTED, WAITING, RUNNING, EARNED, ENDED = "unstarted", "waiting", "running", "earned", "ended"
OPEN, CLOSED, NO_PHONE = "open", "closed", "no_phone"
DELIVERED, OPENED, ACCEPTED, HOURS = "delivered", "opened", "accepted", "hours"


@dataclass(frozen=True, slots=True)
class Face:
    """How a clock stands at an instant: unstarted (no notice has arrived), waiting (for the homeowner's hours), running, earned, ended.

    `percent` is empty and `less` the full `price` where there is no discount, or nobody to call: then the pages say nothing of money.
    """

    state: str
    starts_at: datetime | None
    ends_at: datetime | None
    earned_at: datetime | None
    minutes: int
    price: int
    less: int
    percent: str = ""

    @property
    def is_open(self) -> bool:
        """The discount can still be earned."""
        return self.state in (UNSTARTED, WAITING, RUNNING)

    @property
    def saving(self) -> int:
        return self.price - self.less

    @property
    def seconds(self) -> int:
        """How long it lasts."""
        return self.minutes * 60


@dataclass(frozen=True)
class CallCard:
    """How the pro reaches the homeowner. `state` is "open"; "closed" once the line connects nobody any more; "no_phone" when there is
    nobody to connect. Only an open one has a `number` (E.164) and a `pin`.

    `earned_by` is the call that earned the discount; `unjudged` one that was in time and of which the carrier has not told yet; `short`
    the last one that was in time and did not count. `calling` is a call under way to a member whom we called first. `quiet` says that
    the homeowner does not take calls at this hour, `hours` (from, until) when they do.
    """

    state: str
    first_name: str
    face: Face
    number: str = ""
    pin: str = ""
    also_from: str = ""
    closed_reason: str = ""
    started_by: str = ""
    message_first: bool = False
    quiet: bool = False
    hours: tuple = (0, 24)
    zone: str = ""
    ring_seconds: int = 10
    answered_seconds: int = 5
    earned_by: CallSheet | None = None
    unjudged: CallSheet | None = None
    short: CallSheet | None = None
    calling: tuple[CallSheet, ...] = ()

    @property
    def dial(self) -> str:
        """For a `tel:` link: the telephone enters the PIN by itself."""
        return f"{self.number},,{self.pin}"


def face_of(match: Match, *, now: datetime) -> Face | None:
    """The clock of the match's line at `now`; None for a match without a line. Both ends belong to it (RULES 22)."""
    line, charge = match.line, match.charge
    if line is None:
        return None
    off = discounted(charge.terms, charge.price) if charge and match.lead.homeowner.phone else 0
    lasts = line.clock_ends_at - line.clock_starts_at if line.clock_ends_at else timedelta(seconds=match.terms.discount_seconds)
    price = charge.price if charge else 0
    return Face(
        state=_state(line, now),
        starts_at=line.clock_starts_at,
        ends_at=line.clock_ends_at,
        earned_at=line.earned_at,
        minutes=int(lasts.total_seconds()) // 60,
        price=price,
        less=price - off,
        percent=percent(charge.terms.discount_bp) if off else "",
    )


def _state(line, now):
    if line.earned_at:
        return EARNED
    if line.clock_starts_at is None:
        return UNSTARTED
    if now < line.clock_starts_at:
        return WAITING
    return RUNNING if now <= line.clock_ends_at else ENDED


def card_of(match: Match, face: Face, story: Story, *, accepted_at: datetime | None, now: datetime) -> CallCard:
    """The call card of a match with its line. `accepted_at` is when a provider first took a notice of the lead."""
    line, homeowner = match.line, match.lead.homeowner
    first_name = homeowner.name.partition(" ")[0]
    if not line.is_live or line.expires_at <= now:
        return CallCard(CLOSED, first_name, face, closed_reason=line.closed_reason or "expired")
    if not homeowner.phone:
        return CallCard(NO_PHONE, first_name, face)
    policy, wish = read(Contact), wish_of(line)
    placed = [sheet for sheet in story.calls if sheet.is_attempt]
    in_time = [sheet for sheet in placed if face.ends_at and (sheet.started_at or sheet.opened_at) <= face.ends_at]
    told = [sheet for sheet in in_time if sheet.over]
    return CallCard(
        OPEN,
        first_name,
        face,
        number=line.number.number,
        pin=line.pin,
        also_from=line.also_from if added_by(line) else "",
        started_by=_started_by(line, match.opened_at, accepted_at, policy),
        message_first=wish.message_first,
        quiet=not is_allowed(now, zone=wish.zone, hours=wish.hours),
        hours=wish.hours,
        zone=wish.zone,
        ring_seconds=policy.ring_seconds,
        answered_seconds=policy.answered_seconds,
        earned_by=next((sheet for sheet in story.calls if f"call:{sheet.id}" == line.earned_by), None),
        unjudged=next((sheet for sheet in in_time if not sheet.over), None) if face.state == ENDED else None,
        short=told[-1] if told and face.state == RUNNING and not counts(line, told[-1]) else None,
        calling=tuple(sheet for sheet in story.calls if sheet.way == Call.Way.BRIDGE and not sheet.over),
    )


def _started_by(line, opened_at, accepted_at, policy) -> str:
    """What the clock started with: the first of delivery, opening and an unreported acceptance, or the homeowner's hours after it."""
    starts_at = line.clock_starts_at
    counted = accepted_at + timedelta(seconds=policy.accepted_counts_after) if accepted_at else None
    known = {DELIVERED: line.delivered_at, OPENED: opened_at, ACCEPTED: counted}
    return next((what for what, at in known.items() if at and at == starts_at), HOURS) if starts_at else ""
