"""How often a password may be wrong: counted in PostgreSQL, by e-mail and by network address (DESIGN 10).

The failure is written in the transaction of the answer, so that answer must not be one that takes back what was written.
Marketplaces count apart from each other and from the platform's own host.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.models import SignInFailure
from core.errors import Refusal
from core.policy import Section, read
from core.tenancy import current_or_none


@dataclass(frozen=True)
class SignIn(Section):
    """The most wrong passwords within `seconds`."""

    name = "sign_in"
    by_email: int = 10
    by_address: int = 30
    seconds: int = 3600


class TooManyTries(Refusal):
    """`until` is when the next try is allowed."""

    code = "too_many_tries"
    sentence = _("Too many wrong tries. Wait an hour, or ask for a new password below.")
    status = 429


def check(*, email, address, now: datetime) -> None:
    """TooManyTries while one of the two has used up its tries. Tries for one e-mail wait for each other, whatever arrives at once."""
    policy = _policy()
    by_email, by_address = _keys(email, address)
    number = int.from_bytes(bytes.fromhex(by_email)[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [number])
    tries = SignInFailure.objects.filter(at__gt=now - timedelta(seconds=policy.seconds))
    if tries.filter(key=by_email).count() >= policy.by_email or tries.filter(key=by_address).count() >= policy.by_address:
        raise TooManyTries


def failed(*, email, address, now: datetime) -> None:
    """Count a wrong password, and forget those that no longer count."""
    SignInFailure.objects.filter(at__lte=now - timedelta(seconds=_policy().seconds)).delete()
    SignInFailure.objects.bulk_create(SignInFailure(key=key, at=now) for key in _keys(email, address))


def forget(*, email) -> None:
    """The owner of this e-mail has shown to be it: its failures no longer count."""
    SignInFailure.objects.filter(key=_keys(email, "")[0]).delete()


def _policy() -> SignIn:
    """The marketplace's numbers; on the platform's own host, the section's."""
    return read(SignIn) if current_or_none() else SignIn()


def _keys(email, address) -> tuple[str, str]:
    """Keyed hashes: no address stands in the table, and none can be found by trying."""
    secret, marketplace = settings.SECRET_KEY.encode(), current_or_none()
    here = marketplace.pk if marketplace else "platform"
    named = (f"{here}:email:{str(email).strip().lower()}", f"{here}:address:{address}")
    return tuple(hmac.digest(secret, name.encode(errors="replace"), "sha256").hex() for name in named)
