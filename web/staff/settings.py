"""Lead Purchase Settings of one pro, as its team sees them, for staff on its behalf (RULES 11, 47): they may lower, and restore what they
lowered themselves; who changed what is kept and stands on both pages."""

from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from accounts.queries import pros_known_as
from core.errors import NotFound
from web.pros import purchase_settings
from web.pros.viewer import Viewer as ProViewer
from web.staff.viewer import page, staff_page


@staff_page("GET")
def settings(request, viewer, pro_id):
    return _page(request, viewer, _as_team(viewer, pro_id), near=request.GET.get("row", ""))


@staff_page("GET", "POST")
def edit(request, viewer, pro_id, setting):
    """One row, open. A POST saves it for the pro."""
    team = _as_team(viewer, pro_id)
    form = purchase_settings.opened(team, setting, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        status = purchase_settings.save(request, form)
        if status is None:
            return redirect(_address(team.pro) + "?" + urlencode({"row": setting}))
        return _page(request, viewer, team, form, status=status)
    return _page(request, viewer, team, form)


def _as_team(viewer, pro_id) -> ProViewer:
    """The pro at this instant, with the user of the staff where a member of its team would stand."""
    found = pros_known_as([str(pro_id)])
    if not found:
        raise NotFound
    return ProViewer(viewer.user, viewer.user, found[0], viewer.now)


def _page(request, viewer, team, form=None, *, near="", status=200):
    shown = purchase_settings.shown(team, _address(team.pro), form, near=near, on_behalf=True)
    context = shown | {"pro": team.pro, "pro_zone": team.zone}
    return page(request, viewer, "staff/purchase_settings.html", context, status=status)


def _address(pro) -> str:
    return reverse("staff:purchase_settings", args=[pro.public_id])
