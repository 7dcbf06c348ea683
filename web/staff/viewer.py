"""Who looks at the staff area: the marketplace's own staff, found anew for each request (DESIGN rule 6, INVARIANTS 33).

Every view is a `staff_page`: it gets the request, a `Viewer` and what its address names.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from urllib.parse import urlsplit

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User
from core.errors import NotFound
from core.models import Marketplace
from credits import queries


@dataclass(frozen=True)
class Viewer:
    """A signed-in member of the marketplace's staff, at the instant of the request."""

    user: User
    marketplace: Marketplace
    now: datetime

    @property
    def zone(self) -> str:
        return self.marketplace.zone


def staff_page(*methods):
    """A view of `(request, viewer, ...)` for the marketplace's staff: everybody else, members of pros too, is sent to the sign-in of the
    admin, as the admin itself does."""
    allowed = [*methods, "HEAD"] if "GET" in methods else list(methods)

    def decorate(view):
        @wraps(view)
        @require_http_methods(allowed)
        @never_cache
        def guarded(request, **kwargs):
            if request.marketplace is None:
                raise NotFound
            if not admin.site.has_permission(request):
                return _to_sign_in(request)
            return view(request, Viewer(request.user, request.marketplace, timezone.now()), **kwargs)

        return guarded

    return decorate


def page(request, viewer: Viewer, template: str, context: dict, *, status=200) -> HttpResponse:
    """A page of the staff area in its frame."""
    frame = {"viewer": viewer, "zone": viewer.zone, "now": viewer.now}
    if "waiting" not in context:
        frame["waiting"] = queries.queue_counts(viewer.user)[""]
    return render(request, template, frame | context, status=status)


def _to_sign_in(request):
    """To the sign-in of the admin, and back to the page that was asked for."""
    if request.htmx:
        return HttpResponseClientRedirect(redirect_to_login(_page_seen(request), reverse("admin:login")).url)
    wanted = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("staff:home")
    return redirect_to_login(wanted, reverse("admin:login"))


def _page_seen(request) -> str:
    """The page of the staff area that a part was asked for from."""
    home = reverse("staff:home")
    try:
        path = urlsplit(request.headers.get("HX-Current-URL", "")).path
    except ValueError:
        return home
    return path if path.startswith(home) else home
