"""The inbox of a pro: its leads in groups by what to do, each row with the clock as it stands (RULES 22, 25; DESIGN rule 6).

A lead stands in the first group that it fits, so one CASE of the match and its line ranks them all, and the rank is part of the cursor:

0. **Call now**: live, the number and the PIN work, the homeowner has a phone, and the first call can still be in time: the clock runs, or
   starts as soon as the notice arrives or the lead is opened, and nothing has earned it. Calls that did not count change nothing, and so
   does what the pro says of it, unless it says won or lost.
1. **Call later**: the same, but the clock starts with the homeowner's hours, and they have not come.
2. **Follow up**: every other live lead that is not quoted, won or lost.
3. **Quoted and waiting**: live, and the pro says that it is quoted.
4. **Closed**: won or lost, or closed by the homeowner or a credit; under "All" for seven days.

What the pro archived stands in none of them but under its own filter. Within a group the newest comes first. A lead whose clock ends while
somebody turns the pages moves back and may be seen twice.

Shown are the job, the first name with an initial, and the ZIP (leads.sight). Of a lead that is closed to the pro nothing is shown but its
type, its dates and its price.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, CharField, Count, F, Func, IntegerField, Q, Value, When
from django.db.models.functions import Cast, Right

from accounts.contact_data import visible
from billing.statement import how_made
from contact.follow_up import Step
from contact.policy import Contact
from contact.queries import stories
from core.policy import read
from leads import queries
from leads.calling import EARNED, Face, face_of
from leads.models import LeadType, Match

CALL, LATER, FOLLOW, QUOTED, CLOSED, ARCHIVED = "call", "later", "follow-up", "quoted", "closed", "archived"
GROUPS = (CALL, LATER, FOLLOW, QUOTED, CLOSED, ARCHIVED)
ALL, NEW = "all", "new"
KINDS = {"automatch": LeadType.AUTOMATCH, "choice-match": LeadType.CHOICE, "opt-in": LeadType.OPT_IN}
SHOWS = (ALL, NEW, FOLLOW, *KINDS, CLOSED, ARCHIVED)
PAGE = 25
LONGEST_SEARCH = 60
CLOSED_DAYS = 7
CLOSED_BY = {
    Match.State.WITHDRAWN: "homeowner",
    Match.State.CREDITED: "credit",
    Match.State.UNDONE: "undo",
    Match.State.REPLACED: "replacement",
}

_LIVE = Q(state=Match.State.LIVE)
_ARCHIVED = Q(progress=Match.Progress.ARCHIVED)
_FINISHED = Q(progress__in=[Match.Progress.WON, Match.Progress.LOST])
_OPEN = _LIVE & ~_ARCHIVED & ~_FINISHED
_CLOSED = ~_ARCHIVED & (~_LIVE | _FINISHED)
_NEW = _OPEN & Q(opened_at=None)


@dataclass(frozen=True, slots=True)
class Row:
    """One match in the inbox. One that is closed to the pro by one of CLOSED_BY (`closed_by`) has no `job`, `name` and `place`. `face` is
    its clock, None where nothing is to be said of it; `dial` is for a `tel:` link of a lead to call now. `week` is how far Follow Up That
    Week of a lead to follow up has come, None when the week is over without it. `claim_by` is said by credits.
    Whose accept may still be undone says until when (`undo_until`)."""

    id: uuid.UUID
    group: str
    code: str
    lead_type: str
    at: datetime
    opened_at: datetime | None
    state_at: datetime | None
    progress: str
    progress_name: str
    won_amount: int | None
    price: int
    net: int
    how: str
    taken: int
    seats: int
    test: bool
    closed_by: str = ""
    face: Face | None = None
    dial: str = ""
    job: str = ""
    name: str = ""
    place: str = ""
    week: Step | None = None
    claim_by: datetime | None = None
    undo_until: datetime | None = None

    @property
    def is_new(self) -> bool:
        return not self.closed_by and self.opened_at is None

    @property
    def next_call(self) -> int:
        """Which call of the week is the next, 0 when all are done or none is due."""
        return self.week.done + 1 if self.week and not self.week.is_done else 0

    @property
    def may_earn(self) -> bool:
        """A call can still take the discount off."""
        return self.group in (CALL, LATER) and bool(self.face.percent)

    @property
    def earned(self) -> bool:
        return bool(self.face and self.face.state == EARNED and self.face.percent)


@dataclass(frozen=True)
class Page:
    """Rows in the order of the groups, newest first in each; `after` continues behind the last one, empty at the end."""

    rows: list
    after: str

    def groups(self) -> list:
        """(group, its rows) of this page."""
        return [(group, rows) for group in GROUPS if (rows := [row for row in self.rows if row.group == group])]


def page_of(pro, *, show=ALL, text="", after="", now) -> Page:
    """A page of the pro's inbox. `text` searches job, first name, place, ZIP and identifier; of a lead that is closed to the pro only
    the identifier. Two queries, two more for what was called on leads to follow up, one for accepts that may be undone."""
    matches = _shown(pro, show, now).select_related("charge__terms", "terms", "line__number")
    if words := search_words(text):
        matches = matches.alias(**_SEEN)
        for word in words:
            matches = matches.filter(_says(word))
    matches = matches.annotate(rank=_rank(now)).order_by("rank", "-at", "-pk")
    if place := _place(after):
        rank, at, pk = place
        matches = matches.filter(Q(rank__gt=rank) | Q(rank=rank, at__lt=at) | Q(rank=rank, at=at, pk__lt=pk))
    found = list(matches[: PAGE + 1])
    taken = queries.seats_taken(match.group_id for match in found[:PAGE]) if found else {}
    weeks = _weeks([match for match in found[:PAGE] if GROUPS[match.rank] == FOLLOW and match.line], pro, now)
    undo = queries.undo_ends(found[:PAGE], now=now)
    rows = [_row(match, taken.get(match.group_id, 0), weeks.get(match.pk), undo.get(match.lead_id), now) for match in found[:PAGE]]
    last = found[PAGE - 1] if len(found) > PAGE else None
    return Page(rows, f"{last.rank}~{last.at.isoformat()}~{last.pk.hex}" if last else "")


def counts_of(pro, *, now) -> dict[str, int]:
    """How many matches each filter of the inbox shows. One query."""
    kinds = {kind: _LIVE & ~_ARCHIVED & Q(lead_type=value) for kind, value in KINDS.items()}
    shows = {ALL: _OPEN | _recent(now), NEW: _NEW, FOLLOW: _follow(now), CLOSED: _CLOSED, ARCHIVED: _ARCHIVED, **kinds}
    counted = {show.replace("-", "_"): Count("pk", filter=which) for show, which in shows.items()}
    found = Match.objects.filter(pro=pro).aggregate(**counted)
    return {show: found[show.replace("-", "_")] for show in SHOWS}


def new_for(pro) -> int:
    """How many matches nobody of the pro has opened yet."""
    return Match.objects.filter(_NEW, pro=pro).count()


def search_words(text) -> list[str]:
    """What is searched for, at most five words."""
    return visible(text)[:LONGEST_SEARCH].split()[:5]


def _in_time(now):
    """Whether the first call can still be in time: those of the groups "Call now" and "Call later"."""
    running = Q(line__clock_ends_at=None) | Q(line__clock_ends_at__gte=now)
    reached = Q(line__closed_at=None, line__expires_at__gt=now, line__earned_at=None) & ~Q(lead__homeowner__phone="")
    return _OPEN & Q(line__isnull=False) & running & reached


def _follow(now):
    return _OPEN & ~Q(progress=Match.Progress.QUOTED) & ~_in_time(now)


def _rank(now):
    ranks = (
        When(_ARCHIVED, then=GROUPS.index(ARCHIVED)),
        When(_CLOSED, then=GROUPS.index(CLOSED)),
        When(_in_time(now) & Q(line__clock_starts_at__gt=now), then=GROUPS.index(LATER)),
        When(_in_time(now), then=GROUPS.index(CALL)),
        When(progress=Match.Progress.QUOTED, then=GROUPS.index(QUOTED)),
    )
    return Case(*ranks, default=GROUPS.index(FOLLOW), output_field=IntegerField())


def _recent(now):
    since = now - timedelta(days=CLOSED_DAYS)
    return _CLOSED & (~_LIVE & Q(state_at__gte=since) | _LIVE & Q(progress_at__gte=since))


def _shown(pro, show, now):
    matches = queries.matches_for(pro)
    if show == NEW:
        return matches.filter(_NEW)
    if show == FOLLOW:
        return matches.filter(_follow(now))
    if show == CLOSED:
        return matches.filter(_CLOSED)
    if show == ARCHIVED:
        return matches.filter(_ARCHIVED)
    if show in KINDS:
        return matches.filter(_LIVE & ~_ARCHIVED, lead_type=KINDS[show])
    return matches.filter(_OPEN | _recent(now))


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


def _weeks(matches, pro, now) -> dict:
    """{match id: its Follow Up That Week}, of a homeowner who can be called; without those whose week has ended undone."""
    lines = [match.line for match in matches if match.lead.homeowner.phone and match.line.is_live]
    for line in lines:
        line.pro = pro
    lasts = timedelta(days=read(Contact).follow_up_days)
    told = stories(lines) if lines else {}
    weeks = {line.pk: told[line.pk].steps[1] for line in lines}
    return {line.pk: weeks[line.pk] for line in lines if weeks[line.pk].is_done or now <= line.opened_at + lasts}


def _row(match, taken, week, undo_until, now) -> Row:
    charge, live, group = match.charge, match.state == Match.State.LIVE, GROUPS[match.rank]
    line = match.line
    return Row(
        id=match.pk,
        group=group,
        code=match.code,
        lead_type=match.lead_type,
        at=match.at,
        opened_at=match.opened_at,
        state_at=match.state_at,
        progress=match.progress,
        progress_name=match.get_progress_display(),
        won_amount=match.won_amount,
        price=match.price,
        net=charge.net if charge else 0,
        how=how_made(charge) if charge and charge.basis.get("pricing") == "percent" else "",
        taken=taken,
        seats=match.lead.seats,
        test=match.test,
        closed_by=CLOSED_BY.get(match.state, ""),
        face=face_of(match, now=now) if live else None,
        dial=f"{line.number.number},,{line.pin}" if group == CALL else "",
        job=match.lead.service.name if live else "",
        name=match.lead.homeowner.short_name if live else "",
        place=f"{match.lead.place} {match.lead.zip}" if live else "",
        week=week,
        undo_until=undo_until,
    )
