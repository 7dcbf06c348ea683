"""Collecting what is known about a claim from the rows of this instant (RULES 38). A handful of queries, whatever happened."""

from datetime import timedelta

from django.db.models import F, Q

from contact.queries import stories
from core.models import Event
from core.policy import read
from credits.claim import Called, Claim, Evidence, Receipt, Step, Tried
from credits.policy import Credits
from leads.models import Match
from leads.policy import Leads


def collect(match, request=None) -> Evidence:
    """The evidence about `match` (with its lead, homeowner, service and decision), and the words of `request` if there is one."""
    seats = list(Match.objects.filter(lead=match.lead_id).select_related("line__pro").order_by("slot", "pk"))
    told = stories([seat.line for seat in seats if seat.line_id])
    won = _winners(seats)
    tried = {seat.pk: _tried(seat, told.get(seat.line_id), str(seat.pk) in won) for seat in seats}
    mine = told.get(match.line_id)
    return Evidence(
        mine=tried.pop(match.pk),
        others=tuple(tried.values()),
        steps=tuple(Step(str(step.label), step.state, step.done, step.of) for step in mine.steps) if mine else (),
        duplicates=tuple(str(pk) for pk in _sold_before(match)),
        progress=match.progress,
        receipt=_receipt(match),
        words=request.words if request else "",
        question=request.question if request else "",
        answer=request.answer if request else "",
        appeal_words=request.appeal_words if request else "",
    )


def claim_of(reason: str, evidence: Evidence) -> Claim:
    """The claim as the policy in force judges it."""
    policy = read(Credits)
    return Claim(reason, evidence, dead_calls=policy.dead_calls, dead_apart_seconds=policy.dead_apart_seconds)


def _tried(seat, story, won) -> Tried:
    if story is None:
        return Tried(seat.pro_id, str(seat.pk), won=won)
    calls = tuple(
        Called(call.started_at or call.opened_at, str(call.way), dead=call.is_dead, answered=call.connected) for call in story.calls
    )
    return Tried(seat.pro_id, str(seat.pk), calls=calls, attempts=story.attempts, two_way_at=story.two_way_at, won=won)


def _winners(seats) -> set:
    """Ids of the matches whose pro ever said that it won: what was taken back since is for a person to weigh."""
    said = Event.objects.filter(kind="match.progress", subject__in=[str(seat.pk) for seat in seats])
    return set(said.filter(data__progress=Match.Progress.WON).values_list("subject", flat=True))


def _receipt(match) -> Receipt:
    """A pro among the candidates of its decision offered the service and covered the ZIP at that instant: matching looks at no others."""
    return Receipt(
        service=match.lead.service.code,
        zip=match.lead.zip,
        covered=any(candidate[0] == match.pro_id for candidate in match.decision.candidates),
        at=match.at,
        delivered_at=match.line.delivered_at if match.line_id else None,
    )


def _sold_before(match):
    """Ids of the paid matches by which this pro got the same job of the same person before (RULES 7): the same trade, within the days of
    the policy, and phone, e-mail or address are equal. Empty never equals empty, and "a different job" is none."""
    lead = match.lead
    same = Q()
    for name in ("phone", "email", "address_key"):
        if value := getattr(lead.homeowner, name):
            same |= Q(**{f"lead__homeowner__{name}": value})
    if not same or lead.different_job:
        return []
    earlier = Match.objects.filter(
        same,
        pro=match.pro_id,
        lead__service__trade=lead.service.trade_id,
        at__lt=match.at,
        at__gte=match.at - timedelta(days=read(Leads).duplicate_days),
        test=match.test,
    )
    still_paid = earlier.filter(charge__price__gt=F("charge__discounted") + F("charge__credited"))
    return still_paid.exclude(lead=lead).order_by("at").values_list("pk", flat=True)
