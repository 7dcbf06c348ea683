"""Giving back: one transaction moves the money, closes the line, hides the homeowner, keeps the ruling and tells the pro (RULES 40, 41).

Lock order: lead -> pro_state by ascending pro -> charge -> line -> messages. `hold` takes the first for every use case of credits, so
that whatever is decided about the matches of one lead is decided one after the other.
"""

from django.utils.translation import gettext_lazy as _

from accounts.seat_counters import lock_waiting
from billing.charges import credit_back
from contact import lines
from core import events
from core.errors import Refusal
from core.state import move
from credits import messages
from credits.claim import Evidence, freeze
from credits.evidence import collect
from credits.models import MARKETPLACE, CreditRequest, Ruling
from credits.reasons import HOMEOWNER_STOPPED, OF_THE_LEAD, PROVEN_FOR_ANOTHER
from leads import open_work
from leads.lifecycle import close, lock
from leads.models import Lead, Match
from leads.seats import seats_of

RELATED = ("pro", "charge", "terms", "line", "decision", "lead__service", "lead__homeowner")


class NoCredit(Refusal):
    """Nothing is left of the charge, or there never was one."""

    code = "no_credit"
    sentence = _("You paid nothing for this lead, so there is nothing to give back.")
    status = 409


def hold(match_id) -> Match:
    """The match as it is under the lock of its lead, with everything that is asked of it."""
    lock(Match.objects.values_list("lead_id", flat=True).get(pk=match_id))
    return Match.objects.select_related(*RELATED).get(pk=match_id)


def left_of(match) -> int:
    """The cents that a credit of this match gives back now: the net of its charge, 0 for a test or a free lead."""
    return match.charge.net if match.charge_id else 0


def grant(request, *, rule: str, evidence: Evidence, now, by=None, note: str = "") -> None:
    """Give the request's match back by `rule`: decided by the user `by`, or by code. A fact of the lead credits its other live pros
    without two-way contact too, unasked (RULES 40), and the lead is offered to nobody any more; of one that says it won the job a
    person decides. The caller holds the match.

    Raises NoCredit when nothing is left of the charge, and StaleState when the request was decided before.
    """
    gifts = [_Gift(request, rule, evidence, by, note)]
    if rule in OF_THE_LEAD:
        _offer_no_further(request.match.lead_id, rule, now=now)
        gifts += _for_the_others(request, evidence, now=now)
    _give(gifts, now=now)


def _offer_no_further(lead_id, rule, *, now):
    lead = lock(lead_id)
    if lead.state == Lead.State.CLOSED:
        return
    seats = len(seats_of(lead))
    outcome = Lead.Outcome.FILLED if seats >= lead.seats else Lead.Outcome.PART_FILLED if seats else Lead.Outcome.UNFILLED
    close(lead, outcome, rule, at=min(now, lead.closes_at), now=now)


def unasked(matches, *, rule: str, collected: dict, now) -> None:
    """Give these held matches back although nobody asked; `collected` has the evidence about each by its id. One whose pro did ask
    has that request granted instead."""
    _give([_Gift(_asked(match, reason="", now=now), rule, collected[match.pk]) for match in matches], now=now)


class _Gift:
    """One credit that is about to be given."""

    def __init__(self, request, rule, evidence, by=None, note="", proven_by=None):
        self.request, self.rule, self.evidence, self.by, self.note = request, rule, evidence, by, note
        self.kept = freeze(evidence) | ({"proven_by": str(proven_by)} if proven_by else {})

    @property
    def match(self):
        return self.request.match


def _for_the_others(request, evidence, *, now) -> list[_Gift]:
    """The other live matches of the lead whose pro still pays, has not spoken with the homeowner, and never said that it won."""
    silent = {other.match for other in evidence.others if other.two_way_at is None and not other.won}
    live = Match.objects.filter(lead=request.match.lead_id, state=Match.State.LIVE).exclude(pk=request.match_id)
    others = [match for match in live.select_related(*RELATED) if str(match.pk) in silent and left_of(match)]
    return [
        _Gift(_asked(match, reason=request.reason, now=now), PROVEN_FOR_ANOTHER, collect(match), proven_by=request.pk) for match in others
    ]


def _asked(match, *, reason, now) -> CreditRequest:
    """The undecided request of the match, or one that the marketplace files by itself."""
    request = CreditRequest.objects.filter(match=match, state__in=CreditRequest.UNDECIDED).first()
    if request is None:
        request = CreditRequest.objects.create(match=match, reason=reason, filed_by=MARKETPLACE, received_at=now, promised_at=now)
    request.match = match
    return request


def _give(gifts, *, now) -> None:
    gifts.sort(key=lambda gift: gift.match.pro_id)
    lock_waiting([gift.match.pro_id for gift in gifts])
    open_work.ending([gift.match.pk for gift in gifts])
    for gift in gifts:
        _give_one(gift, now=now)
    lines.close([gift.match.line_id for gift in gifts if gift.match.line_id], reason="credited", now=now)
    messages.granted([(gift.request, gift.rule, gift.note) for gift in gifts], now=now)


def _give_one(gift, *, now):
    request, match = gift.request, gift.match
    cents = credit_back(match.charge_id, reference=f"credit:{request.pk}", now=now) if match.charge_id else 0
    if not cents:
        raise NoCredit
    changes = {"amount": cents, "decided_at": now, "due_at": None}
    move(request, CreditRequest.State.GRANTED, **changes if gift.by else changes | {"rule": gift.rule})
    if gift.rule != HOMEOWNER_STOPPED:  # whose match is closed by the homeowner, and says so to every pro alike (RULES 26)
        move(match, Match.State.CREDITED, state_at=now)
    rule_on(
        request, Ruling.Verdict.GRANT, rule=gift.rule, kept=gift.kept, steps=gift.evidence.steps_done, by=gift.by, note=gift.note, now=now
    )


def rule_on(request, verdict, *, kept, steps, now, rule="", by=None, note="") -> Ruling:
    """Keep a ruling and its event."""
    ruling = Ruling.objects.create(
        request=request,
        at=now,
        verdict=verdict,
        by=by,
        rule=rule,
        note=note,
        evidence=kept,
        steps=steps,
        is_appeal=request.is_appeal,
    )
    actor = f"staff:{by.pk}" if by else f"rule:{rule}"
    told = {"request": str(request.pk), "rule": rule, "cents": request.amount or 0}
    events.record(f"credit.{_PAST[verdict]}", request.match_id, now=now, actor=actor, test=request.match.test, **told)
    return ruling


_PAST = {Ruling.Verdict.GRANT: "granted", Ruling.Verdict.REFUSE: "refused", Ruling.Verdict.ASK: "asked"}
