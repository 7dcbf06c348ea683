"""Lead Purchase Settings (design 09): each setting is a row whose Edit opens in place, or as this page without scripts.

Every answer is the whole page; htmx takes the row, the last changes and the message out of it. The rows are in web.pros.setting_rows and
web.pros.availability_rows.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from accounts import purchase_settings as settings_of
from accounts.queries import team_of
from accounts.rights import Right, may
from core.errors import NotAllowed, Refusal
from core.policy import read
from leads.policy import Leads
from web.pros.availability_rows import Away, DaysOff, Hours, Pause, end_in_words
from web.pros.fields import take
from web.pros.setting_rows import (
    AVAILABILITY,
    KINDS,
    LIMITS,
    AutoMatch,
    Budget,
    ChoiceMatch,
    DayCap,
    JobSize,
    Offers,
    OpenCap,
    Renters,
    WeekCap,
)
from web.pros.viewer import page, pro_page

ROWS = (ChoiceMatch, AutoMatch, Offers, Renters, Pause, Budget, DayCap, WeekCap, OpenCap, JobSize, Hours, DaysOff, Away)
SETTINGS = {each.slug: each for each in ROWS}
BY_CODE = {each.code: each for each in ROWS}


@pro_page("GET")
def settings(request, viewer):
    return _page(request, viewer, near=request.GET.get("row", ""))


@pro_page("GET", "POST")
def edit(request, viewer, setting):
    """One row, open. A POST saves it."""
    form = opened(viewer, setting, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = save(request, form)
        if status is None:
            return redirect(reverse("pros:purchase_settings") + "?" + urlencode({"row": setting}))
        return _page(request, viewer, form, status=status)
    return _page(request, viewer, form)


def opened(viewer, setting: str, data=None):
    """The row of this name, filled in with `data`. 404 for a name that is none, or none of this marketplace."""
    kind = SETTINGS.get(setting)
    if kind is None or not kind.is_offered(read(Leads).lead_types):
        raise Http404
    return kind(viewer, data)


def save(request, form) -> int | None:
    """Save what was sent; None when it is done, else the status of the page that says what is wrong."""
    if form.is_valid():
        try:
            form.save()
        except NotAllowed:
            form.add_error(None, _only_these_raise(form.viewer))
            return 422 if request.htmx else 403
        except Refusal as refusal:
            take(form, refusal)
        else:
            messages.success(request, _("Saved: %(label)s. It holds from this moment on.") % {"label": form.label})
            return None
    return 422


def shown(viewer, base: str, form=None, *, near="", on_behalf=False) -> dict:
    """What the page shows: rows by group, the one of `form` open or with what is wrong with it, who may raise, and the last changes. The
    rows' addresses begin with `base`; `on_behalf` of the pro it is read by staff."""
    lead_types = read(Leads).lead_types
    if form and form.fields:
        next(iter(form.fields.values())).widget.attrs["autofocus"] = True
    rows = [form if isinstance(form, kind) else kind(viewer) for kind in ROWS if kind.is_offered(lead_types)]
    return {
        "base": base,
        "open": form.slug if form and not form.pressed else "",
        "near": near,
        "groups": [(str(group), [row for row in rows if row.group == group]) for group in (KINDS, LIMITS, AVAILABILITY)],
        "raisers": _raisers(viewer),
        "changes": [_change(each, viewer.zone, on_behalf) for each in settings_of.history(viewer.pro)],
    }


def _page(request, viewer, form=None, *, near="", status=200):
    context = shown(viewer, reverse("pros:purchase_settings"), form, near=near)
    return page(request, viewer, "pros/purchase_settings.html", context, status=status)


def _raisers(viewer) -> str:
    """Who may raise spending, by name; in words where nobody of the team can sign in."""
    names = [str(each.user) for each in team_of(viewer.pro) if may(each.role, Right.RAISE_SPENDING)]
    return get_text_list(names, _("or")) or _("its owner")


def _only_these_raise(viewer) -> str:
    return _("This would raise spending. Only %(names)s may do that; you may lower it at any time.") % {"names": _raisers(viewer)}


def _change(change, zone: str, on_behalf: bool) -> dict:
    """A line of "Last changes"."""
    kind = BY_CODE.get(change.setting)
    who = change.who or _("Somebody")
    if change.by_staff:
        who = (_("%(who)s, for the pro,") if on_behalf else _("%(who)s, for you,")) % {"who": who}
    said = {"who": who, "label": kind.label if kind else change.setting}
    if kind is Pause:
        text = _pause(change.became, said, zone)
    else:
        text = _("%(who)s changed %(label)s from “%(was)s” to “%(became)s”")
        said |= {"was": kind.words(change.was), "became": kind.words(change.became)} if kind else {"was": "", "became": ""}
    return {"icon": "pause" if kind is Pause else "gear", "text": text % said, "at": change.at}


def _pause(became, said: dict, zone: str) -> str:
    paused, end = became
    if not paused:
        return _("%(who)s started leads again")
    if end is None:
        return _("%(who)s paused all leads")
    said["end"] = end_in_words(end, zone)
    return _("%(who)s paused all leads until %(end)s")
