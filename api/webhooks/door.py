"""The door of every webhook: the marketplace comes from the path, the sender proves itself, then one scope is opened."""

import re
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from twilio.request_validator import RequestValidator

from core.addresses import root_of
from core.errors import Refusal
from core.models import Marketplace
from core.tenancy import scope


class Malformed(Exception):
    """Signed, but not what the provider's documents promise: answered with 400, and nothing is changed."""


def hook(is_genuine):
    """Make a view of `view(request, marketplace)`, called in the marketplace's scope once `is_genuine(request, marketplace)` says so.

    Unknown marketplace 404, forged or unsigned 403, malformed 400, refused as the refusal says; none of them writes anything.
    """

    def decorate(view):
        @csrf_exempt
        @require_POST
        @wraps(view)
        def guarded(request, marketplace):
            marketplace = get_object_or_404(Marketplace, slug=marketplace)
            if not is_genuine(request, marketplace):
                return HttpResponse("The signature does not match.", status=403, content_type="text/plain")
            try:
                with scope(marketplace):
                    return view(request, marketplace)
            except Malformed as error:
                return HttpResponse(str(error), status=400, content_type="text/plain")
            except Refusal as refusal:
                return HttpResponse(str(refusal), status=refusal.status, content_type="text/plain")

        return guarded

    return decorate


def from_twilio(request, marketplace) -> bool:
    """Twilio signed it with our token, for our account. The address it signed is ours to know, never the request's to say."""
    signature = request.headers.get("X-Twilio-Signature")
    if not signature or not settings.TWILIO_AUTH_TOKEN:
        return False
    if settings.TWILIO_ACCOUNT_SID and request.POST.get("AccountSid") != settings.TWILIO_ACCOUNT_SID:
        return False
    address = root_of(marketplace).removesuffix("/") + request.get_full_path()
    return RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(address, request.POST, signature)


def field(request, name, pattern) -> str:
    """The posted field, which must match `pattern` as a whole. Raises Malformed."""
    value = request.POST.get(name, "")
    if not re.fullmatch(pattern, value, re.ASCII):
        raise Malformed(f"{name} is missing or not understood.")
    return value


def plain(value) -> str:
    """A value out of somebody's JSON as a string that can be stored, "" for nothing. Raises Malformed."""
    if not isinstance(value or "", str) or not (value or "").isprintable():
        raise Malformed("The event is not understood.")
    return value or ""


def message_id(text):
    """Our own id of a message, as we gave it to the provider; None when there is none. Raises Malformed."""
    if not text:
        return None
    try:
        return UUID(text)
    except (ValueError, AttributeError, TypeError):
        raise Malformed("The message is not understood.") from None
