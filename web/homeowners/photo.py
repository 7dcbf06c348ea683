"""Photos and logos of pros, for everybody who was given their address. Another picture has another address: one may be kept for ever."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.pro_profile import photo_of
from core import pictures
from web.homeowners.edges import on_marketplace


@require_safe
@on_marketplace
def photo(request, key):
    response = HttpResponse(photo_of(key), content_type=pictures.TYPE)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
