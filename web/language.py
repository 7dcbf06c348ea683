"""The language of a page: homeowners read in theirs, which they chose or their device asks for; everybody else in English."""

from django.conf import settings
from django.http import HttpResponseBadRequest, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from core.languages import ENGLISH, NAMES

IN_ENGLISH = ("/pro/", "/staff/", "/admin/", "/dev/", "/hooks/")


class LanguageMiddleware(LocaleMiddleware):
    """Puts the language in force for the request: by the cookie, then by what the browser asks for."""

    def process_request(self, request):
        if request.path_info.startswith(IN_ENGLISH):
            translation.activate(ENGLISH)
            request.LANGUAGE_CODE = ENGLISH
            return
        super().process_request(request)

    def process_response(self, request, response):
        """Says what a copy of a page depends on; sheets, pictures and health are the same in every language. What comes next in this thread
        begins in English."""
        if not request.path_info.startswith(IN_ENGLISH) and response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
            response = super().process_response(request, response)
        translation.deactivate()
        return response


@require_POST
def choose(request):
    """Read on in another language: back to the page that asked."""
    language, page = request.POST.get("language"), request.POST.get("next", "")
    if language not in NAMES:
        return HttpResponseBadRequest()
    if not url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        page = "/"
    answer = HttpResponseRedirect(page)
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return answer
