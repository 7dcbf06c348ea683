"""Photos of the job on the homeowner's side: added, removed, looked at."""

from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import pictures
from core.errors import Refusal
from core.policy import read
from leads import links
from leads import photos as kept
from leads.policy import InCharge
from web.homeowners.edges import on_marketplace, private
from web.photos import picture


@require_http_methods(["GET", "HEAD", "POST"])
@private
def photos(request, token):
    """The photos of the request; a POST adds those it sends, all or none, or removes one."""
    lead, now = links.lead_of(token), timezone.now()
    if request.method != "POST":
        return _page(request, lead, token)
    if "remove" in request.POST:
        kept.remove(lead, _id(request.POST["remove"]), now=now)
        return redirect("homeowners:photos", token=token)
    try:
        count = kept.add_all(lead, map(_read, request.FILES.getlist("photo")), now=now)
    except Refusal as refusal:
        return _page(request, lead, token, refusal=refusal)
    messages.success(request, ngettext("%(n)s photo is there.", "%(n)s photos are there.", count) % {"n": count})
    return redirect("homeowners:photos", token=token)


@require_safe
@on_marketplace
def photo(request, token, photo_id):
    """One of them."""
    return picture(kept.photo_of(links.lead_of(token), photo_id))


def _read(file) -> bytes:
    if file.size > pictures.MOST_SENT:
        raise pictures.TooBig
    return file.read()


def _id(text) -> UUID:
    """What was sent as an id, or the id of nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _page(request, lead, token, refusal=None):
    found = kept.photos_of(lead)
    context = {
        "lead": lead,
        "token": token,
        "photos": found,
        "free": read(InCharge).photos - len(found),
        "most": read(InCharge).photos,
        "accept": pictures.ACCEPT,
        "refusal": refusal,
    }
    return render(request, "homeowners/photos.html", context, status=refusal.status if refusal else 200)
