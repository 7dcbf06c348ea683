"""What the homeowner's pages have in common at their edge."""

from functools import wraps

from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache

from core.errors import NotFound


def on_marketplace(view):
    """The page exists on the hosts of marketplaces only."""

    @wraps(view)
    def guarded(request, **options):
        if request.marketplace is None:
            raise NotFound
        return view(request, **options)

    return guarded


def private(view):
    """Personal data: nobody keeps a copy, no search engine lists it, and its address is not told to other sites.

    The referrer policy is `same-origin`, not `no-referrer`: with that, browsers send `Origin: null` and no form could be posted.
    """

    @never_cache
    @on_marketplace
    @wraps(view)
    def guarded(request, **options):
        response = view(request, **options)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow"
        patch_vary_headers(response, ["HX-Request"])
        return response

    return guarded
