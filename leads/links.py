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
    return _token(lead.pk, _sign(lead.pk, lead.link_version))


def page(lead) -> str:
    """The absolute address of the homeowner's page."""
    return absolute(f"/request/{token(lead)}/")


def lead_of(text: str) -> Lead:
    """The lead a token opens, in the marketplace in force. Raises NotFound: forged, revoked, foreign and missing answer alike."""
    lead = Lead.objects.select_related("service", "homeowner", "consent").filter(pk=_id_in(text)).first()
    if lead is None or not _is(text, token(lead)):
        raise NotFound
    return lead


def wish_token(wish) -> str:
    """The token of the page of a request for a service that is not listed."""
    return _token(wish.pk, _sign_wish(wish.pk))


def wish_page(wish) -> str:
    """The absolute address of that page."""
    return absolute(f"/request/unlisted/{wish_token(wish)}/")


def wish_of(text: str) -> Wish:
    """The request that such a token opens. Raises NotFound, as `lead_of` does."""
    wish = Wish.objects.select_related("homeowner", "trade", "service", "lead").filter(pk=_id_in(text)).first()
    if wish is None or not _is(text, wish_token(wish)):
        raise NotFound
    return wish


def revoke(lead) -> None:
    """Make every link sent so far useless; a new one is `token(lead)`."""
    Lead.objects.filter(pk=lead.pk).update(link_version=F("link_version") + 1)
    lead.link_version += 1


def _token(pk, signature) -> str:
    return base64.urlsafe_b64encode(pk.bytes + signature).decode().rstrip("=")


def _id_in(text) -> uuid.UUID:
    """The id a token begins with, signed or not. Raises NotFound for what is no token."""
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))[:16])
    except (ValueError, binascii.Error):
        raise NotFound from None


def _is(text, right) -> bool:
    """Whether `text` is the right token to the letter: base64 has many spellings of the same bytes, a token has one."""
    return hmac.compare_digest(right.encode(), text.encode(errors="replace"))


def _sign(lead_id, version) -> bytes:
    message = b"request-link" + lead_id.bytes + version.to_bytes(4, "big")
    return hmac.digest(settings.SECRET_KEY.encode(), message, hashlib.sha256)[:SIGNATURE]


def _sign_wish(wish_id) -> bytes:
    return hmac.digest(settings.SECRET_KEY.encode(), b"wish-link" + wish_id.bytes, hashlib.sha256)[:SIGNATURE]
