"""Time passes in a marketplace as it does on a running site: leads are looked at, entitlements folded, messages delivered, clocks run.

Two things are left out, for they would take longer than all the rest. Leads that stay open are looked at when they are new, when they
close, and at the end, not every hour. And lines are looked at when something happens on them, and at the end: the clocks are the same,
only the reminders of weeks ago were not sent.
"""

from datetime import datetime, timedelta

from contact import tasks
from core.tenancy import scope
from credits.tasks import look_due
from leads import matching
from leads.models import Lead
from leads.tasks import fold_all
from notifications import delivery

LOOK = timedelta(seconds=3)  # after a lead was due: the sweep comes every five seconds
MOMENT = timedelta(seconds=8)  # in which a new lead is looked at and its messages have left


def pass_time(marketplace, *, until: datetime) -> None:
    """Look at each new lead once, close those whose time is up, each at its own instant; then send what is due."""
    with scope(marketplace):
        new = [(lead.submitted_at + LOOK, lead.pk) for lead in Lead.objects.filter(state=Lead.State.NEW)]
        ended = Lead.objects.filter(state=Lead.State.OPEN, closes_at__lte=until - LOOK)
        looks = sorted(new + [(lead.closes_at + LOOK, lead.pk) for lead in ended])
        for at, lead_id in looks:
            matching.route(lead_id=lead_id, now=at)
    if looks:
        fold_all(marketplace)
    delivery.deliver_due(marketplace, now=until)


def catch_up(marketplace, *, now: datetime) -> None:
    """Look at every open lead, and deliver and confirm whatever is due."""
    pass_time(marketplace, until=now)
    with scope(marketplace):
        for lead in Lead.objects.filter(state=Lead.State.OPEN):
            matching.route(lead_id=lead.pk, now=now)
    fold_all(marketplace)
    delivery.drain(marketplace, now=now)
    tasks.look(marketplace, now=now)
    look_due(marketplace, now=now)
