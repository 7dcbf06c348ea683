"""Why these pros and not the others: the decisions of a lead, told from what was kept of them (RULES 17).

What a pro reads of its own lead is leads.explaining; this is for operators, who may see every candidate.
"""

import re
import uuid
from dataclasses import asdict, dataclass

from django.db.models import CharField
from django.db.models.functions import Cast

from accounts.models import Pro
from catalog.guide import dollars
from core.errors import NotFound, Refusal
from leads import links
from leads.decision import SEAT, Candidate, Verdict, thaw
from leads.models import Decision, Lead, LeadType, Match
from leads.verdicts import in_words
from operations.again import differences

CODE = re.compile(r"[A-Za-z]{2}-[0-9A-Fa-f]{6}")


class SeveralMatches(Refusal):
    code = "several_matches"
    sentence = "Several matches have this code: name the lead by its id."


@dataclass(frozen=True)
class Told:
    """One candidate: its verdict as a code and in words, the two values compared, and how it stood in the fair share."""

    pro: int
    name: str
    verdict: str
    words: str
    have: object
    need: object
    received: int
    entitled: float
    owed: float
    seat: str = ""


@dataclass(frozen=True)
class DecisionTold:
    """One decision. `changed` is what comes out differently when it is decided again: None when that was not asked."""

    id: str
    at: str
    lead_type: str
    seed: int
    price: int
    free_seats: int
    eligible: int
    candidates: tuple[Told, ...]
    changed: dict | None


@dataclass(frozen=True)
class LeadTold:
    id: str
    marketplace: str
    what: str
    state: str
    group: str
    submitted_at: str
    closes_at: str
    due_at: str
    decisions: tuple[DecisionTold, ...]

    @property
    def differs(self) -> bool:
        return any(decision.changed for decision in self.decisions)

    def as_dict(self) -> dict:
        return asdict(self)


def find(text: str) -> Lead:
    """The lead of an id, of a homeowner's token or of a match code ("AM-1A2B3C"), in the marketplace in force; or NotFound."""
    leads = Lead.objects.select_related("service", "marketplace")
    if CODE.fullmatch(text):
        lead = leads.filter(pk=_lead_of_code(text)).first()
    else:
        try:
            lead = leads.filter(pk=uuid.UUID(text)).first()
        except ValueError:
            lead = leads.get(pk=links.lead_of(text).pk)
    if lead is None:
        raise NotFound
    return lead


def _lead_of_code(code: str):
    alike = Match.objects.annotate(text=Cast("pk", CharField())).filter(text__endswith=code[3:].lower())
    found = {match.lead_id for match in alike if match.code == code.upper()}
    if len(found) > 1:
        raise SeveralMatches
    return found.pop() if found else None


def explain(lead: Lead, *, replay=False) -> LeadTold:
    """All decisions of the lead, oldest first; with `replay` each is decided again and compared."""
    kept = list(Decision.objects.filter(lead=lead).order_by("at", "pk"))
    matches = {(match.decision_id, match.pro_id): match for match in Match.objects.filter(lead=lead)}
    names = dict(Pro.objects.filter(pk__in={row[0] for one in kept for row in one.candidates}).values_list("pk", "name"))
    return LeadTold(
        id=str(lead.pk),
        marketplace=lead.marketplace.slug,
        what=f"{lead.service.name}, {lead.place}, {lead.region} {lead.zip}, {dollars(lead.estimate)}",
        state=f"{lead.outcome}, {lead.outcome_reason}" if lead.outcome else lead.state,
        group=str(lead.group_id),
        submitted_at=lead.submitted_at.isoformat(),
        closes_at=lead.closes_at.isoformat() if lead.closes_at else "",
        due_at=lead.due_at.isoformat() if lead.due_at else "",
        decisions=tuple(_decision(one, matches, names, replay) for one in kept),
    )


def _decision(kept, matches, names, replay) -> DecisionTold:
    request, candidates, decided = thaw(kept)
    stood = {candidate.pro: candidate for candidate in candidates}
    told = [_candidate(verdict, stood[verdict.pro], matches.get((kept.pk, verdict.pro)), names) for verdict in decided.verdicts]
    return DecisionTold(
        id=str(kept.pk),
        at=request.at,
        lead_type=str(LeadType(request.lead_type).label),
        seed=kept.seed,
        price=request.price,
        free_seats=request.seats,
        eligible=len(decided.eligible),
        candidates=tuple(told),
        changed={part: list(pair) for part, pair in differences(kept).items()} if replay else None,
    )


def _candidate(verdict: Verdict, stood: Candidate, match, names) -> Told:
    return Told(
        pro=verdict.pro,
        name=names.get(verdict.pro, ""),
        verdict=verdict.code,
        words=in_words(verdict),
        have=verdict.have,
        need=verdict.need,
        received=stood.received,
        entitled=round(stood.entitled / SEAT, 3),
        owed=round(stood.owed / SEAT, 3),
        seat=f"{match.slot or '-'} {match.code}" if match else "",
    )
