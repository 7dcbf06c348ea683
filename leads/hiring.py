"""The homeowner says how it ended: hired one of the pros, somebody else, or nobody. It may say so anew at any time."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import events, sql
from core.errors import NotFound, Refusal
from leads import lifecycle, messages
from leads.models import Lead, Match
from leads.seats import seats_of


class AnswerMissing(Refusal):
    code = "answer_missing"
    sentence = _("Say whom you hired, or that you are not hiring.")


class AlreadyStopped(Refusal):
    code = "already_stopped"
    sentence = _("You stopped all contact about this request. There is nobody left to tell.")
    status = 409


def say(lead, hired: str, *, match_id=None, now: datetime) -> None:
    """Keep whom the homeowner hired: `hired` of Lead.Hired, with the match of one of its pros. No more seats are sold then; those sold
    stand. Each live pro learns whether it was hired, and nobody who was. The same answer again changes nothing.

    Raises AnswerMissing, NotFound for a match that is not on this request, AlreadyStopped.
    """
    if hired not in Lead.Hired.values or (hired == Lead.Hired.PRO) != (match_id is not None):
        raise AnswerMissing(fields={"hired": AnswerMissing.sentence})
    lead = lifecycle.lock(lead.pk)
    if lead.withdrawn_at:
        raise AlreadyStopped
    matches = list(Match.objects.filter(lead=lead, state=Match.State.LIVE).order_by("pk"))
    if match_id is not None and match_id not in {match.pk for match in matches}:
        raise NotFound
    if (lead.hired, lead.hired_match_id) == (hired, match_id):
        return
    sql.update(lead, hired=hired, hired_match_id=match_id, hired_at=now)
    events.record("lead.hired", lead.pk, now=now, test=lead.test, hired=str(hired), match=str(match_id or ""))
    messages.hired(lead, matches, hired=match_id, now=now)
    if lead.state != Lead.State.CLOSED and len(taken := seats_of(lead)) < lead.seats:
        lifecycle.close_hired(lead, seats=len(taken), now=now)


def decision_for(match: Match) -> str:
    """What the pro of this match (with its lead) reads of how the homeowner decided: "you", "another", "nobody", or "" for nothing yet."""
    lead = match.lead
    if not lead.hired or match.state != Match.State.LIVE:
        return ""
    if lead.hired_match_id == match.pk:
        return "you"
    return "nobody" if lead.hired == Lead.Hired.NOBODY else "another"
