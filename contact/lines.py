"""Lines: how a pro reaches a homeowner, from the seat until it is closed (RULES 19, 27; INVARIANTS 19, 20)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import randbelow
from uuid import UUID

from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.contact_data import normal_phone
from billing import charges
from contact import messages
from contact.models import Line
from contact.numbers import NoNumber, refuse_ours
from contact.policy import Contact
from core import events, sql
from core.errors import Refusal
from core.policy import read

PINS_A_LINE = 4  # thought of for each line that needs one
TRIES = 20
CUT = ("withdrawn", "replaced")  # why a line was closed by its homeowner: nobody goes on talking over it

# On the number this homeowner's other lines have, else on the first with room, each line takes one of the PINs thought of that nobody
# holds there. In the order of PINs: two leads that think of the same wait for each other one way round.
OPEN = """
with chosen as materialized (
  select n.id, n.number from contact_number n
  left join (
    select number_id from contact_line where marketplace_id = %(marketplace)s and homeowner_id = %(homeowner)s limit 1
  ) own on own.number_id = n.id
  where n.marketplace_id = %(marketplace)s and (own.number_id is not null or not n.is_full)
  order by own.number_id is null, n.id limit 1
), free as (
  select p.pin, row_number() over (order by p.place) as place
  from chosen, unnest(%(pins)s::text[]) with ordinality p(pin, place)
  where not exists (
    select from contact_line l where l.marketplace_id = %(marketplace)s and l.number_id = chosen.id and l.pin = p.pin and l.held
  )
), opened as (
  insert into contact_line (marketplace_id, id, number_id, pin, pro_id, homeowner_id, charge_id, about, reach, also_from, test, opened_at,
    held, expires_at, closed_reason, earned_by, reminders, due_at, attempts)
  select %(marketplace)s, o.id, chosen.id, free.pin, o.pro_id, %(homeowner)s, case when not %(test)s then o.id end, %(about)s, %(reach)s,
    '', %(test)s, %(now)s, true, %(expires)s, '', '', 0, %(now)s, 0
  from unnest(%(ids)s::uuid[], %(pros)s::bigint[]) with ordinality o(id, pro_id, place)
  join free on free.place = o.place cross join chosen
  order by free.pin
  on conflict do nothing returning id, pin
)
select opened.id, opened.pin, chosen.number from chosen left join opened on true
"""


class LineClosed(Refusal):
    code = "line_closed"
    sentence = _("This lead is closed. Its number and PIN no longer work.")
    status = 409


@dataclass(frozen=True)
class Opening:
    """A line to be opened for the match `match_id` of the pro."""

    match_id: UUID
    pro_id: int


@dataclass(frozen=True)
class Opened:
    """The masked number (E.164) and the PIN of a new line."""

    number: str
    pin: str


def open_lines(openings: list[Opening], *, homeowner, about: str, reach: str, test: bool, now: datetime) -> dict[UUID, Opened]:
    """A line for each match, {match id: number and PIN}: all of a homeowner's on one number, each with a PIN that nobody else has there
    (INVARIANTS 20). One statement whatever their number. Raises NoNumber when the pool has no number with room."""
    opened, tries = {}, 0
    while wanted := [opening for opening in openings if opening.match_id not in opened]:
        rows = sql.rows(
            OPEN,
            ids=[opening.match_id for opening in wanted],
            pros=[opening.pro_id for opening in wanted],
            pins=list(dict.fromkeys(f"{randbelow(10_000):04}" for _each in range(len(wanted) * PINS_A_LINE))),
            homeowner=homeowner.pk,
            about=about,
            reach=reach,
            test=test,
            now=now,
            expires=now + timedelta(days=read(Contact).line_days),
        )
        tries += 1
        if not rows or tries > TRIES:
            raise NoNumber
        opened |= {match_id: Opened(number, pin) for match_id, pin, number in rows if match_id}
    return opened


def close(line_ids, *, reason: str, now: datetime) -> int:
    """These lines connect nobody from this transaction on; those closed before stay as they are. Returns how many it closed.

    A clock that runs goes on to its end, for what was called before may still be told (contact.timers). A call that goes on over a line
    closed for a reason of CUT is ended by the next contact.tasks.ask.
    """
    closing = Line.objects.filter(pk__in=list(line_ids), closed_at=None).order_by("pk").select_for_update(no_key=True)
    pks = list(closing.values_list("pk", flat=True))
    return Line.objects.filter(pk__in=pks).update(closed_at=now, closed_reason=reason, due_at=now)


def hold(line_id) -> Line:
    """The line (with its pro), locked: until this transaction ends it connects nobody who is not connected yet. Calls lock it too."""
    return Line.objects.select_related("pro").select_for_update(no_key=True, of=("self",)).get(pk=line_id)


def earn(line: Line, *, at: datetime, by: str, now: datetime) -> bool:
    """The contact `by`, started at `at`, has earned the discount: posted at once, once (RULES 24). True when it had not been before.

    Locks pro_state, charge, line, messages, in this order.
    """
    if line.charge_id:
        charges.discount(line.charge_id, now=now)
        charges.bill([line.charge_id], now=now)
    columns = {"earned_at": at, "earned_by": by, "settled_at": Coalesce("settled_at", now)}
    if not Line.objects.filter(pk=line.pk, earned_at=None).update(**columns):
        return False
    line.refresh_from_db()
    events.record("speed_to_call.earned", line.pk, now=now, test=line.test, by=by)
    messages.no_reminder(line, now=now)
    return True


def touched(line: Line, *, at: datetime) -> None:
    """Something passed between the two sides: the line lives 90 days from then (RULES 19)."""
    Line.objects.filter(pk=line.pk, closed_at=None).update(
        last_contact_at=Greatest(Coalesce("last_contact_at", at), at),
        expires_at=Greatest("expires_at", at + timedelta(days=read(Contact).line_days)),
    )


def add_caller(line: Line, phone: str, *, by, now: datetime) -> str:
    """The PIN of this line works from `phone` too, one more number (RULES 27). Returns it as E.164; refuses what is no US number
    (accounts.contact_data) or one of ours (numbers.OurNumber), and LineClosed."""
    number = normal_phone(phone)
    refuse_ours(number)
    if not Line.objects.filter(pk=line.pk, closed_at=None).update(also_from=number, also_by=by):
        raise LineClosed
    line.also_from, line.also_by = number, by
    events.record("line.caller_added", line.pk, now=now, actor=by.subject, test=line.test)
    return number


def rest(*, now: datetime) -> int:
    """PINs closed long enough ago may be given away again (INVARIANTS 20)."""
    rested = now - timedelta(days=read(Contact).pin_rest_days)
    return Line.objects.filter(held=True, closed_at__lte=rested).update(held=False)
