"""What time does to a line: its clock starts and ends, reminders go out, it expires (RULES 19, 22, 24, 25; INVARIANTS 15, 17).

A line is looked at when its `due_at` has come. `look` is pure and says what becomes of it; everything else is writing that down, many
lines at once. Nothing a line says once is changed here: a trigger refuses it.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from billing import charges
from contact import clock as clocks
from contact import messages, queries
from contact.models import Line
from contact.policy import Contact
from core import events, sql
from core.policy import read
from core.tenancy import scope
from notifications.models import FirstDelivery

BATCH = 500
FIRST_LOOKS = timedelta(seconds=5)
A_MOMENT = timedelta(seconds=1)
TOO_LATE = timedelta(hours=10)  # a reminder of the morning is none at night
NO_MORE = 99  # reminders
log = logging.getLogger(__name__)

WRITE = """
update contact_line l set delivered_at = t.delivered_at, clock_starts_at = t.starts_at, clock_ends_at = t.ends_at,
  settled_at = coalesce(l.settled_at, t.settled_at), alarmed_at = t.alarmed_at, reminders = t.reminders, due_at = t.due_at,
  closed_at = coalesce(l.closed_at, t.closed_at), closed_reason = case when l.closed_at is null then t.reason else l.closed_reason end
from unnest(%(ids)s::uuid[], %(delivered)s::timestamptz[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(settled)s::timestamptz[],
  %(alarmed)s::timestamptz[], %(reminders)s::int[], %(due)s::timestamptz[], %(closed)s::timestamptz[], %(reasons)s::text[])
  as t(id, delivered_at, starts_at, ends_at, settled_at, alarmed_at, reminders, due_at, closed_at, reason)
where l.marketplace_id = %(marketplace)s and l.id = t.id
"""


@dataclass(frozen=True)
class Looked:
    """What a line says after a look at it."""

    delivered_at: datetime | None
    clock: clocks.Clock
    settled_at: datetime | None
    alarmed_at: datetime | None
    reminders: int
    remind: bool
    closed_at: datetime | None
    due_at: datetime | None


def look(line: Line, notice: clocks.Notice, wish: clocks.Wish, *, policy: Contact, now: datetime) -> Looked:
    """What time has made of `line` at `now`; `notice` is what is known of the notice about it. Pure."""
    clock = clocks.Clock(line.clock_starts_at, line.clock_ends_at)
    if clock.starts_at is None and line.is_live:
        seconds = line.charge.terms.discount_seconds if line.charge else 1800
        clock = clocks.start(notice, wish, seconds=seconds, accepted_counts_after=policy.accepted_counts_after, now=now)
    # A clock that is found to have started and ended is settled at the next look: its charge is billed before.
    billed = line.charge is None or line.charge.billable_at is not None
    over = billed and (line.clock_ends_at < now if line.clock_ends_at else not line.is_live)
    settled_at = line.settled_at or (now if over else None)
    undelivered = (
        clock.starts_at is None and line.is_live and not line.test and now >= line.opened_at + timedelta(seconds=policy.alarm_after)
    )
    reminder = _reminder_at(line, line.reminders, policy)
    remind = line.is_live and reminder is not None and reminder <= now
    too_late = remind and now - reminder > TOO_LATE
    looked = Looked(
        delivered_at=line.delivered_at or notice.confirmed_at,
        clock=clock,
        settled_at=settled_at,
        alarmed_at=line.alarmed_at or (now if undelivered else None),
        reminders=line.reminders + remind,
        remind=remind and not too_late,
        closed_at=line.closed_at or (now if line.expires_at <= now else None),
        due_at=None,
    )
    return replace(looked, due_at=_next_look(line, looked, policy, now))


def _next_look(line, looked, policy, now):
    """When something is next to be seen: soon while the notice is on its way, ever later when it does not arrive."""
    times = []
    if looked.settled_at is None and (looked.clock.ends_at or not line.is_live):
        times.append((looked.clock.ends_at or now) + A_MOMENT)
    if looked.closed_at is None:
        times += [line.expires_at, _reminder_at(line, looked.reminders, policy)]
        if looked.delivered_at is None:
            age = now - line.opened_at
            fresh = looked.clock.starts_at is None and age < timedelta(seconds=policy.alarm_after)
            times.append(now + (FIRST_LOOKS if fresh else max(FIRST_LOOKS, age / 2)))
    return min((at for at in times if at), default=None)


def _reminder_at(line, sent, policy):
    """When the next reminder of follow-up is due: some days after the match, in the morning of the pro. None after the last."""
    if sent >= len(policy.reminder_days):
        return None
    zone = ZoneInfo(line.pro.zone)
    day = line.opened_at.astimezone(zone).date() + timedelta(days=policy.reminder_days[sent])
    return datetime.combine(day, time(policy.reminder_hour), tzinfo=zone)


def look_due(marketplace, *, now: datetime, limit: int = BATCH) -> int:
    """Look at the lines that are due, up to `limit`; returns how many. Call it outside a scope.

    Charges whose clock has ended are billed first, in a transaction of their own: whoever earns a discount locks the charge before the
    line (docs/architecture.md, lock order).
    """
    with scope(marketplace):
        due = Line.objects.filter(due_at__lte=now).order_by("due_at")
        over = Q(clock_ends_at__lt=now) | Q(clock_ends_at=None, closed_at__isnull=False)
        ended = due.filter(over, settled_at=None, charge__isnull=False)
        charges.bill(list(ended.values_list("pk", flat=True)[:limit]), now=now)
    with scope(marketplace):
        ids = list(due.select_for_update(skip_locked=True, no_key=True, of=("self",)).values_list("pk", flat=True)[:limit])
        return len(_look_at(ids, now=now))


def opened(line_id, *, at: datetime) -> None:
    """The pro has opened the lead: its clock starts, unless it runs already (RULES 22)."""
    locked = Line.objects.filter(pk=line_id, clock_starts_at=None, closed_at=None).select_for_update(no_key=True)
    if list(locked.values_list("pk", flat=True)):
        _look_at([line_id], now=at, opened_at=at)


def catch_up(line: Line, *, now: datetime) -> Line:
    """The line with its clock started if the notice is known to have arrived: what is judged by the clock must not depend on how late
    the sweep is. Locks nothing when the clock runs already."""
    if line.clock_starts_at is None and line.is_live:
        if line.charge_id:
            charges.lock(line.charge_id)  # whoever goes on to earn the discount locks it before the line
        locked = Line.objects.filter(pk=line.pk).select_for_update(no_key=True)
        _look_at(list(locked.values_list("pk", flat=True)), now=now)
        line.refresh_from_db()
    return line


def no_more_reminders(line_id) -> None:
    """The pro has said how it ended, or put the lead away."""
    Line.objects.filter(pk=line_id).update(reminders=NO_MORE)


def _look_at(ids, *, now, opened_at=None) -> list[Line]:
    """Look at these locked lines and write down what they are now."""
    lines = list(Line.objects.filter(pk__in=ids).select_related("pro", "homeowner", "charge__terms").order_by("pk"))
    first = {row.subject: row for row in FirstDelivery.objects.filter(subject__in=[str(line.pk) for line in lines])}
    policy = read(Contact)
    looked = {}
    for line in lines:
        known = first.get(str(line.pk))
        notice = clocks.Notice(known and known.confirmed_at, known and known.accepted_at, opened_at)
        looked[line.pk] = look(line, notice, queries.wish_of(line), policy=policy, now=now)
    _tell(lines, looked, now=now)
    _write(lines, looked)
    return lines


def _tell(lines, looked, *, now):
    """The notices and alarms of this look."""
    starting = []
    for line in lines:
        found = looked[line.pk]
        if found.clock.starts_at and line.clock_starts_at is None:
            line.clock_starts_at, line.clock_ends_at = found.clock.starts_at, found.clock.ends_at
            events.record("speed_to_call.started", line.pk, now=now, test=line.test, starts_at=found.clock.starts_at.isoformat())
            if line.charge and line.charge.terms.discount_bp and line.earned_at is None:
                starting.append(line)
        if found.alarmed_at and line.alarmed_at is None:
            log.error("no notice of a lead was delivered match=%s", line.pk)
            events.record("notice.undelivered", line.pk, now=now, test=line.test)
    if starting:
        messages.remind_to_call(starting, now=now)
    reminding = [line for line in lines if looked[line.pk].remind]
    told = queries.stories(reminding) if reminding else {}
    for line in reminding:
        if step := next((step for step in told[line.pk].steps[:2] if step.state in ("open", "half")), None):
            messages.remind_to_follow_up(line, step, now=now)


def _write(lines, looked):
    found = [looked[line.pk] for line in lines]
    if not found:
        return
    sql.run(
        WRITE,
        ids=[line.pk for line in lines],
        delivered=[each.delivered_at for each in found],
        starts=[each.clock.starts_at for each in found],
        ends=[each.clock.ends_at for each in found],
        settled=[each.settled_at for each in found],
        alarmed=[each.alarmed_at for each in found],
        reminders=[each.reminders for each in found],
        due=[each.due_at for each in found],
        closed=[each.closed_at for each in found],
        reasons=["expired" if each.closed_at else "" for each in found],
    )
