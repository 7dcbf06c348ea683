"""Writing down what happened."""

from core import sql
from core.models import Event


def record(kind, subject, *, now, actor="", test=False, **data) -> Event:
    """Keep that `kind` happened to `subject` (any id). `data` carries ids, codes and numbers only (INVARIANTS 35)."""
    event = Event(kind=kind, subject=str(subject), at=now, actor=actor, data=data, test=test)
    sql.insert([event])
    return event


def history(subject):
    """What happened to `subject`, oldest first."""
    return Event.objects.filter(subject=str(subject))
