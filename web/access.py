"""Who asks, and in which marketplace (DESIGN 6, rule 6).

The host name says the marketplace; a request to one of its pages is one scope, that is one transaction. An answer of 400
or more takes back whatever was written.
"""

from django.conf import settings
from django.db import transaction
from django.shortcuts import render

from core import marketplaces
from core.errors import Refusal
from core.tenancy import current_or_none, scope

SCOPELESS = ("/livez", "/readyz", "/static/", "/hooks/")


class MarketplaceMiddleware:
    """Puts the marketplace of the host in force for the whole request, session and sign-in included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def process_exception(self, request, exception):
        """A refusal that no form caught becomes its page: 404 for what is not there or not theirs, 403, 409, 422."""
        if not isinstance(exception, Refusal):
            return None
        template = f"{exception.status}.html" if exception.status in (403, 404) else "refused.html"
        return render(request, template, {"refusal": exception, "sentence": str(exception)}, status=exception.status)

    def __call__(self, request):
        request.marketplace = None
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return render(request, "400.html", status=400)
        if request.path.startswith(SCOPELESS):
            return self.get_response(request)
        host = request.get_host().rsplit(":", 1)[0].lower().rstrip(".")
        if host in (settings.PLATFORM_HOST, "127.0.0.1"):
            return self.get_response(request)
        request.marketplace = marketplaces.at_host(host)
        if request.marketplace is None:
            return render(request, "core/unknown_host.html", status=404)
        with scope(request.marketplace):
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response


def frame(request):
    """What every template may know: the marketplace of the page."""
    return {"marketplace": current_or_none()}
