"""Every address of the site. The host name says the marketplace (web.access); DESIGN 7 fixed these addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from web import language, site

urlpatterns = [
    path("livez", site.livez, name="livez"),
    path("readyz", site.readyz, name="readyz"),
    path("t/<slug:slug>/brand.css", site.brand_sheet, name="brand"),
    path("language/", language.choose, name="language"),
    path("privacy/", site.text_page, {"kind": "privacy"}, name="privacy"),
    path("terms/", site.text_page, {"kind": "terms"}, name="terms"),
    path("pro/", include("web.pros.urls")),
    path("staff/", include("web.staff.urls")),
    path("hooks/", include("api.urls")),
    path("admin/", admin.site.urls),
    path("", include("web.homeowners.urls")),
]
if settings.DEVELOPMENT:
    urlpatterns.insert(0, path("dev/", include("web.dev_urls")))

handler400, handler403, handler404, handler500 = (f"web.site.{name}" for name in ("bad_request", "forbidden", "not_found", "broken"))
