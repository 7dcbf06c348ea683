"""The lead inbox: what to do first stands first."""

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.policy import read
from leads import sight
from leads.models import LeadType
from leads.policy import Leads
from leads.standing import zips_covered
from web.pros.standing_words import notice
from web.pros.viewer import live_page, pro_page
from web.templatetags.plumbline import day


@pro_page("GET")
def start(request, viewer) -> HttpResponseRedirect:
    return redirect("pros:leads")


@pro_page("GET")
def inbox(request, viewer):
    asked = {name: request.GET.get(name, "") for name in ("show", "q", "after")}
    show = asked["show"] if asked["show"] in sight.SHOWS else sight.ALL
    counts = sight.counts_of(viewer.pro, now=viewer.now)
    found = sight.page_of(viewer.pro, show=show, text=asked["q"], after=asked["after"], now=viewer.now)
    words = " ".join(sight.search_words(asked["q"]))
    covered = zips_covered(viewer.pro) if viewer.standing.is_on and not found.rows else 0
    context = {
        "show": show,
        "today": day(viewer.now, viewer.zone),
        "words": words,
        "page": found,
        "groups": [(group, _title(group), rows) for group, rows in found.groups()],
        "chips": _chips(show, words, counts),
        "new": counts[sight.NEW],
        "filtered": bool(words or asked["after"] or show != sight.ALL),
        "first": _address(show, words),
        "further": _address(show, words, found.after) if found.after else "",
        "notice": notice(viewer.standing, viewer, covered),
    }
    return live_page(request, viewer, "inbox", context, new=counts[sight.NEW])


def _title(group):
    return {sight.NEW: _("New"), sight.OPEN: _("Open"), sight.CLOSED: _("Closed")}[group]


def _chips(show, words, counts):
    """The filters with their counts; a lead type only where the marketplace has it."""
    names = {
        sight.ALL: _("All"),
        sight.NEW: _("New"),
        "choice-match": LeadType.CHOICE.label,
        "automatch": LeadType.AUTOMATCH.label,
        "opt-in": LeadType.OPT_IN.label,
        sight.CLOSED: _("Closed"),
    }
    types = read(Leads).lead_types
    return [
        {"url": _address(code, words), "name": name, "count": counts[code], "icon": _ICONS.get(code), "here": code == show}
        for code, name in names.items()
        if code not in sight.KINDS or sight.KINDS[code] in types
    ]


_ICONS = {"choice-match": "choice", "automatch": "auto", "opt-in": "optin"}


def _address(show, words, after=""):
    asked = {"show": show if show != sight.ALL else "", "q": words, "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("pros:leads") + (f"?{query}" if query else "")
