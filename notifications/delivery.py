"""From promised to delivered (RULES 43, 44; INVARIANTS 26, 27, 29).

Three steps for each message: *begin* moves it to "sending" in a short transaction that looks at STOP and quiet hours; the provider
is called with no transaction open; *record* writes down what the provider said. A worker that dies in between leaves the
message in "sending" with a lease that ends: it is looked up then, and handed over again only when the provider never saw it.
"""

import logging
from collections import defaultdict
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection
from django.db.models import Q

from core.due import claim
from core.policy import read
from core.tenancy import current_id, scope
from notifications import letters, secrets, stop
from notifications.channels import Accepted, Confirmed, NeverSeen, PermanentFailure, TemporaryFailure, Unknown, email, sms
from notifications.kinds import EXPIRING
from notifications.models import Channel, Message
from notifications.policy import Notices
from notifications.quiet import allowed_from

PROVIDER = {Channel.EMAIL: email.provider, Channel.SMS: sms.provider}
State = Message.State
ID_LENGTH = Message._meta.get_field("provider_id").max_length  # some mail providers make longer ones: their start will do
log = logging.getLogger(__name__)


def deliver_due(marketplace, *, now, limit=500, channels=tuple(Channel)) -> int:
    """One breath of every channel: take what is due, hand it over, record what came of it. Returns how many were taken.

    Call it outside a scope: it opens its own, and none is open while a provider is called. Never raises for a message's sake.
    """
    return sum(_breathe(marketplace, channel, now=now, limit=limit) for channel in channels)


def drain(marketplace, *, now) -> int:
    """Deliver and confirm everything that is due at `now`. Returns how many messages were touched."""
    total = 0
    while taken := deliver_due(marketplace, now=now) + confirm_accepted(marketplace, now=now):
        total += taken
    return total


def confirm_accepted(marketplace, *, now, limit=500, channels=tuple(Channel)) -> int:
    """Look up accepted messages whose report is overdue. Returns how many were looked up; each is due again ever later."""
    return sum(_confirm(marketplace, channel, now=now, limit=limit) for channel in channels)


def report(fact, *, now, message_id=None, provider_id="") -> bool:
    """A provider reports `fact` about the message known by our id, or by the provider's. False when we know no such message.

    Monotone: repeated and out of order, reports leave the same state (Message.MOVES). Call it inside a scope.
    """
    if not message_id and not provider_id:
        return False
    known = Q(pk=message_id) if message_id else Q(provider_id=provider_id[:ID_LENGTH])
    ids = list(Message.objects.filter(known).values_list("pk", flat=True)[:1])
    _record(dict.fromkeys(ids, fact), now=now)
    return bool(ids)


def alarm(*, now) -> list:
    """Ids of the messages that should have left `alarm_after` seconds ago and have not: each is told once."""
    late = now - timedelta(seconds=read(Notices).alarm_after)
    waiting = Message.objects.filter(state__in=[State.QUEUED, State.SENDING], due_at__isnull=False, alarmed_at=None)
    waiting = waiting.filter(Q(due_at__lt=late) | Q(attempts__gt=0, created_at__lt=late)).order_by("pk")
    stuck = list(waiting.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:100])
    if stuck:
        Message.objects.filter(pk__in=stuck).update(alarmed_at=now)
    return stuck


def _breathe(marketplace, channel, *, now, limit):
    provider = PROVIDER[channel](marketplace)
    begun = monotonic()
    with scope(marketplace):
        policy = read(Notices)
        due = Message.objects.filter(channel=channel, state__in=[State.QUEUED, State.SENDING])
        rows = claim(due, now=now, lease=_seconds(policy.lease_seconds), limit=min(limit, provider.at_once))
        lost = [row for row in rows if row.state == State.SENDING]
        ready = _begin([row for row in rows if row.state == State.QUEUED], channel, now=now, policy=policy)
    facts = {}
    if lost:
        facts |= _ask(provider.look_up, lost, marketplace, now=now)
    if ready and monotonic() - begun < policy.lease_seconds / 2:  # else the lease may end meanwhile: whoever takes it next will ask
        facts |= _ask(provider.send, ready, marketplace, now=now)
    if facts:
        with scope(marketplace):
            _record(facts, now=now)
    return len(rows)


def _confirm(marketplace, channel, *, now, limit):
    provider = PROVIDER[channel](marketplace)
    with scope(marketplace):
        due = Message.objects.filter(channel=channel, state=State.ACCEPTED)
        rows = claim(due, now=now, lease=_seconds(read(Notices).lease_seconds), limit=min(limit, provider.at_once))
    if rows:
        facts = _ask(provider.look_up, rows, marketplace, now=now, write=letters.envelope)
        with scope(marketplace):
            _record(facts, now=now)
    return len(rows)


def _begin(rows, channel, *, now, policy):
    """Move to "sending" what may be sent this instant; put aside what may not. Returns the former."""
    if not rows:
        return []
    stopped = stop.stopped(channel, {row.address for row in rows})
    ready, aside = [], []
    for row in rows:
        if reason := stopped.get(row.address):
            row.state, row.reason, row.due_at = State.SUPPRESSED, reason, None
        elif _is_over(row, now):
            row.state, row.reason, row.due_at, row.cancelled_at = State.CANCELLED, "too late", None, now
        elif row.respects_quiet_hours and (at := allowed_from(now, zone=row.zone, policy=policy)) > now:
            row.due_at, row.attempts = at, row.attempts - 1
        else:
            ready.append(row)
            continue
        row.lease_until = None
        aside.append(row)
    if aside:
        Message.objects.bulk_update(aside, ["state", "reason", "due_at", "attempts", "lease_until", "cancelled_at"])
        secrets.forget({row.pk: row.kind for row in aside if row.state != State.QUEUED})
    Message.objects.filter(pk__in=[row.pk for row in ready]).update(state=State.SENDING)
    return ready


def _is_over(row, now) -> bool:
    """Whether what this notice invites to has ended."""
    until = row.context.get("until_at") if row.kind in EXPIRING else None
    return until is not None and datetime.fromisoformat(until) <= now


def _ask(call, rows, marketplace, *, now, write=letters.write):
    """What `call` (send or look_up) of a provider says about `rows`: {id: fact}. A letter that cannot be written has failed for good.

    An exception is logged by its name only: its words may hold an address (INVARIANTS 35).
    """
    facts, written = {}, []
    for row in rows:
        try:
            written.append(write(row, marketplace))
        except Exception as error:
            log.error("a notice cannot be written kind=%s message=%s error=%s", row.kind, row.pk, type(error).__name__)
            facts[row.pk] = PermanentFailure("cannot be written")
    if not written:
        return facts
    try:
        answers = call(written, now=now)
    except Exception as error:
        log.error("a provider raised channel=%s error=%s", written[0].channel, type(error).__name__)
        answers = [Unknown(type(error).__name__)] * len(written)
    return facts | {letter.id: fact for letter, fact in zip(written, answers, strict=True)}


# Django's bulk_update took 75 % of the time a delivery takes: one statement with arrays is ten times faster.
_TOLD = {
    "state": "text",
    "reason": "text",
    "provider_id": "text",
    "due_at": "timestamptz",
    "lease_until": "timestamptz",
    "accepted_at": "timestamptz",
    "confirmed_at": "timestamptz",
    "failed_at": "timestamptz",
}
_WRITE = (
    f"update notifications_message as message set {', '.join(f'{column} = told.{column}' for column in _TOLD)}"
    f" from unnest(%s::uuid[], {', '.join(f'%s::{kind}[]' for kind in _TOLD.values())}) as told (id, {', '.join(_TOLD)})"
    " where message.marketplace_id = %s and message.id = told.id"
)


def _record(facts, *, now):
    """Write down what providers said: {message id: fact}. Locks messages by ascending id, then first deliveries by subject."""
    policy = read(Notices)
    rows = list(Message.objects.filter(pk__in=facts).order_by("pk").select_for_update(no_key=True, of=("self",)))
    for row in rows:
        merge(row, facts[row.pk], now=now, policy=policy)
    with connection.cursor() as cursor:
        columns = [[getattr(row, column) for row in rows] for column in _TOLD]
        cursor.execute(_WRITE, [[row.pk for row in rows], *columns, current_id()])
    _keep_first([row for row in rows if row.accepted_at])
    secrets.forget({row.pk: row.kind for row in rows if row.state not in (State.QUEUED, State.SENDING)})
    for row in rows:
        if reason := getattr(facts[row.pk], "suppress", ""):
            stop.stop(row.channel, row.address, reason=reason, now=now)


def merge(row, fact, *, now, policy):
    """Let `row` know `fact`. Pure. The state only moves as Message.MOVES says and a time is set once: order and repeats do not matter."""
    if row.state in (State.CANCELLED, State.SUPPRESSED):
        return  # it was never handed over
    row.lease_until = None
    row.provider_id = row.provider_id or getattr(fact, "provider_id", "")[:ID_LENGTH]
    at = min(getattr(fact, "at", None) or now, now)
    match fact:
        case Accepted():
            row.accepted_at = row.accepted_at or at
            if _move(row, State.ACCEPTED) or row.state == State.ACCEPTED:
                row.due_at = _next_look(row, now=now, policy=policy)
        case Confirmed():
            row.accepted_at = row.accepted_at or at
            row.confirmed_at = row.confirmed_at or at
            if _move(row, State.CONFIRMED):
                row.due_at = None
        case PermanentFailure():
            _fail(row, fact.reason, at)
        case NeverSeen() | TemporaryFailure() if row.state == State.SENDING and row.cancelled_at:
            row.state, row.reason, row.due_at = State.CANCELLED, "withdrawn", None
        case NeverSeen() if row.state == State.SENDING and row.attempts < policy.max_attempts:
            row.state, row.due_at = State.QUEUED, now
        case TemporaryFailure() if row.state == State.SENDING and row.attempts < policy.max_attempts:
            row.state, row.reason, row.due_at = State.QUEUED, fact.reason[:80], now + _backoff(row, policy)
        case Unknown() if row.state == State.SENDING and row.attempts < policy.max_attempts:
            row.due_at = now + _backoff(row, policy)
        case _ if row.state == State.SENDING:
            _fail(row, f"gave up: {getattr(fact, 'reason', 'never seen')}", now)
        case _ if row.state == State.ACCEPTED:
            row.due_at = _next_look(row, now=now, policy=policy)


def _move(row, to):
    if to not in Message.MOVES[row.state]:
        return False
    row.state, row.reason = to, ""
    return True


def _fail(row, reason, at):
    if _move(row, State.FAILED):
        row.reason, row.failed_at, row.due_at = reason[:80], at, None


def _backoff(row, policy):
    return _seconds(policy.backoff[min(row.attempts, len(policy.backoff)) - 1])


def _next_look(row, *, now, policy):
    """Twice as long after the acceptance as the last look; None when that is too long."""
    age = max((now - row.accepted_at).total_seconds(), policy.look_up_after)
    return now + _seconds(age) if age <= policy.look_up_until else None


def _seconds(count):
    return timedelta(seconds=count)


def _keep_first(rows):
    """Note the first acceptance and the first confirmation about each subject; what is set stays (INVARIANTS 15)."""
    first = defaultdict(lambda: ([], []))
    for row in rows:
        accepted, confirmed = first[row.subject]
        accepted.append(row.accepted_at)
        confirmed += [row.confirmed_at] if row.confirmed_at else []
    if not first:
        return
    subjects = sorted(first)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into notifications_firstdelivery as kept (marketplace_id, subject, accepted_at, confirmed_at)"
            " select %s, * from unnest(%s::text[], %s::timestamptz[], %s::timestamptz[])"
            " on conflict (marketplace_id, subject) do update set accepted_at = coalesce(kept.accepted_at, excluded.accepted_at),"
            " confirmed_at = coalesce(kept.confirmed_at, excluded.confirmed_at)"
            " where kept.accepted_at is null or kept.confirmed_at is null and excluded.confirmed_at is not null",
            [
                current_id(),
                subjects,
                [min(first[subject][0]) for subject in subjects],
                [min(first[subject][1], default=None) for subject in subjects],
            ],
        )
