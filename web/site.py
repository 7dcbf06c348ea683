"""Pages that belong to no audience: health, the brand sheet, texts of the marketplace, and what stands when something went wrong."""

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from core import texts
from core.errors import NotFound
from web import brand


@require_safe
def livez(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request):
    """The process reaches its database. Redis is a doorbell and does not count."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return HttpResponse("ready", content_type="text/plain")


@require_safe
@cache_control(public=True, max_age=300)
def brand_sheet(request, slug):
    """The marketplace's own colours over ours; only its own host serves it."""
    if request.marketplace is None or request.marketplace.slug != slug:
        raise NotFound
    return HttpResponse(brand.sheet(request.marketplace.brand), content_type="text/css")


@require_safe
def text_page(request, kind):
    """The privacy page or the terms of use, in the marketplace's words."""
    if request.marketplace is None or (text := texts.read(kind)) is None:
        raise NotFound
    title = {"privacy": _("Privacy"), "terms": _("Terms of use")}[kind]
    return render(request, "legal/page.html", {"title": title, "paragraphs": text.body.split("\n\n"), "text": text})


def bad_request(request, exception=None):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "403.html", status=403)


def not_found(request, exception=None):
    return render(request, "404.html", status=404)


def broken(request):
    return render(request, "500.html", status=500)
