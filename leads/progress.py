"""What the pro says of the work: contacted, quoted, won, lost, put away. It is told, never guessed from calls."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.rights import Right, may
from accounts.seat_counters import lock_waiting
from contact import timers
from core import events
from core.errors import NotAllowed, Refusal
from leads import open_work
from leads.models import Match

MOST = 1_000_000_000  # cents
REASONS = {
    "not_reached": _("I never reached them"),
    "hired_other": _("They hired someone else"),
    "price": _("The price was too high for them"),
    "put_off": _("They put the job off"),
    "not_for_us": _("The job is not for us"),
    "other": _("Something else"),
}
FINISHED = frozenset({Match.Progress.WON, Match.Progress.LOST, Match.Progress.ARCHIVED})


class UnknownProgress(Refusal):
    code = "unknown_progress"
    sentence = _("Choose one of the statuses.")


class BadAmount(Refusal):
    code = "bad_amount"
    sentence = _("Say what you won the job for, up to $10,000,000.00.")


class BadReason(Refusal):
    code = "bad_reason"
    sentence = _("Say why it was lost.")


class MatchClosed(Refusal):
    code = "match_closed"
    sentence = _("This lead is closed. It can only be archived.")
    status = 409


def set_progress(match: Match, progress: str, *, by, now: datetime, won_amount: int | None = None, lost_reason: str = "") -> bool:
    """Keep what `by`, a member of the match's pro, says of it; returns whether that is news. Any move is allowed while the match is
    live, afterwards only to archived.

    `won_amount` (cents) is needed when won, `lost_reason` (of REASONS) when lost; both are forgotten by any other move but archiving. A
    lead is open work until it is won, lost or archived (RULES 10). Who has finished is reminded of nothing more. Refuses NotAllowed,
    UnknownProgress, BadAmount, BadReason, MatchClosed.
    """
    if not may(by.role, Right.OPEN_LEADS):
        raise NotAllowed
    if progress not in Match.Progress.values:
        raise UnknownProgress(fields={"progress": UnknownProgress.sentence})
    if progress == Match.Progress.WON and not (won_amount and 0 < won_amount <= MOST):
        raise BadAmount(fields={"won_amount": BadAmount.sentence})
    if progress == Match.Progress.LOST and lost_reason not in REASONS:
        raise BadReason(fields={"lost_reason": BadReason.sentence})
    held = hold(match)
    if held.state != Match.State.LIVE and progress != Match.Progress.ARCHIVED:
        raise MatchClosed
    said = {"progress": progress} | _details(held, progress, won_amount, lost_reason)
    was = {name: getattr(held, name) for name in said}
    if said == was:
        return False
    Match.objects.filter(pk=held.pk).update(progress_at=now, **said)
    open_work.moved(held, was=was["progress"], progress=progress)
    for name, value in (said | {"progress_at": now}).items():
        setattr(match, name, value)
    if progress in FINISHED and held.line_id:
        timers.no_more_reminders(held.line_id)
    events.record("match.progress", held.pk, now=now, actor=by.subject, test=held.test, was=was["progress"], **said)
    return True


def hold(match) -> Match:
    """The match as it is, locked. Its pro's state comes first, as for whoever credits it: the open work changes with it."""
    lock_waiting([match.pro_id])
    return Match.objects.select_for_update(no_key=True).get(pk=match.pk)


def _details(held, progress, won_amount, lost_reason) -> dict:
    """What belongs to a status; archiving keeps how it ended."""
    if progress == Match.Progress.ARCHIVED:
        return {"won_amount": held.won_amount, "lost_reason": held.lost_reason}
    won, lost = progress == Match.Progress.WON, progress == Match.Progress.LOST
    return {"won_amount": won_amount if won else None, "lost_reason": lost_reason if lost else ""}
