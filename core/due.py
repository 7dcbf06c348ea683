"""Rows that are due: claimed with a lease, so that two workers never take the same one (INVARIANTS 17)."""

from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import F


def claim(due, *, now, lease: timedelta, limit: int) -> list:
    """Take up to `limit` rows of the queryset `due`, oldest first, and lease them until `now + lease`.

    The model has `due_at`, `lease_until` and `attempts`; a row whose worker died comes back when its lease ends. Rows that
    another worker holds this instant are skipped. Each claim counts as an attempt, before trying.
    """
    model = due.model
    rows = list(
        due.filter(due_at__lte=now)
        .exclude(lease_until__gt=now)
        .order_by("due_at")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:limit]
    )
    for row in rows:
        row.lease_until = now + lease
        row.attempts += 1
    model.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=now + lease, attempts=F("attempts") + 1)
    return rows


@contextmanager
def only_one(number: int):
    """Whether this process is the only one that does what `number` stands for: a provider that hangs takes one process, and leaves the
    others to the rest (INVARIANTS 29, 39).

    The lock is the database session's: it is gone when the process is. Whoever does not get it need not wait: its holder goes on
    until nothing is due.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [number])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [number])
