"""A request that nobody took is sent once more, with one tap: the same answers, consent given anew, a lead like any other."""

from datetime import datetime

from catalog import guide as guides
from catalog.queries import guide_of
from core import sql
from core.policy import read
from leads import intake, lifecycle, waiting
from leads.models import Lead
from leads.policy import Leads


def send_again(lead, *, agreed_sms: bool, now: datetime, page="", ip=None) -> Lead:
    """The same request anew, with the consent given by this tap. Sent twice, it is one request: it answers with the first.

    Raises waiting.NothingToWaitFor for one that was not unfilled, and what leads.intake.submit raises.
    """
    if not waiting.can_wait(lead):
        raise waiting.NothingToWaitFor
    person = lead.homeowner
    answers = intake.Answers(
        service=lead.service.code,
        zip=lead.zip,
        name=person.name,
        phone=person.phone,
        email=person.email,
        street=person.street,
        unit=person.unit,
        description=lead.description,
        answers=guides.fill(_questions(lead, now), lead.answers),
        timing=lead.timing,
        ownership=lead.ownership,
        reach=lead.reach,
        different_job=lead.different_job,
        way=lead.way if read(Leads).choice else Lead.Way.MATCH,
        then_automatch=lead.way == Lead.Way.CHOOSE and lead.automatch_from is not None,
        agreed=True,
        agreed_sms=agreed_sms,
    )
    circumstances = {"page": page, "ip": ip, "source": "waiting", "test": lead.test}
    new = intake.submit(answers, submit_key=waiting.key_of(lead), now=now, **circumstances).lead
    sql.update(lifecycle.lock(lead.pk), waiting_until=None, waiting_due_at=None, able_at=None)
    return new


def _questions(lead, now) -> list:
    """The questions that are asked today: a newer guide may ask others than then."""
    guide = guide_of(lead.service, now=now)
    return guide.questions if guide else []
