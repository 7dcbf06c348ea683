"""The outbox of a development site: what the local provider took instead of a carrier or a mail server."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.errors import NotFound
from notifications import queries

SHOWN = 100
LARGEST_ID = 2**63 - 1
# A mail is somebody else's HTML: no script, no request to anywhere, no origin of ours.
SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def development_only(view):
    """Elsewhere the page does not exist."""

    @wraps(view)
    def guarded(request, **options):
        if not settings.DEVELOPMENT:
            raise NotFound
        return view(request, **options)

    return guarded


@development_only
@require_safe
def outbox(request):
    """The newest messages, those to `?to=` only if given."""
    to = request.GET.get("to", "").replace("\0", "").strip()[:254]
    kept = queries.local_deliveries(to)[:SHOWN] if request.marketplace else []
    return render(request, "dev/outbox.html", {"deliveries": kept, "to": to, "shown": SHOWN})


@development_only
@require_safe
def letter(request, pk):
    """One e-mail as its reader would see it, locked in."""
    found = queries.local_delivery(pk) if request.marketplace and pk <= LARGEST_ID else None
    if found is None or not found.html:
        raise NotFound
    return HttpResponse(found.html, headers={"Content-Security-Policy": SANDBOX})
