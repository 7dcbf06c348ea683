"""Whose request nobody could take may wait on a list: when a pro can, the homeowner is told and sends it again with one tap.

Nothing is sent to anybody without that tap: consent is given anew, and the new request is a lead like any other.
"""

import logging
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from billing.pricing import NoPrice
from core import events, sql
from core.errors import Refusal
from core.policy import read
from leads import intake, matching, messages
from leads.models import Lead, LeadType
from leads.policy import InCharge, Leads

BATCH = 100
log = logging.getLogger(__name__)


class NothingToWaitFor(Refusal):
    code = "nothing_to_wait_for"
    sentence = _("Only a request that nobody took can wait on the list.")
    status = 409


def can_wait(lead) -> bool:
    """Whether this request ended with nobody, though it was wanted to the end."""
    ended = lead.state == Lead.State.CLOSED and lead.outcome == Lead.Outcome.UNFILLED
    return ended and not lead.withdrawn_at and not lead.hired


def wait(lead, *, now: datetime) -> None:
    """Put the request on the list, for as many days as the policy says. Done twice, it changes nothing. Raises NothingToWaitFor."""
    lead = matching.lock(lead.pk)
    if not can_wait(lead):
        raise NothingToWaitFor
    if lead.waiting_until and now < lead.waiting_until:
        return
    until = now + timedelta(days=read(InCharge).waiting_days)
    sql.update(lead, waiting_until=until, waiting_due_at=now, able_at=None)
    events.record("lead.waiting", lead.pk, now=now, test=lead.test, until=until.isoformat())


def leave(lead, *, now: datetime) -> None:
    """Take the request off the list."""
    lead = matching.lock(lead.pk)
    if lead.waiting_until is not None:
        sql.update(lead, waiting_until=None, waiting_due_at=None, able_at=None)
        events.record("lead.left_list", lead.pk, now=now, test=lead.test)


def look_due(*, now: datetime) -> int:
    """See for the waiting requests that are due whether somebody could take them now; returns how many were looked at, at most BATCH.
    Each is looked at once an hour, until its days are over or there is somebody: then the homeowner is told, once."""
    due = Lead.objects.filter(waiting_due_at__lte=now).order_by("waiting_due_at", "pk")
    locked = due.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("service", "homeowner", "consent")
    leads = list(locked[:BATCH])
    next_at = now + timedelta(seconds=read(InCharge).waiting_look)
    for lead in leads:
        if not can_wait(lead) or now >= lead.waiting_until:
            sql.update(lead, waiting_due_at=None)
        elif somebody_can(lead, now=now):
            sql.update(lead, waiting_due_at=None, able_at=now)
            events.record("lead.somebody_can", lead.pk, now=now, test=lead.test)
            messages.somebody_can(lead, now=now)
        else:
            sql.update(lead, waiting_due_at=min(next_at, lead.waiting_until))
    return len(leads)


def somebody_can(lead, *, now: datetime) -> bool:
    """Whether at least one pro would be eligible for this request, were it sent at `now`. Decides nothing and keeps nothing."""
    policy = read(Leads)
    kind, asked = (LeadType.AUTOMATCH, None) if policy.automatch else (LeadType.OPT_IN, frozenset())
    try:
        situation = matching.situate(lead, matching.seats_of(lead), lead_type=kind, policy=policy, now=now, asked=asked)
    except NoPrice:
        return False
    return bool(situation.free) and bool(matching.look(situation, whole=True).decided.eligible)


def send_again(lead, *, agreed_sms: bool, now: datetime, page="", ip=None) -> Lead:
    """The same request anew, with the consent given by this tap. Sent twice, it is one request: it answers with the first.

    Raises NothingToWaitFor for one that was not unfilled, and what leads.intake.submit raises.
    """
    lead = matching.lock(lead.pk)
    if not can_wait(lead):
        raise NothingToWaitFor
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
        answers=intake.guides.fill(_questions(lead, now), lead.answers),
        timing=lead.timing,
        ownership=lead.ownership,
        reach=lead.reach,
        different_job=lead.different_job,
        way=lead.way if read(Leads).choice else Lead.Way.MATCH,
        then_automatch=lead.way == Lead.Way.CHOOSE and lead.automatch_from is not None,
        agreed=True,
        agreed_sms=agreed_sms,
    )
    key = f"again:{lead.pk}"
    new = intake.submit(answers, submit_key=key, now=now, page=page, ip=ip, source="waiting", test=lead.test).lead
    sql.update(lead, waiting_until=None, waiting_due_at=None, able_at=None)
    return new


def _questions(lead, now) -> list:
    """The questions that are asked today: a newer guide may ask others than then."""
    guide = intake.guide_of(lead.service, now=now)
    return guide.questions if guide else []
