"""Reading leads and matches. Screens ask `*_for(viewer)` queries: what a pro may see of a lead is decided here (DESIGN rule 6)."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef

from contact.lines import LineClosed
from contact.models import Line
from core.errors import NotFound
from leads.models import ConsentName, Lead, LeadType, Match, Offer, PickConsent, Reveal


def due_leads(*, now, limit) -> list:
    """Ids of leads to look at, oldest first (RULES 18). The due time is when, the submit time is who comes first."""
    return list(Lead.objects.filter(due_at__lte=now).order_by("submitted_at").values_list("pk", flat=True)[:limit])


def next_due(*, until, limit) -> list[tuple]:
    """(id, due time) of the leads that are due next, up to `until`: by due time, then by submit time."""
    due = Lead.objects.filter(due_at__lte=until).order_by("due_at", "submitted_at")
    return list(due.values_list("pk", "due_at")[:limit])


def matches_for(pro):
    """The matches of a pro, newest first, with what their rows show. A withdrawn one shows nothing of the person or the job."""
    return Match.objects.filter(pro=pro).select_related("lead__service", "lead__homeowner", "charge").order_by("-at", "-pk")


def match_for(pro, match_id) -> Match:
    """One match of the pro, with its line and all that is asked of it. Raises NotFound for a missing and for another's alike."""
    related = ("lead__service", "lead__guide", "lead__homeowner", "charge__terms", "terms", "decision", "line__number", "review")
    match = matches_for(pro).select_related(*related).filter(pk=match_id).first()
    if match is None:
        raise NotFound
    if match.line:
        match.line.pro, match.line.homeowner, match.line.charge = pro, match.lead.homeowner, match.charge
    return match


def offers_for(pro, *, now):
    """What `pro` may accept now, what ends first at the top. What has not opened for its tier is not there yet (RULES 15)."""
    open_now = Offer.objects.filter(pro=pro, state__in=[Offer.State.OPEN, Offer.State.WAITING], opens_at__lte=now, expires_at__gt=now)
    return open_now.select_related("lead__service", "lead__guide", "lead__homeowner", "terms").order_by("expires_at", "pk")


def answered_offers(pro, *, since):
    """What became of the offers of `pro` that were decided after `since`, the latest first."""
    decided = Offer.objects.filter(pro=pro, decided_at__gt=since).exclude(state__in=[Offer.State.OPEN, Offer.State.WAITING])
    return decided.select_related("lead__service").order_by("-decided_at", "pk")


def open_offers(pro, *, now) -> int:
    """How many offers `pro` may answer now."""
    return Offer.objects.filter(pro=pro, state=Offer.State.OPEN, opens_at__lte=now, expires_at__gt=now).count()


def offer_for(pro, offer_id) -> Offer:
    """One offer of the pro. Raises NotFound for a missing and for another's alike."""
    related = ("pro", "lead__service", "lead__guide", "lead__homeowner", "terms")
    offer = Offer.objects.filter(pro=pro, pk=offer_id).select_related(*related).first()
    if offer is None:
        raise NotFound
    return offer


def match_of(offer) -> Match:
    """The seat that an accept of `offer` made. Raises NotFound where none did."""
    if offer.state not in (Offer.State.ACCEPTED, Offer.State.UNDONE):
        raise NotFound
    return match_for(offer.pro, Match.objects.values_list("pk", flat=True).get(lead=offer.lead_id, pro=offer.pro_id))


def undoable_offer(match, *, now) -> Offer | None:
    """The offer by which `match` came about, as long as the accept may be undone (leads.offers.undo); None when it may not any more."""
    if match.lead_type == LeadType.AUTOMATCH or match.opened_at:
        return None
    offer = Offer.objects.filter(lead=match.lead_id, pro=match.pro_id, state=Offer.State.ACCEPTED, undo_until__gt=now).first()
    return offer if offer and may_undo(offer, match, now=now) else None


def may_undo(offer, match, *, now) -> bool:
    """Whether leads.offers.undo would take the accept of `offer` back: in time, with the contact details unseen."""
    seen = match.opened_at or (match.line and match.line.last_contact_at)
    return offer.state == Offer.State.ACCEPTED and match.state == Match.State.LIVE and now < offer.undo_until and not seen


def undo_ends(matches, *, now) -> dict:
    """{lead id: until when the accept of this pro's match may be undone}, of those of `matches` where it may. One query, none without."""
    unopened = [
        match for match in matches if match.lead_type != LeadType.AUTOMATCH and match.state == Match.State.LIVE and not match.opened_at
    ]
    if not unopened:
        return {}
    accepted = Offer.objects.filter(pro=unopened[0].pro_id, lead__in=[match.lead_id for match in unopened])
    return dict(accepted.filter(state=Offer.State.ACCEPTED, undo_until__gt=now).order_by().values_list("lead_id", "undo_until"))


def line_of(match) -> Line:
    """The line of a match. Raises LineClosed for one that never had any."""
    if match.line is None:
        raise LineClosed
    return match.line


def seats_for(lead) -> list:
    """Who has the homeowner's details, or had them: the matches of the lead's group by slot, with the pros and what was revealed to them
    (`shown`); those without a slot, who were replaced or gave it back, come last. One query."""
    revealed = Reveal.objects.filter(match=OuterRef("pk")).values("what")
    seats = Match.objects.filter(group_id=lead.group_id).annotate(shown=ArraySubquery(revealed))
    return list(seats.select_related("pro", "line__number").order_by(F("slot").asc(nulls_last=True), "at"))


def seat_of(lead, match_id) -> Match:
    """One seat of this request. Raises NotFound for a missing one and for another request's alike."""
    seat = Match.objects.filter(lead=lead, pk=match_id).exclude(state=Match.State.UNDONE).select_related("pro", "line__pro").first()
    if seat is None:
        raise NotFound
    seat.lead = lead
    return seat


def asked_for(lead) -> list[Offer]:
    """The pros the homeowner picked that have a seat held for them and have not answered, with the pros, by slot."""
    if not lead.chosen_at:
        return []
    return list(Offer.objects.filter(lead=lead, slot__isnull=False).select_related("pro").order_by("slot"))


def names_told(lead) -> list:
    """The names appended to the lead's consent, in the order in which the homeowner was told of them."""
    return list(ConsentName.objects.filter(consent__lead=lead).order_by("at", "pk"))


def picks_agreed(lead) -> list[PickConsent]:
    """The words by which the homeowner let the pros it picked contact it, one for each choice."""
    return list(PickConsent.objects.filter(consent__lead=lead))


def lead_sent_as(submit_key) -> Lead | None:
    """The lead that was submitted with this key, if any: a form that was sent is not sent again."""
    return Lead.objects.filter(submit_key=submit_key).first() if submit_key else None


def seats_taken(groups) -> dict:
    """{group id: number of taken seats} for an inbox, in one query."""
    rows = Match.objects.filter(group_id__in=set(groups), slot__isnull=False).values("group_id").annotate(taken=Count("id"))
    return {row["group_id"]: row["taken"] for row in rows}
