"""The door of the masked numbers: who dials what, and what happens next (RULES 19, 21, 27; INVARIANTS 19).

Every function answers with what the caller hears next; api.webhooks.voice says it in TwiML. A pro reaches a homeowner only through a
live line: number, PIN and the number it is called from. Whoever cannot be connected hears one and the same sentence, whatever the reason.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import Member
from accounts.queries import in_force, team_of
from contact import listening
from contact.merging import said_by
from contact.models import Call, Leg, Line, Number, Side, WrongPin
from contact.policy import Contact
from core import doorbell, events
from core.errors import Refusal
from core.languages import ENGLISH
from core.policy import read
from core.tenancy import current_id

MENU = 9  # companies a menu can offer


class NoSavedNumber(Refusal):
    code = "no_saved_number"
    sentence = _("Save your phone number under My Account first: we call you on it.")
    status = 409


class NoPhone(Refusal):
    code = "no_phone"
    sentence = _("This homeowner gave no phone number.")
    status = 409


@dataclass(frozen=True)
class AskPin:
    """Ask for the four digits; `again` after a wrong one. With `star` the caller may press it to reach who called them."""

    call_id: UUID
    again: bool = False
    star: bool = False


@dataclass(frozen=True)
class AskKey:
    """Ask whoever picked up our call to press a key, so that a mailbox is never connected. `company` has a lead about `about`."""

    call_id: UUID
    company: str
    about: str


@dataclass(frozen=True)
class Connect:
    """Dial `to`, which sees `number`; after `seconds` of ringing nobody is there."""

    call_id: UUID
    to: str
    number: str
    seconds: int


@dataclass(frozen=True)
class Menu:
    """Let the homeowner, who hears `language`, choose whom of `companies` to reach, 1 for the first."""

    call_id: UUID
    companies: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class Refuse:
    """The one neutral sentence; the call ends."""


@dataclass(frozen=True)
class Unknown:
    """Nobody has this number."""


@dataclass(frozen=True)
class Introduction:
    """`company` calls about `about`; or, when it is not the homeowner who hears it, its homeowner calls back, who speaks `language`."""

    company: str
    about: str
    to_homeowner: bool
    language: str


Next = AskPin | AskKey | Connect | Menu | Refuse | Unknown


def dialled(*, provider_id: str, from_number: str, to_number: str, at: datetime, now: datetime) -> Next:
    """Somebody dials one of our numbers. A homeowner reaches the pro, anybody else is asked for a PIN. `at` is the carrier's time.
    Raises contact.listening.Repeated for a call that was answered before."""
    number = Number.objects.filter(number=to_number).first()
    if number is None:
        return Unknown()
    lines = lines_of_homeowner(number, from_number, now=now)
    side = Side.HOMEOWNER if lines else Side.PRO
    call = listening.begin(provider_id=provider_id, side=side, number=number, way=Call.Way.CALLBACK if lines else Call.Way.PIN, now=now)
    listening.note(call, provider_id, said_by("initiated", at=at), now=now)
    if not lines:
        return AskPin(call.pk)
    if _is_known(number, from_number):
        return AskPin(call.pk, star=True)
    return _call_back(call, lines)


def pin_entered(*, call_id: UUID, digits: str, from_number: str, now: datetime) -> Next:
    """A PIN was entered: connected when it is that of a live line of this number and the caller's number is saved for it."""
    call = _lock(call_id)
    if call is None or call.closed_at:
        return Refuse()
    if call.way == Call.Way.CALLBACK and digits == "*":
        return _call_back(call, lines_of_homeowner(call.number, from_number, now=now))
    caller = fingerprint(from_number)
    with_lock(caller)
    known = _is_known(call.number, from_number)
    if _locked_out(call.number, caller, known=known, now=now):
        return Refuse()
    line = _live(Line.objects.filter(number=call.number, pin=digits, held=True), now=now)
    member = caller_of(line, from_number) if line else None
    if member is None:
        return _wrong(call, caller, known=known, now=now)
    Call.objects.filter(pk=call.pk).update(line=line, member=member, way=Call.Way.PIN)
    Leg.objects.filter(call=call).update(side=Side.PRO)  # who could have been a homeowner calling back has shown to be the pro
    return _connect(call, line.homeowner.phone)


def chosen(*, call_id: UUID, digits: str, from_number: str, now: datetime) -> Next:
    """The homeowner chose from the menu; anything else than a number of it is asked again."""
    call = _lock(call_id)
    if call is None or call.closed_at or call.way != Call.Way.CALLBACK:
        return Refuse()
    lines = lines_of_homeowner(call.number, from_number, now=now)
    if digits.isdecimal() and 1 <= int(digits) <= len(lines[:MENU]):
        lines = [lines[int(digits) - 1]]
    return _call_back(call, lines)


def bridge(line: Line, *, member: Member, now: datetime) -> Call:
    """Call the member's saved phone, then the homeowner: for who sits at a desk. A worker places it. Refuses a closed line
    (contact.lines.LineClosed), NoSavedNumber and NoPhone. Asked again while the first is under way, it answers with that one."""
    from contact import tasks
    from contact.lines import LineClosed

    if not line.is_live or line.expires_at <= now:
        raise LineClosed
    if not line.homeowner.phone:
        raise NoPhone
    if not member.user.phone:
        raise NoSavedNumber
    if _live(Line.objects.filter(pk=line.pk), now=now) is None:  # closed while somebody looked at its page
        raise LineClosed
    waiting = Call.objects.filter(line=line, member=member, way=Call.Way.BRIDGE, closed_at=None).first()
    if waiting:
        return waiting
    call = Call.objects.create(way=Call.Way.BRIDGE, number=line.number, line=line, member=member, opened_at=now, due_at=now)
    events.record("call.asked", line.pk, now=now, actor=member.subject, test=line.test)
    doorbell.ring(tasks.ask, current_id())
    return call


def picked_up(*, call_id: UUID, now: datetime) -> Next:
    """Somebody or something took our call to the pro: a key pressed tells the pro from a mailbox."""
    line = _bridged(_lock(call_id), now=now)
    return AskKey(call_id, line.pro.name, line.about) if line else Refuse()


def confirmed(*, call_id: UUID, now: datetime) -> Next:
    """The pro whom we called first has pressed a key: now the homeowner is dialled."""
    call = _lock(call_id)
    line = _bridged(call, now=now)
    return _connect(call, line.homeowner.phone) if line else Refuse()


def _bridged(call, *, now) -> Line | None:
    """The line of a call that we placed to the pro, if it still lives and the member is still one."""
    if call is None or call.closed_at or call.way != Call.Way.BRIDGE or not in_force().filter(pk=call.member_id).exists():
        return None
    return _live(Line.objects.filter(pk=call.line_id), now=now)


def _live(lines, *, now) -> Line | None:
    """The live one of these, locked: it cannot be closed before this call stands on it (leads.replacing)."""
    locked = lines.filter(closed_at=None, expires_at__gt=now).select_for_update(no_key=True, of=("self",))
    return locked.select_related("homeowner", "pro").first()


def introduction(*, call_id: UUID) -> Introduction | None:
    """What whoever is dialled hears before being connected; None for a call that has no line."""
    call = Call.objects.filter(pk=call_id, line__isnull=False).select_related("line__pro", "line__homeowner").first()
    if call is None:
        return None
    return Introduction(call.line.pro.name, call.line.about, call.way != Call.Way.CALLBACK, call.line.homeowner.language)


def language_of_caller(*, call_id: UUID) -> str:
    """The language of whoever began the call: a homeowner's own, English for everybody else."""
    call = Call.objects.filter(pk=call_id, way=Call.Way.CALLBACK, line__isnull=False).select_related("line__homeowner").first()
    return call.line.homeowner.language if call else ENGLISH


def lines_of_homeowner(number: Number, phone: str, *, now: datetime) -> list[Line]:
    """The live lines of this number whose homeowner has that phone, those with contact first."""
    if not phone:
        return []
    lines = Line.objects.filter(number=number, homeowner__phone=phone, closed_at=None, expires_at__gt=now)
    return sorted(
        lines.select_related("pro", "homeowner", "number"), key=lambda line: (line.last_contact_at is None, line.opened_at, line.pk)
    )


def caller_of(line: Line, phone: str) -> Member | None:
    """The member of the line's pro who calls from `phone`: a saved number, or the one more that was added on the lead. None: nobody."""
    if not phone:
        return None
    saved = in_force().filter(pro=line.pro_id, user__phone=phone).order_by("pk").first()
    return saved or (added_by(line) if line.also_from == phone else None)


def added_by(line: Line) -> Member | None:
    """Who added the line's further number. None when nobody did, or when that member has left: then it works no more (INVARIANTS 33)."""
    if line.also_by_id is None:
        return None
    return in_force().filter(pro=line.pro_id, pk=line.also_by_id).first()


def fingerprint(phone: str) -> str:
    """A caller's number as it may stand in a table of wrong PINs: recognised, not readable."""
    return hmac.new(settings.SECRET_KEY.encode(), phone.encode(), hashlib.sha256).hexdigest()


def with_lock(caller: str) -> None:
    """One attempt of a caller at a time: guesses at the same instant are counted one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [int(caller[:15], 16)])


def _lock(call_id) -> Call | None:
    return Call.objects.select_related("number").select_for_update(no_key=True, of=("self",)).filter(pk=call_id).first()


def _is_known(number, phone) -> bool:
    """Whether `phone` is saved for a pro that has a live line on this number. That of a line's own homeowner is not the pro's, whoever
    adds it: all their pros' calls back would end at the question for a PIN."""
    live = Line.objects.filter(number=number, closed_at=None)
    added = live.filter(also_from=phone, also_by__in=in_force()).exclude(homeowner__phone=phone)
    return bool(phone) and (added.exists() or live.filter(pro__in=in_force().filter(user__phone=phone).values("pro")).exists())


def _locked_out(number, caller, *, known, now) -> bool:
    policy, hour = read(Contact), now - timedelta(hours=1)
    if WrongPin.objects.filter(caller=caller, at__gt=hour).count() >= policy.wrong_pins_per_hour:
        return True
    return not known and WrongPin.objects.filter(number=number, known=False, at__gt=hour).count() >= policy.strangers_per_hour


def _wrong(call, caller, *, known, now) -> Next:
    WrongPin.objects.create(number=call.number, caller=caller, known=known, at=now)
    call.wrong_pins += 1
    Call.objects.filter(pk=call.pk).update(wrong_pins=call.wrong_pins)
    return Refuse() if call.wrong_pins >= read(Contact).pins_per_call else AskPin(call.pk, again=True)


def _call_back(call, lines) -> Next:
    """Connect the homeowner to the pro of the only line, or let them choose."""
    if not lines:
        return Refuse()
    if len(lines) > 1:
        return Menu(call.pk, tuple(line.pro.name for line in lines[:MENU]), lines[0].homeowner.language)
    (line,) = lines
    phone = _phone_of(line)
    Call.objects.filter(pk=call.pk).update(line=line)
    return _connect(call, phone)


def _phone_of(line) -> str:
    """Where a homeowner reaches the pro: who called them last, else the company's number, else the first of the team who has one."""
    last = Call.objects.filter(line=line, member__in=in_force()).exclude(member__user__phone="").order_by("-opened_at", "-pk")
    phones = [*last.values_list("member__user__phone", flat=True)[:1], line.pro.phone, *(each.user.phone for each in team_of(line.pro))]
    return next((phone for phone in phones if phone), "")


def _connect(call, phone) -> Next:
    return Connect(call.pk, phone, call.number.number, read(Contact).ring_timeout) if phone else Refuse()
