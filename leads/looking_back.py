"""What staff look up of leads that came in: the newest, those that somebody asks about, and one with everything decided about it."""

import re
from dataclasses import dataclass
from uuid import UUID

from django.db.models import CharField, Func, IntegerField
from django.db.models.functions import Cast

from accounts.contact_data import BadContact, normal_phone, visible
from accounts.models import Pro, ProArea
from accounts.queries import services_of
from core.errors import NotFound
from leads.models import Decision, Lead, Match, Photo, Reveal
from leads.photos import photos_of
from leads.queries import seats_taken

SHOWN = 25
LONGEST_SEARCH = 60
CODE = re.compile(r"[A-Za-z]{2}-([0-9A-Fa-f]{6})")


@dataclass(frozen=True)
class Listed:
    """A lead of the list with how many of its seats are taken."""

    lead: Lead
    taken: int


@dataclass(frozen=True)
class Given:
    """What became of a request beside its seats: the matches whose pro was `warned` for not calling, what the homeowner `revealed` (never
    the number or address itself), and its photos, without their bytes."""

    warned: list[Match]
    revealed: list[Reveal]
    photos: list[Photo]

    def __bool__(self):
        return bool(self.warned or self.revealed or self.photos)


@dataclass(frozen=True)
class Today:
    """What a pro offers and covers now, seen from one lead: whether it offers its service, whether it does so in its ZIP."""

    services: tuple
    offers: bool
    covers: bool


def newest(text="") -> list[Listed]:
    """The newest leads, or the newest of those that `text` finds: an id, a match code, a whole number or e-mail address, a ZIP code, a
    part of the homeowner's name."""
    leads = Lead.objects.select_related("service", "homeowner").defer("description", "answers", "estimate_reasons")
    found = list(found_among(leads, text).order_by("-submitted_at", "-pk")[:SHOWN])
    taken = seats_taken(lead.group_id for lead in found) if found else {}
    return [Listed(lead, taken.get(lead.group_id, 0)) for lead in found]


def found_among(leads, text):
    """Those of `leads` that `text` finds, by what it looks like; numbers and addresses are found by their index."""
    text = visible(text)[:LONGEST_SEARCH]
    if not text:
        return leads
    if "@" in text:
        return leads.filter(homeowner__email=text.lower())
    if re.fullmatch(r"[0-9]{5}", text, re.ASCII):
        return leads.filter(zip=text)
    if code := CODE.fullmatch(text):
        alike = Match.objects.alias(text=Cast("pk", CharField())).filter(text__endswith=code[1].lower())
        return leads.filter(pk__in=alike.values("lead"))
    try:
        return leads.filter(pk=UUID(text))
    except ValueError:
        pass
    try:
        return leads.filter(homeowner__phone=normal_phone(text))
    except BadContact:
        return leads.filter(homeowner__name__icontains=text)


def lead_of(lead_id) -> Lead:
    """One lead with its service. Raises NotFound for a missing and for another marketplace's alike."""
    lead = Lead.objects.select_related("service").filter(pk=lead_id).first()
    if lead is None:
        raise NotFound
    return lead


def given_of(lead) -> Given:
    """The homeowner's side of a request, each part in the order it came. Three queries."""
    warned = Match.objects.filter(lead=lead, warned_at__isnull=False).select_related("pro").order_by("warned_at", "pk")
    revealed = Reveal.objects.filter(match__lead=lead).select_related("match__pro")
    return Given(list(warned), list(revealed), photos_of(lead))


def decisions_of(lead) -> list[Decision]:
    """The lead's decisions, newest first, those with winners before those without. Each knows how many were `looked_at`; inputs and
    verdicts are left unread (`whole`)."""
    kept = Decision.objects.filter(lead=lead).defer("request", "candidates", "verdicts", "eligible", "share")
    kept = kept.annotate(looked_at=Func("candidates", function="jsonb_array_length", output_field=IntegerField()))
    return sorted(kept.order_by("-at", "-pk"), key=lambda one: not one.winners)


def whole(decision: Decision) -> Decision:
    """The decision with its inputs and verdicts, in one query."""
    return Decision.objects.get(pk=decision.pk)


def slots_free(decision: Decision, lead: Lead) -> tuple[int, ...]:
    """The numbers of the seats that were free when it was decided: those no earlier decision of the group had given away."""
    seats = Match.objects.filter(group_id=lead.group_id, slot__isnull=False).values_list("slot", "at", "decision_id")
    taken = {slot for slot, at, by in seats if by != decision.pk and (at, by) < (decision.at, decision.pk)}
    return tuple(slot for slot in range(1, lead.seats + 1) if slot not in taken)


def today_of(pro: Pro, lead: Lead) -> Today:
    """What `pro` offers and covers now, whatever it was when the lead came."""
    services = tuple(services_of(pro))
    area = ProArea.objects.filter(pro=pro, service=lead.service_id, cell=lead.cell).values_list("mask", flat=True).first() or 0
    return Today(services, any(service.pk == lead.service_id for service in services), bool(area >> lead.bit & 1))
