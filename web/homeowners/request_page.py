"""The homeowner's own page, opened by a signed link: who has the details since when and what each pro did with them, Stop all contact, and
the waiting list (RULES 16, 21, 26)."""

from hashlib import sha256

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.words import local_guide
from core.languages import spoken
from core.policy import read
from credits import stopping
from leads import correcting, links, photos, queries, reviews, waiting, withdrawal
from leads.masking import masked
from leads.policy import InCharge
from web.homeowners import job
from web.homeowners.edges import private
from web.homeowners.standing import Standing


@require_safe
@private
def request_page(request, token):
    """The whole page; with htmx the part that changes by itself, or nothing when it has not changed."""
    lead, now = links.lead_of(token), timezone.now()
    standing = Standing.of(lead, now)
    etag = f'"{sha256(repr((spoken(), standing.facts)).encode()).hexdigest()[:32]}"'
    if request.htmx.target == "stop":
        return render(request, "homeowners/parts/stop_card.html", {"lead": lead, "token": token, "standing": standing})
    if request.htmx:
        return _live(request, token, standing, etag)
    context = {
        **_shown(lead, token, standing, etag),
        "facts": job.facts(local_guide(lead.guide).questions, lead.answers, timing=lead.timing, ownership=lead.ownership, reach=lead.reach),
        "reasons": job.reasons(lead),
        "words": masked(lead.description),
        "sentence": withdrawal.SENTENCE,
        "picks": queries.picks_agreed(lead) if lead.chosen_at else [],
        "photos": photos.photos_of(lead),
        "sent_again": _link_of(waiting.sent_again(lead)) if standing.can_wait else "",
        "waiting_days": read(InCharge).waiting_days,
        "correctable": not standing.matches and correcting.objection(lead) is None,
        "reviewing": any(reviews.objection(match, now=now) is None for match in standing.matches),
    }
    return render(request, "homeowners/request.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def stop(request, token):
    """Asks once, then stops all contact. Who stopped already sees the proof."""
    lead, now = links.lead_of(token), timezone.now()
    if request.method == "POST":
        stopping.stop_all_contact(lead, now=now)
    if request.method == "POST" or lead.withdrawn_at:
        return redirect("homeowners:request", token=token)
    template = "homeowners/parts/stop_confirm.html" if request.htmx else "homeowners/stop.html"
    return render(request, template, {"lead": lead, "token": token, "standing": Standing.of(lead, now)})


@require_POST
@private
def keep_on_list(request, token):
    """Whose request nobody took stays on the list for longer, or leaves it."""
    lead, now = links.lead_of(token), timezone.now()
    if "leave" in request.POST:
        waiting.leave(lead, now=now)
    else:
        waiting.wait(lead, now=now)
    return redirect("homeowners:request", token=token)


@require_POST
@private
def new_link(request, token):
    """Every link sent so far stops working; the visitor goes on with the new one."""
    lead = links.lead_of(token)
    links.revoke(lead)
    messages.success(
        request, _("This is your new link. Every earlier one stopped working. Save this page; later messages bring the new link too.")
    )
    return redirect("homeowners:request", token=links.token(lead))


def _link_of(lead) -> str:
    return links.token(lead) if lead else ""


def _live(request, token, standing, etag):
    if standing.stopped:  # from another device: the page around the live part is old too
        return HttpResponse(headers={"HX-Refresh": "true"})
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    response = render(request, "homeowners/parts/live.html", _shown(standing.lead, token, standing, etag))
    response["ETag"] = etag
    return response


def _shown(lead, token, standing, etag):
    return {
        "lead": lead,
        "token": token,
        "standing": standing,
        "etag": etag,
        "seats": standing.seats(token),
        "happenings": standing.happenings(),
        "names": queries.names_told(lead),
    }
