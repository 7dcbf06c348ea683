"""The homeowner stops one pro, or all contact (RULES 26): nothing more is sent, seats close, pros see only that the homeowner withdrew.

Whoever is stopped reads the same sentence, alone or with all others: it does not learn which of the two it was.
"""

from django.utils.translation import gettext_lazy as _

from accounts.seat_counters import lock_waiting
from contact import lines
from contact.tasks import ask
from core import events
from core.doorbell import ring
from core.tenancy import current_id
from leads import draw, messages, offering, open_work
from leads.lifecycle import change, lock
from leads.models import Lead, Match

SENTENCE = _(
    "The homeowner withdrew this request. Their details are closed, and the seat is not sold again. "
    "Who called in vain, or still had time to call, gets the money back."
)


def stop_all_contact(lead, *, now) -> None:
    """End every live seat of this request, close its lines and withdraw it. Doing it twice changes nothing. The money is not moved
    here: credits.stopping does both.

    Another request of the same duplicate group goes on: whoever knows a phone number could otherwise send a request with it and
    stop its owner's pros. Each request has a page of its own with a stop of its own.
    """
    lead = lock(lead.pk)
    if lead.withdrawn_at:
        return
    hold_pros(lead)
    seats = Match.objects.filter(lead=lead, state=Match.State.LIVE)
    stopped = list(seats.order_by("pk").select_for_update(no_key=True))
    open_work.ending([match.pk for match in stopped])
    Match.objects.filter(pk__in=[match.pk for match in stopped]).update(state=Match.State.WITHDRAWN, state_at=now)
    columns = {"withdrawn_at": now, "due_at": None}
    if lead.state != Lead.State.CLOSED:
        columns |= {
            "state": Lead.State.CLOSED,
            "outcome": Lead.Outcome.WITHDRAWN,
            "outcome_reason": "stopped_by_homeowner",
            "ended_at": now,
        }
    change(lead, now, **columns)
    offers = offering.shut(lead, now=now) if offering.was_offered(lead) else []
    lines.close([match.line_id for match in stopped if match.line_id], reason="withdrawn", now=now)
    ring(ask, current_id())
    events.record("lead.withdrawn", lead.pk, now=now, test=lead.test)
    messages.withdrawn(lead, stopped, offers, now=now)


def hold_pros(lead) -> None:
    """Lock the pros that have a seat and those who wait for the draw, all in one order: of both something is taken back. The caller holds
    the lead."""
    live = Match.objects.filter(lead=lead, state=Match.State.LIVE).order_by().values_list("pro_id", flat=True)
    lock_waiting({offer.pro_id for offer in draw.entrants(lead)} | set(live))


def stop_one(match, *, now) -> None:
    """End this live seat and close its line; the other pros go on, and the seat stays taken. The money is not moved here: credits.stopping
    does both. The caller holds the lead, and the state of the pro."""
    open_work.ending([match.pk])
    Match.objects.filter(pk=match.pk, state=Match.State.LIVE).update(state=Match.State.WITHDRAWN, state_at=now)
    if match.line_id:
        lines.close([match.line_id], reason="withdrawn", now=now)
        ring(ask, current_id())
    events.record("lead.pro_stopped", match.lead_id, now=now, test=match.test, match=str(match.pk))
    messages.stopped(match, now=now)
