"""The homeowner shows one pro its own number, or its address: one tap, kept, told to that pro, and seen by nobody else (RULES 19,
INVARIANTS 22). Whoever is stopped, replaced or credited sees it no more."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from core import events
from core.errors import Refusal
from leads import lifecycle, messages
from leads.models import Match, Reveal


class NothingToShow(Refusal):
    code = "nothing_to_show"
    sentence = _("You did not give this with your request, so there is nothing to show.")
    status = 409


class ProClosed(Refusal):
    code = "pro_closed"
    sentence = _("Your details are closed to this pro. It gets nothing more.")
    status = 409


def said(homeowner, what: str) -> str:
    """What a pro gets to see: the number (E.164), or street and unit; "" when the homeowner gave none."""
    if what == Reveal.What.PHONE:
        return homeowner.phone
    return ", ".join(part for part in (homeowner.street, homeowner.unit) if part)


def reveal(match: Match, what: str, *, now: datetime) -> None:
    """Show the pro of this match the homeowner's number or address (`what` of Reveal.What). Done twice, it changes nothing.

    Raises ProClosed, NothingToShow.
    """
    lead = lifecycle.lock(match.lead_id)
    held = Match.objects.get(pk=match.pk)
    if held.state != Match.State.LIVE:
        raise ProClosed
    if not said(lead.homeowner, what):
        raise NothingToShow
    if Reveal.objects.filter(match=held, what=what).exists():
        return
    Reveal.objects.create(match=held, what=what, at=now)
    held.lead = lead
    events.record("match.revealed", held.pk, now=now, test=held.test, what=str(what))
    events.record("lead.revealed", lead.pk, now=now, test=lead.test, match=str(held.pk), what=str(what))
    messages.revealed(held, Reveal.What(what), now=now)


def revealed_to(match: Match) -> dict:
    """{what: what the homeowner shows this pro}, empty once the match is closed to it. One query."""
    if match.state != Match.State.LIVE:
        return {}
    return {one.what: said(match.lead.homeowner, one.what) for one in Reveal.objects.filter(match=match)}
