"""The homeowner's way in: a signed link to one request, with no password (DESIGN 10).

The token is the lead's id and an HMAC over it and the link's version. Raising the version revokes every link sent so far.
"""

import base64
import binascii
import hashlib
import hmac
import uuid

from django.conf import settings
from django.db.models import F

from core.addresses import absolute
from core.errors import NotFound
from leads.models import Lead, Wish

SIGNATURE = 16  # bytes


def token(lead) -> str:
    """The current token of the lead's page."""
    return base64.urlsafe_b64encode(lead.pk.bytes + _sign(lead.pk, lead.link_version)).decode().rstrip("=")


def page(lead) -> str:
    """The absolute address of the homeowner's page."""
    return absolute(f"/request/{token(lead)}/")


def lead_of(text: str) -> Lead:
    """The lead a token opens, in the marketplace in force. Raises NotFound: forged, revoked, foreign and missing answer alike."""
    try:
        lead_id = uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:16])
    except (ValueError, binascii.Error):
        raise NotFound from None
    lead = Lead.objects.select_related("service", "homeowner", "consent").filter(pk=lead_id).first()
    if lead is None or not hmac.compare_digest(token(lead).encode(), text.encode(errors="replace")):
        raise NotFound  # base64 has many spellings of the same bytes; a token has one
    return lead


def wish_token(wish) -> str:
    """The token of the page of a request for a service that is not listed."""
    return base64.urlsafe_b64encode(wish.pk.bytes + _sign_wish(wish.pk)).decode().rstrip("=")


def wish_page(wish) -> str:
    """The absolute address of that page."""
    return absolute(f"/request/unlisted/{wish_token(wish)}/")


def wish_of(text: str) -> Wish:
    """The request that such a token opens. Raises NotFound, as `lead_of` does."""
    try:
        wish_id = uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:16])
    except (ValueError, binascii.Error):
        raise NotFound from None
    wish = Wish.objects.select_related("homeowner", "trade", "service", "lead").filter(pk=wish_id).first()
    if wish is None or not hmac.compare_digest(wish_token(wish).encode(), text.encode(errors="replace")):
        raise NotFound
    return wish


def revoke(lead) -> None:
    """Make every link sent so far useless; a new one is `token(lead)`."""
    Lead.objects.filter(pk=lead.pk).update(link_version=F("link_version") + 1)
    lead.link_version += 1


def _sign(lead_id, version) -> bytes:
    message = b"request-link" + lead_id.bytes + version.to_bytes(4, "big")
    return hmac.digest(settings.SECRET_KEY.encode(), message, hashlib.sha256)[:SIGNATURE]


def _sign_wish(wish_id) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"wish-link" + wish_id.bytes, hashlib.sha256)[:SIGNATURE]
