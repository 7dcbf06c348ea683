"""What the carrier's events say of a leg, put together so that their order and their number do not matter (INVARIANTS 21). Pure.

`Facts` only ever grow: `merge` takes the earliest start, the latest end and the furthest status of both, so it is commutative,
associative and idempotent, and whatever was proven stays proven.
"""

from dataclasses import dataclass, fields
from datetime import datetime, timedelta

STATUSES = ("", "queued", "initiated", "ringing", "in-progress", "canceled", "failed", "no-answer", "busy", "completed")
FINAL = frozenset(STATUSES[STATUSES.index("canceled") :])
PRO, HOMEOWNER = "pro", "homeowner"
DEAD = frozenset({404, 410, 484, 604})  # not found, gone, address incomplete, does not exist anywhere


@dataclass(frozen=True)
class Facts:
    """What is known of one leg. Times are the carrier's; `seconds` is how long it was connected as the carrier counts it; `ended_by`
    is the side that hung up once it was answered; `code` is why it failed, as a SIP status."""

    status: str = ""
    initiated_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    alive_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: int | None = None
    machine: bool | None = None
    code: int | None = None
    ended_by: str = ""

    @property
    def is_final(self) -> bool:
        return self.status in FINAL

    @property
    def was_answered(self) -> bool:
        return self.answered_at is not None or self.status == "completed"

    @property
    def is_dead(self) -> bool:
        """The number does not exist: it failed, and not through a fault on the way."""
        return self.status == "failed" and (self.code is None or self.code in DEAD)

    @property
    def talked(self) -> int:
        """Seconds for which it was certainly connected."""
        until = max((at for at in (self.alive_at, self.ended_at) if at), default=None)
        spanned = int((until - self.answered_at).total_seconds()) if until and self.answered_at else 0
        return max(spanned, self.seconds or 0, 0)

    @property
    def rang(self) -> int:
        """Seconds for which it certainly rang."""
        until = self.answered_at or self.ended_at
        return max(int((until - self.ringing_at).total_seconds()), 0) if until and self.ringing_at else 0


def merge(one: Facts, other: Facts) -> Facts:
    """All that either says."""
    return Facts(**{field.name: _JOIN[field.name](getattr(one, field.name), getattr(other, field.name)) for field in fields(Facts)})


def said_by(status: str, *, at: datetime | None, seconds: int | None = None, machine=None, code=None, ended_by="") -> Facts:
    """What one event of the carrier says: the leg was `status` at `at` (None: it does not say when)."""
    times = {}
    if at is not None:
        if status in ("queued", "initiated"):
            times = {"initiated_at": at}
        elif status == "ringing":
            times = {"ringing_at": at}
        elif status == "in-progress":
            times = {"answered_at": at}
        elif status in FINAL:
            times = {"ended_at": at}
            if status == "completed" and seconds is not None:
                times["answered_at"] = at - timedelta(seconds=seconds)
    known = status if status in STATUSES else ""
    return Facts(status=known, seconds=seconds if known in FINAL else None, machine=machine, code=code, ended_by=ended_by, **times)


def kept_as(record, *, now: datetime) -> Facts:
    """What the carrier's own record (contact.carriers.Record) says at `now`. A record tells no ringing: it counts from the start."""
    started, ended = record.started_at, record.ended_at if record.status in FINAL else None
    answered = None
    if record.status == "completed" and ended and record.seconds is not None:
        answered = ended - timedelta(seconds=record.seconds)
    return Facts(
        status=record.status if record.status in STATUSES else "",
        initiated_at=started,
        ringing_at=started if record.status not in ("queued", "failed") else None,
        answered_at=answered,
        alive_at=now if record.status == "in-progress" else None,
        ended_at=ended,
        seconds=record.seconds if record.status in FINAL else None,
        machine=record.machine,
        code=record.code,
    )


def _earliest(one, other):
    return min((value for value in (one, other) if value is not None), default=None)


def _latest(one, other):
    return max((value for value in (one, other) if value is not None), default=None)


_JOIN = {
    "status": lambda one, other: max(one, other, key=STATUSES.index),
    "initiated_at": _earliest,
    "ringing_at": _earliest,
    "answered_at": _earliest,
    "alive_at": _latest,
    "ended_at": _latest,
    "seconds": _latest,
    "machine": _earliest,  # a person once heard stays a person
    "code": _earliest,
    "ended_by": lambda one, other: max(one, other, key=("", PRO, HOMEOWNER).index),  # in doubt it was not the pro
}
