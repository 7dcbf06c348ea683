"""A pro opens a lead for the first time: its clock starts, unless the notice came before."""

from contact import timers
from core import events
from leads.models import Match


def open_match(match, *, by, now) -> bool:
    """Stamp the first opening of a live match by a member of its pro, once whoever comes at the same instant. True for the first."""
    first = Match.objects.filter(pk=match.pk, opened_at=None, state=Match.State.LIVE).update(opened_at=now)
    if first:
        timers.opened(match.line_id, at=now)
        events.record("match.opened", match.pk, now=now, actor=by.subject, test=match.test)
        match.opened_at = now
    return bool(first)
