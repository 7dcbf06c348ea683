"""Asking for a credit on a pro's behalf: a click takes the time of a phone call, the form asks (RULES 36)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import Refusal
from credits import queries
from credits.reasons import NEVER
from credits.requests import preview, stub, submit
from web import dues, proof
from web.claims import ClaimForm
from web.pros.fields import take
from web.staff.viewer import page, staff_page
from web.templatetags.plumbline import local_time


@staff_page("GET", "POST")
def file(request, viewer, match_id):
    """File the request of a pro who phoned or wrote."""
    match = queries.match_of(match_id)
    shown = preview(match, request.POST.get("reason", ""), now=viewer.now)
    form = ClaimForm(request.POST if request.method == "POST" else None, shown=shown, job="")
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            asked = submit(match, by=viewer.user, now=viewer.now, **form.cleaned_data)
        except Refusal as found:
            if found.fields:
                take(form, found)
            refusal = None if found.fields else found
        else:
            messages.success(request, _("Filed for %(pro)s.") % {"pro": match.pro.name})
            return redirect("staff:credit", asked.pk)
    return _page(request, viewer, match, shown, form, refusal)


@staff_page("POST")
def phoned(request, viewer, match_id):
    """Somebody of the pro is on the phone: keep the time."""
    kept = stub(queries.match_of(match_id), by=viewer.user, now=viewer.now)
    messages.success(request, _("Noted at %(time)s. The claim counts from then.") % {"time": local_time(kept.at, viewer.zone)})
    return redirect("staff:file", match_id)


def _page(request, viewer, match, shown, form, refusal):
    blocked = refusal or shown.refusal
    context = {
        "match": match,
        "shown": shown,
        "form": form,
        "refusal": blocked,
        "asked": queries.latest_of(match) if blocked else None,
        "time_kept": dues.time_kept(),
        "stubs": queries.stubs_of(match),
        "due": dues.of_window(shown.window, viewer.now),
        "lasts": dues.how_long(shown.window.seconds),
        "steps": proof.steps(shown.evidence, zone=viewer.zone, now=viewer.now),
        "steps_done": shown.evidence.steps_done,
        "facts": proof.facts(shown.evidence, shown.reason),
        "never": NEVER.values(),
    }
    status = refusal.status if refusal else 422 if form.errors else 200
    return page(request, viewer, "staff/file.html", context, status=status)
