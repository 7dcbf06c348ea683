"""The job as pros will see it: on the form's preview, and later on the homeowner's own page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog import guide as guides
from catalog.words import local_guide
from core.languages import ENGLISH, spoken
from leads.models import Lead
from leads.sight import OWNERSHIP, said


@dataclass(frozen=True)
class Estimate:
    """What such a job costs, by the guide. `complete` says that every question was answered."""

    figures: guides.Estimate
    complete: bool


def facts(questions, answers, *, timing, ownership, reach) -> list:
    """[(label, value)] of everything that was answered, in the words pros read."""
    rows = [(question["text"], said(question, answers[question["code"]])) for question in questions if question["code"] in answers]
    chosen = [
        (_("When"), dict(Lead.Timing.choices).get(timing)),
        (_("Owner"), OWNERSHIP.get(ownership)),
        (_("Reach"), dict(Lead.Reach.choices).get(reach)),
    ]
    return rows + [(label, value) for label, value in chosen if value]


def answered(questions, answers) -> dict:
    """Those of `answers` that answer their question."""
    known = {}
    for question in questions:
        try:
            known |= guides.clean([question], {question["code"]: answers.get(question["code"])})
        except guides.BadAnswers:
            continue
    return known


def reasons(lead) -> list:
    """How the estimate was made, as it was kept; in another language said anew from the same guide and answers."""
    if spoken() == ENGLISH:
        return lead.estimate_reasons
    return list(guides.estimate(local_guide(lead.guide), lead.answers).reasons)


def estimate(guide, known) -> Estimate:
    """The estimate from what is known so far; a question that was not answered counts as "I am not sure"."""
    return Estimate(guides.estimate(guide, guides.fill(guide.questions, known)), complete=len(known) == len(guide.questions))
