"""The seats of a request as its homeowner sees them: who has the details, what each pro did with them, and what can be done about it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contact.models import Call
from contact.policy import Contact
from contact.queries import Story
from core.policy import read
from leads import replacing
from leads.models import Match, Reveal
from web.templatetags.plumbline import moment, spoken


@dataclass(frozen=True)
class Deed:
    """Something that can be done about a pro: the words of its button, and where it is asked once more."""

    label: str
    url: str
    icon: str = ""


def did(match, told: Story | None, *, zone, now) -> str:
    """What the pro of this match has done so far, in one or two sentences. `told` is the story of its line, None without any call."""
    called = _called(match, told, zone, now)
    if match.opened_at:
        return _("Opened your request: %(time)s.") % {"time": moment(match.opened_at, zone, now)} + f" {called}"
    return called if told and told.calls else _("Has not opened your request yet.") + f" {called}"


def calls_of(match, told: Story | None) -> list:
    """The calls between the homeowner and the pro of this match, as parts/timeline.html takes them."""
    rows = []
    for call in told.calls if told else ():
        at = call.started_at or (call.opened_at if call.fault else None)
        if at is not None:
            rows.append({"icon": "phone", "text": _call(call) % {"pro": match.pro.name, "long": spoken(call.facts.talked)}, "at": at})
    return rows


def _call(call):
    talked = call.is_two_way(read(Contact).talk_seconds) and (call.over or call.facts.is_final)
    if call.way == Call.Way.CALLBACK:
        return _("You called %(pro)s, %(long)s") if talked else _("You called %(pro)s")
    return _("%(pro)s called you, %(long)s") if talked else _("%(pro)s called you")


def _called(match, told, zone, now):
    calls = told.calls if told else ()
    talks = [call for call in calls if call.is_two_way(read(Contact).talk_seconds)]
    if talks:
        return _talked(talks[-1], zone, now)
    tried = [call for call in calls if call.is_attempt]
    if tried:
        at = {"time": moment(tried[-1].started_at or tried[-1].opened_at, zone, now), "n": len(tried)}
        return ngettext("Called you: %(time)s.", "Called you %(n)s times, last %(time)s.", len(tried)) % at
    if calls and calls[-1].way == Call.Way.CALLBACK and calls[-1].started_at:
        return _("You called: %(time)s. Has not called back yet.") % {"time": moment(calls[-1].started_at, zone, now)}
    if match.warned_at:
        return _("Has not called yet. We warned it: %(time)s.") % {"time": moment(match.warned_at, zone, now)}
    return _("Has not called yet.")


def _talked(call, zone, now):
    said = {"time": moment(call.started_at or call.opened_at, zone, now), "long": spoken(call.facts.talked)}
    if not (call.over or call.facts.is_final):
        return _("You are talking now.")
    if call.way == Call.Way.CALLBACK:
        return _("You called: %(time)s, and talked for %(long)s.") % said
    return _("Called you: %(time)s, and you talked for %(long)s.") % said


def deeds(match, told: Story | None, *, token, now) -> tuple[list[Deed], list[Deed]]:
    """What stands on the card of a live match (of leads.queries.seats_for), and what is folded."""

    def deed(what, label, **options):
        return Deed(label, reverse("homeowners:one_pro", args=[token, match.pk, what]), **options)

    front = [deed("stop", _("Stop this pro"), icon="stop")]
    if told and replacing.objection(match, told, now=now) is None:
        front.insert(0, deed("replace", _("Replace this pro")))
    person, folded = match.lead.homeowner, []
    if person.phone and Reveal.What.PHONE not in match.shown:
        folded.append(deed("phone", _("Show it my phone number"), icon="phone"))
    if person.street and Reveal.What.ADDRESS not in match.shown:
        folded.append(deed("address", _("Show it my address"), icon="pin"))
    if match.lead.hired_match_id != match.pk:
        hired = reverse("homeowners:hired", args=[token])
        folded.append(Deed(_("I hired this pro"), f"{hired}?pro={match.pk}", icon="check"))
    return front, folded


def closed(match, *, zone, now) -> tuple[str, str]:
    """(when, text) of a seat that is closed to its pro."""
    stopped = match.state == Match.State.WITHDRAWN
    when = (_("Stopped %(time)s") if stopped else _("Closed %(time)s")) % {"time": moment(match.state_at, zone, now)}
    return when, _("Had your details from %(time)s. They are closed now.") % {"time": moment(match.at, zone, now)}
