"""The homeowner corrects what it said about the job, as long as nobody has bought a seat (RULES 4).

The estimate is made anew from the same version of the guide; offers show the new price and refuse the old one (leads.offers). Decisions
that were made stay as they were.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from billing import terms
from billing.pricing import quote
from catalog import guide as guides
from core import events, sql
from core.errors import Refusal
from core.languages import ENGLISH
from leads import lifecycle
from leads.intake import described, figures
from leads.models import Lead, Match
from leads.sight import said


class SeatSold(Refusal):
    code = "seat_sold"
    sentence = _("A pro has your request already, for the job as you described it. Tell the pros what is different when they call.")
    status = 409


class RequestClosed(Refusal):
    code = "request_closed"
    sentence = _("This request is closed. Send a new one.")
    status = 409


@dataclass(frozen=True)
class Job:
    """What can be corrected. `answers` are those of the service's questions, all of them."""

    description: str = ""
    answers: dict = field(default_factory=dict)
    timing: str = Lead.Timing.WEEK
    reach: str = Lead.Reach.ANY


def objection(lead) -> Refusal | None:
    """Why this request cannot be corrected any more; None while it can."""
    if lead.state == Lead.State.CLOSED:
        return RequestClosed()
    return SeatSold() if Match.objects.filter(lead=lead).exists() else None


def correct(lead, job: Job, *, now: datetime) -> bool:
    """Keep the corrected job with its new estimate, and look for pros again; returns whether anything is different.

    Raises SeatSold when the first seat came in between, RequestClosed, BadAnswers, NoPrice.
    """
    lead = lifecycle.lock(lead.pk)
    if refusal := objection(lead):
        raise refusal
    answers = guides.clean(lead.guide.questions, job.answers)
    with translation.override(ENGLISH):  # pros read the reasons
        estimate = guides.estimate(lead.guide, answers)
    quote(terms.in_force(now), lead.service.code, estimate.typical)
    new = {
        "description": described(job.description),
        "answers": answers,
        "timing": Lead.Timing(job.timing).value,
        "reach": Lead.Reach(job.reach).value,
    }
    with translation.override(ENGLISH):  # staff read the changes
        changes = _in_words(lead, new)
    if not changes:
        return False
    before = lead.estimate
    Lead.objects.filter(pk=lead.pk).update(**new, **figures(estimate))
    events.record("lead.corrected", lead.pk, now=now, test=lead.test, changes=changes, estimate=[before, estimate.typical])
    if lead.routed_at:
        sql.update(lead, due_at=min(now, lead.due_at or now))
    return True


def _in_words(lead, new) -> list:
    """[what, before, after] of everything that is different. Of the homeowner's own words only that they are: an event is never erased,
    and words may say who somebody is (INVARIANTS 36)."""
    rows = [
        [question["text"], said(question, lead.answers.get(question["code"])), said(question, new["answers"].get(question["code"]))]
        for question in lead.guide.questions
    ]
    rows.append([_now("When"), lead.get_timing_display(), str(Lead.Timing(new["timing"]).label)])
    rows.append([_now("Reach"), lead.get_reach_display(), str(Lead.Reach(new["reach"]).label)])
    changes = [row for row in rows if row[1] != row[2]]
    return changes + [[_now("Your words"), "", ""]] * (lead.description != new["description"])
