"""Rows that are due: claimed with a lease, so that two workers never take the same one (INVARIANTS 17)."""

from datetime import timedelta

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
