"""The homeowner stops all contact (RULES 26): nothing more is sent, seats close, pros see only that the homeowner withdrew."""

from django.utils.translation import gettext_lazy as _

from core import events
from leads import messages
from leads.matching import change
from leads.models import Lead, Match

SENTENCE = _("The homeowner withdrew this request. Their details are closed to every pro. The seat stays paid and is not sold again.")


def stop_all_contact(lead, *, now) -> None:
    """End every live seat of the lead's duplicate group and withdraw its leads. Doing it twice changes nothing."""
    leads = list(Lead.objects.filter(group_id=lead.group_id).order_by("pk").select_for_update(no_key=True, of=("self",)))
    stopped = list(
        Match.objects.filter(group_id=lead.group_id, state=Match.State.LIVE).order_by("pk").select_for_update(no_key=True)
    )
    Match.objects.filter(pk__in=[match.pk for match in stopped]).update(state=Match.State.WITHDRAWN, state_at=now)
    for each in leads:
        if each.withdrawn_at is None:
            _withdraw(each, now)
    messages.withdrawn(lead, stopped, leads, now=now)


def _withdraw(lead, now):
    columns = {"withdrawn_at": now, "due_at": None}
    if lead.state != Lead.State.CLOSED:
        columns |= {
            "state": Lead.State.CLOSED,
            "outcome": Lead.Outcome.WITHDRAWN,
            "outcome_reason": "stopped_by_homeowner",
            "ended_at": now,
        }
    change(lead, now, **columns)
    events.record("lead.withdrawn", lead.pk, now=now, test=lead.test)
