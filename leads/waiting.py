"""Whose request nobody could take may wait on a list: when a pro can, the homeowner is told, and sends it again (leads.again).

Nothing is sent to anybody without that.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from billing.pricing import NoPrice
from core import events, sql
from core.errors import Refusal
from core.policy import read
from leads import lifecycle, matching, messages
from leads.models import Lead, LeadType
from leads.policy import InCharge, Leads
from leads.seats import seats_of

BATCH = 100


class NothingToWaitFor(Refusal):
    code = "nothing_to_wait_for"
    sentence = _("Only a request that nobody took can wait on the list.")
    status = 409


def can_wait(lead) -> bool:
    """Whether this request ended with nobody, though it was wanted to the end."""
    ended = lead.state == Lead.State.CLOSED and lead.outcome == Lead.Outcome.UNFILLED
    return ended and not lead.withdrawn_at and not lead.hired


def key_of(lead) -> str:
    """The submit key of this request when it is sent again: sent twice, it is one request."""
    return f"again:{lead.pk}"


def sent_again(lead) -> Lead | None:
    """The request that this one became when it was sent again; None while it was not."""
    return Lead.objects.filter(submit_key=key_of(lead)).first()


def wait(lead, *, now: datetime) -> None:
    """Put the request on the list, for as many days as the policy says. Done twice, it changes nothing. Raises NothingToWaitFor."""
    lead = lifecycle.lock(lead.pk)
    if not can_wait(lead) or sent_again(lead):
        raise NothingToWaitFor
    if lead.waiting_until and now < lead.waiting_until:
        return
    until = now + timedelta(days=read(InCharge).waiting_days)
    sql.update(lead, waiting_until=until, waiting_due_at=now, able_at=None)
    events.record("lead.waiting", lead.pk, now=now, test=lead.test, until=until.isoformat())


def leave(lead, *, now: datetime) -> None:
    """Take the request off the list."""
    lead = lifecycle.lock(lead.pk)
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
    kind = LeadType.AUTOMATCH if policy.automatch else LeadType.OPT_IN
    try:
        situation = matching.situate(lead, seats_of(lead), lead_type=kind, policy=policy, now=now, offers=not policy.automatch)
    except NoPrice:
        return False
    return bool(situation.free) and bool(matching.look(situation, whole=True).decided.eligible)
