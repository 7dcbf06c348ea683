"""What a pro is shown of its leads: the rows of its inbox, and one whole lead (DESIGN rule 6).

Shown are the job, the first name with an initial, and the ZIP; never a phone number, an e-mail address, a street or a last name
(INVARIANTS 22). Of a lead whose homeowner withdrew nothing is shown but its type, its dates and its price.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Right
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.contact_data import visible
from billing.statement import how_made
from catalog.guide import UNSURE
from leads import queries
from leads.explaining import PriceRow, Why, why_me, why_this_price
from leads.masking import masked
from leads.models import Lead, LeadType, Match

NEW, OPEN, CLOSED = "new", "open", "closed"
GROUPS = (NEW, OPEN, CLOSED)
ALL = "all"
KINDS = {"automatch": LeadType.AUTOMATCH, "choice-match": LeadType.CHOICE, "opt-in": LeadType.OPT_IN}
SHOWS = (ALL, NEW, *KINDS, CLOSED)
PAGE = 25
LONGEST_SEARCH = 60
CLOSED_DAYS = 7

OWNERSHIP = {
    Lead.Ownership.OWNER: gettext_lazy("Owns the home"),
    Lead.Ownership.RENTER_APPROVED: gettext_lazy("Rents, and the owner agreed"),
}

_LIVE = Q(state=Match.State.LIVE)
_NEW = _LIVE & Q(opened_at=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One match in the inbox. A withdrawn one has no `job`, `name` and `place`."""

    id: uuid.UUID
    group: str
    code: str
    lead_type: str
    at: datetime
    state_at: datetime | None
    price: int
    net: int
    how: str
    taken: int
    test: bool
    job: str = ""
    name: str = ""
    place: str = ""

    @property
    def withdrawn(self) -> bool:
        return self.group == CLOSED


@dataclass(frozen=True)
class Page:
    """Rows in the order of the groups, newest first in each; `after` continues behind the last one, empty at the end."""

    rows: list
    after: str

    def groups(self) -> list:
        """(group, its rows) of this page."""
        return [(group, rows) for group in GROUPS if (rows := [row for row in self.rows if row.group == group])]


@dataclass(frozen=True)
class Job:
    """What is to be done, as every pro with a seat sees it."""

    service: str
    name: str
    place: str
    description: str
    answers: list
    timing: str
    ownership: str
    reach: str
    estimate: int
    low: int
    high: int
    reasons: list
    submitted_at: datetime


@dataclass(frozen=True)
class Sheet:
    """One match as its pro sees it; `job` and `why` are None once the homeowner withdrew. `seats` are "me", "other" or "free"."""

    id: uuid.UUID
    code: str
    lead_type: str
    at: datetime
    opened_at: datetime | None
    state_at: datetime | None
    price: int
    net: int
    prices: list[PriceRow]
    period: int | None
    test: bool
    job: Job | None
    why: Why | None
    seats: list

    @property
    def taken(self) -> int:
        return sum(seat != "free" for seat in self.seats)

    @property
    def slot(self) -> int:
        """The number of the pro's own seat; 0 when it has none any more."""
        return self.seats.index("me") + 1 if "me" in self.seats else 0


def page_of(pro, *, show=ALL, text="", after="", now) -> Page:
    """A page of the pro's inbox. `text` searches job, first name, place, ZIP and identifier; of a withdrawn lead only the identifier."""
    matches = _shown(pro, show, now).select_related("charge__terms")
    if words := search_words(text):
        matches = matches.alias(**_SEEN)
        for word in words:
            matches = matches.filter(_says(word))
    matches = matches.annotate(rank=_RANK).order_by("rank", "-at", "-pk")
    if place := _place(after):
        rank, at, pk = place
        matches = matches.filter(Q(rank__gt=rank) | Q(rank=rank, at__lt=at) | Q(rank=rank, at=at, pk__lt=pk))
    found = list(matches[: PAGE + 1])
    taken = queries.seats_taken(match.group_id for match in found[:PAGE]) if found else {}
    rows = [_row(match, taken.get(match.group_id, 0)) for match in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(rows, f"{last.rank}~{last.at.isoformat()}~{last.pk.hex}" if last else "")


def counts_of(pro, *, now) -> dict[str, int]:
    """How many matches each filter of the inbox shows. One query."""
    kinds = {kind.replace("-", "_"): Count("pk", filter=_LIVE & Q(lead_type=value)) for kind, value in KINDS.items()}
    found = Match.objects.filter(pro=pro).aggregate(
        all=Count("pk", filter=_LIVE | _recent(now)), new=Count("pk", filter=_NEW), closed=Count("pk", filter=~_LIVE), **kinds
    )
    return {show: found[show.replace("-", "_")] for show in SHOWS}


def new_for(pro) -> int:
    """How many matches nobody of the pro has opened yet."""
    return Match.objects.filter(_NEW, pro=pro).count()


def sheet_of(match) -> Sheet:
    """All a pro is shown of one of its own matches (`leads.queries.match_for`). One query: the seats."""
    live = match.state == Match.State.LIVE
    charge, service = match.charge, match.lead.service.name if live else ""
    prices = why_this_price(charge, service=service, lead_type=match.lead_type) if charge else []
    return Sheet(
        id=match.pk,
        code=match.code,
        lead_type=match.lead_type,
        at=match.at,
        opened_at=match.opened_at,
        state_at=match.state_at,
        price=match.price,
        net=charge.net if charge else 0,
        prices=prices,
        period=charge.period if charge else None,
        test=match.test,
        job=_job(match.lead) if live else None,
        why=why_me(match.decision, match.pro_id, match.lead_type) if live else None,
        seats=_seats(match) if live else [],
    )


def names_of(pro, match_ids) -> dict:
    """{match id: (service, code, lead type)} for a statement; a withdrawn lead has an empty service. No homeowner is named in the books."""
    rows = Match.objects.filter(pro=pro, pk__in=list(match_ids)).select_related("lead__service")
    return {match.pk: (match.lead.service.name if match.state == Match.State.LIVE else "", match.code, match.lead_type) for match in rows}


def search_words(text) -> list[str]:
    """What is searched for, at most five words."""
    return visible(text)[:LONGEST_SEARCH].split()[:5]


_RANK = Case(When(_NEW, then=0), When(_LIVE, then=1), default=2, output_field=IntegerField())


def _recent(now):
    return ~_LIVE & Q(state_at__gte=now - timedelta(days=CLOSED_DAYS))


def _shown(pro, show, now):
    matches = queries.matches_for(pro)
    if show == NEW:
        return matches.filter(_NEW)
    if show == CLOSED:
        return matches.exclude(_LIVE)
    if show in KINDS:
        return matches.filter(_LIVE, lead_type=KINDS[show])
    return matches.filter(_LIVE | _recent(now))


def _says(word):
    """Whether a match says `word` where its pro can see it."""
    live = (
        Q(lead__service__name__icontains=word)
        | Q(lead__place__icontains=word)
        | Q(lead__zip__startswith=word)
        | Q(first_name__istartswith=word)
        | Q(initial__iexact=word.removesuffix("."))
    )
    code = word.upper().removeprefix("AM-").removeprefix("CM-").removeprefix("OI-")
    return _LIVE & live | Q(end_of_id__iexact=code)


_SEEN = {
    "first_name": Func(F("lead__homeowner__name"), Value(" "), Value(1), function="split_part", output_field=CharField()),
    "initial": Func(F("lead__homeowner__name"), Value(r"\s(\S)\S*$"), function="substring", output_field=CharField()),
    "end_of_id": Right(Cast("pk", CharField()), 6),
}


def _place(after):
    """The cursor's (rank, instant, id), or None for anything that is no cursor."""
    try:
        rank, at, pk = after.split("~")
        at = datetime.fromisoformat(at)
        return (int(rank[:1]), at, uuid.UUID(pk)) if at.utcoffset() == timedelta(0) else None  # as page_of wrote it
    except (ValueError, AttributeError):
        return None


def _row(match, taken) -> Row:
    charge, live = match.charge, match.state == Match.State.LIVE
    group = (NEW if match.opened_at is None else OPEN) if live else CLOSED
    return Row(
        id=match.pk,
        group=group,
        code=match.code,
        lead_type=match.lead_type,
        at=match.at,
        state_at=match.state_at,
        price=match.price,
        net=charge.net if charge else 0,
        how=how_made(charge) if charge and charge.basis.get("pricing") == "percent" else "",
        taken=taken,
        test=match.test,
        job=match.lead.service.name if live else "",
        name=match.lead.homeowner.short_name if live else "",
        place=f"{match.lead.place} {match.lead.zip}" if live else "",
    )


def _job(lead) -> Job:
    return Job(
        service=lead.service.name,
        name=lead.homeowner.short_name,
        place=f"{lead.place}, {lead.region} {lead.zip}",
        description=masked(lead.description).text,
        answers=_answers(lead),
        timing=lead.get_timing_display(),
        ownership=OWNERSHIP[lead.ownership],
        reach=lead.get_reach_display(),
        estimate=lead.estimate,
        low=lead.estimate_low,
        high=lead.estimate_high,
        reasons=lead.estimate_reasons,
        submitted_at=lead.submitted_at,
    )


def _answers(lead) -> list:
    """(question, answer) in the words of the guide the homeowner answered."""
    return [(question["text"], said(question, lead.answers.get(question["code"]))) for question in lead.guide.questions]


def said(question, answer) -> str:
    """An answer in words: the option's label, or the number with its unit."""
    if answer in (UNSURE, None, ""):
        return _("Not sure")
    if question["kind"] == "number":
        one, many = question.get("unit", ("", ""))
        return f"{answer:,} {one if answer == 1 else many}".strip()
    return next((option["label"] for option in question["options"] if option["code"] == answer), str(answer))


def _seats(match) -> list:
    """The seats of the lead's group in their order."""
    slots = dict(Match.objects.filter(group_id=match.group_id, slot__isnull=False).values_list("slot", "pro_id"))
    who = {None: "free", match.pro_id: "me"}
    return [who.get(slots.get(slot), "other") for slot in range(1, max([match.lead.seats, *slots]) + 1)]
