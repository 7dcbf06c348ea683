"""The lead inbox: what to do first stands first."""

from dataclasses import replace

from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.policy import read
from credits.queries import windows_closing
from leads import inbox as leads
from leads.models import LeadType
from leads.policy import Leads
from leads.standing import zips_covered
from web.pros.standing_words import notice
from web.pros.viewer import live_page, pro_page
from web.templatetags.plumbline import day


@pro_page("GET")
def start(request, viewer) -> HttpResponseRedirect:
    """The leads; where they are offered, the offers, unless a lead waits to be opened."""
    offered = read(Leads).opt_in and not leads.new_for(viewer.pro)
    return redirect("pros:offers" if offered else "pros:leads")


@pro_page("GET")
def inbox(request, viewer):
    asked = {name: request.GET.get(name, "") for name in ("show", "q", "after")}
    show = asked["show"] if asked["show"] in leads.SHOWS else leads.ALL
    counts = leads.counts_of(viewer.pro, now=viewer.now)
    found = leads.page_of(viewer.pro, show=show, text=asked["q"], after=asked["after"], now=viewer.now)
    following = [row.id for row in found.rows if row.group == leads.FOLLOW]
    claim_by = windows_closing(following, now=viewer.now) if following else {}
    words = " ".join(leads.search_words(asked["q"]))
    covered = zips_covered(viewer.pro) if viewer.standing.is_on and not found.rows else 0
    context = {
        "show": show,
        "today": day(viewer.now, viewer.zone),
        "words": words,
        "page": found,
        "groups": [
            (group, _title(group), _about(group, rows, show), [replace(row, claim_by=claim_by.get(row.id)) for row in rows])
            for group, rows in found.groups()
        ],
        "chips": _chips(show, words, counts),
        "new": counts[leads.NEW],
        "filtered": bool(words or asked["after"] or show != leads.ALL),
        "first": _address(show, words),
        "further": _address(show, words, found.after) if found.after else "",
        "notice": notice(viewer.standing, viewer, covered),
    }
    return live_page(request, viewer, "inbox", context, new=counts[leads.NEW])


def _title(group):
    return {
        leads.CALL: _("Call now"),
        leads.LATER: _("Call later"),
        leads.FOLLOW: _("Follow up"),
        leads.QUOTED: _("Quoted and waiting"),
        leads.CLOSED: _("Closed"),
        leads.ARCHIVED: _("Archived"),
    }[group]


def _about(group, rows, show):
    """The line beside a group's title: what the first call saves, of which days the closed ones are."""
    if group == leads.CALL and rows[0].face.percent:
        said = {"percent": rows[0].face.percent, "minutes": rows[0].face.minutes}
        return _("Speed-To-Call: %(percent)s off within %(minutes)s minutes") % said
    if group == leads.LATER:
        return _("Not yet the homeowner’s hours")
    return _("Last 7 days") if group == leads.CLOSED and show == leads.ALL else ""


def _chips(show, words, counts):
    """The filters with their counts; a lead type only where the marketplace has it, the archive only where it holds something."""
    names = {
        leads.ALL: _("All"),
        leads.NEW: _("New"),
        leads.FOLLOW: _("Follow up"),
        "choice-match": LeadType.CHOICE.label,
        "automatch": LeadType.AUTOMATCH.label,
        "opt-in": LeadType.OPT_IN.label,
        leads.CLOSED: _("Closed"),
        leads.ARCHIVED: _("Archived"),
    }
    types = read(Leads).lead_types
    return [
        {"url": _address(code, words), "name": name, "count": counts[code], "icon": _ICONS.get(code), "here": code == show}
        for code, name in names.items()
        if (code not in leads.KINDS or leads.KINDS[code] in types) and (code != leads.ARCHIVED or counts[code] or code == show)
    ]


_ICONS = {"choice-match": "choice", "automatch": "auto", "opt-in": "optin"}


def _address(show, words, after=""):
    asked = {"show": show if show != leads.ALL else "", "q": words, "after": after}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("pros:leads") + (f"?{query}" if query else "")
