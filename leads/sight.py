"""What a pro is shown of one of its leads (DESIGN rule 6); the inbox is leads.inbox.

Shown are the job with its photos, the first name with an initial, and the ZIP; never a phone number, an e-mail address, a street or a last
name, but those that the homeowner revealed to this pro (INVARIANTS 22). The only other number is the masked one. Of a lead that the
homeowner or a credit closed nothing is shown but its type, its dates and its price.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.guide import UNSURE
from contact.policy import Contact
from contact.queries import Story, story
from core.policy import read
from leads.calling import CallCard, Face, card_of, face_of
from leads.explaining import PriceRow, Why, why_me, why_this_price
from leads.hiring import decision_for
from leads.masking import nameless
from leads.models import Lead, Match
from leads.photos import photos_for
from leads.revealing import revealed_to

OWNERSHIP = {
    Lead.Ownership.OWNER: gettext_lazy("Owns the home"),
    Lead.Ownership.RENTER_APPROVED: gettext_lazy("Rents, and the owner agreed"),
}


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
    phone_confirmed: bool


@dataclass(frozen=True)
class Sheet:
    """One match as its pro sees it. Once it is closed to the pro, `state` says by what, and `job`, `why`, `face`, `card` and `story` are
    None. `seats` are "me", "other" or "free"; follow-up calls count until `week_until`. `revealed` is what the homeowner shows this pro
    ({"phone", "address"}), `decision` whom it hired, as this pro may know it: "you", "another", "nobody", or "" for nothing said yet."""

    id: uuid.UUID
    code: str
    lead_type: str
    state: str
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
    progress: str
    progress_name: str
    face: Face | None = None
    card: CallCard | None = None
    story: Story | None = None
    week_until: datetime | None = None
    photos: tuple = ()
    revealed: dict = field(default_factory=dict)
    decision: str = ""
    warned_at: datetime | None = None

    @property
    def taken(self) -> int:
        return sum(seat != "free" for seat in self.seats)

    @property
    def steps_done(self) -> int:
        return self.story.steps_done

    @property
    def is_finished(self) -> bool:
        """The pro says that there is nothing more to do, and no discount is to be had: a call is not what comes next."""
        done = self.progress in (Match.Progress.WON, Match.Progress.LOST, Match.Progress.ARCHIVED)
        return done and not (self.face and self.face.is_open)

    @property
    def slot(self) -> int:
        """The number of the pro's own seat; 0 when it has none any more."""
        return self.seats.index("me") + 1 if "me" in self.seats else 0


def sheet_of(match, *, accepted_at: datetime | None = None, now: datetime) -> Sheet:
    """All a pro is shown of one of its own matches (`leads.queries.match_for`). Five queries: the seats, the calls and their
    legs, the photos, what was revealed.
    `accepted_at` is when a provider first took a notice of the lead."""
    live = match.state == Match.State.LIVE
    charge, service = match.charge, match.lead.service.name if live else ""
    face = face_of(match, now=now) if live else None
    told = story(match.line) if face else None
    prices = (
        why_this_price(charge, service=service, lead_type=match.lead_type, clock=face.state if face and face.percent else "")
        if charge
        else []
    )
    return Sheet(
        id=match.pk,
        code=match.code,
        lead_type=match.lead_type,
        state=match.state,
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
        progress=match.progress,
        progress_name=match.get_progress_display(),
        face=face,
        card=card_of(match, face, told, accepted_at=accepted_at, now=now) if face else None,
        story=told,
        week_until=match.line.opened_at + timedelta(days=read(Contact).follow_up_days) if face else None,
        photos=tuple(photos_for(match)),
        revealed=revealed_to(match),
        decision=decision_for(match),
        warned_at=match.warned_at if told and not told.attempts and not told.two_way_at else None,
    )


def names_of(pro, match_ids) -> dict:
    """{match id: (label, code, lead type, whether the pro gave it back)} for a statement. The label is the service; of a lead that is
    closed to the pro, how it was closed. No homeowner is named in the books."""
    rows = Match.objects.filter(pro=pro, pk__in=list(match_ids)).select_related("lead__service")
    return {match.pk: (_label(match), match.code, match.lead_type, match.state == Match.State.UNDONE) for match in rows}


def _label(match) -> str:
    return match.lead.service.name if match.state == Match.State.LIVE else match.get_state_display()


def _job(lead) -> Job:
    return Job(
        service=lead.service.name,
        name=lead.homeowner.short_name,
        place=f"{lead.place}, {lead.region} {lead.zip}",
        description=nameless(lead.description, lead.homeowner),
        answers=answers_of(lead),
        timing=lead.get_timing_display(),
        ownership=OWNERSHIP[lead.ownership],
        reach=lead.get_reach_display(),
        estimate=lead.estimate,
        low=lead.estimate_low,
        high=lead.estimate_high,
        reasons=lead.estimate_reasons,
        submitted_at=lead.submitted_at,
        phone_confirmed=lead.phone_confirmed_at is not None,
    )


def answers_of(lead) -> list:
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
