"""Reading leads and matches. Screens ask `*_for(viewer)` queries: what a pro may see of a lead is decided here (DESIGN rule 6)."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef

from contact.lines import LineClosed
from contact.models import Line
from core.errors import NotFound
from leads.models import ConsentName, Lead, Match, Offer, PickConsent
from leads.showing import Reveal


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
    return open_now.select_related("lead__service", "lead__guide", "terms").order_by("expires_at", "pk")


def offer_for(pro, offer_id) -> Offer:
    """One offer of the pro. Raises NotFound for a missing and for another's alike."""
    offer = Offer.objects.filter(pro=pro, pk=offer_id).select_related("pro", "lead__service", "lead__guide", "terms").first()
    if offer is None:
        raise NotFound
    return offer


def line_of(match) -> Line:
    """The line of a match. Raises LineClosed for one that never had any."""
    if match.line is None:
        raise LineClosed
    return match.line


def seats_for(lead) -> list:
    """Who has the homeowner's details, or had them: the matches of the lead's group by slot, with the pros and what was revealed to them
    (`shown`); those without a slot, whom the homeowner replaced, come last. One query."""
    revealed = Reveal.objects.filter(match=OuterRef("pk")).values("what")
    seats = Match.objects.filter(group_id=lead.group_id).exclude(state=Match.State.UNDONE).annotate(shown=ArraySubquery(revealed))
    return list(seats.select_related("pro", "line__number").order_by(F("slot").asc(nulls_last=True), "at"))


def seat_of(lead, match_id) -> Match:
    """One seat of this request. Raises NotFound for a missing one and for another request's alike."""
    seat = Match.objects.filter(lead=lead, pk=match_id).exclude(state=Match.State.UNDONE).select_related("pro", "line__pro").first()
    if seat is None:
        raise NotFound
    seat.lead = lead
    return seat


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
