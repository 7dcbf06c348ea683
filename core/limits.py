"""How often something may happen: counted in PostgreSQL, by keys that nobody can read. No limit lives in Redis.

What is counted is written in the transaction of the answer: an answer that takes back what was written uses nothing up.
"""

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from core.models import LimitUse, Marketplace
from core.tenancy import current, scope

LONGEST = timedelta(days=2)  # no limit looks further back


@dataclass(frozen=True)
class Limit:
    """At most `most` uses of `name` by `who` ("" for everybody together) within `seconds`."""

    name: str
    who: str
    most: int
    seconds: int

    @property
    def key(self) -> str:
        """A keyed hash: no number and no address stands in the table, and none can be found by trying."""
        named = f"{current().pk}:{self.name}:{self.who}"
        return hmac.digest(settings.SECRET_KEY.encode(), named.encode(errors="replace"), "sha256").hex()


def use(limits, *, now: datetime) -> datetime | None:
    """Use each of `limits` once and return None; or, when one of them is used up, use none and return from when on all have room.

    Uses of one key wait for each other until the transaction ends, whatever arrives at once.
    """
    limits = list(limits)
    keys = {limit: limit.key for limit in limits}
    _wait_for(keys.values())
    full = [until for limit in limits if (until := _full_until(limit, keys[limit], now))]
    if full:
        return max(full)
    LimitUse.objects.bulk_create(LimitUse(key=key, at=now) for key in keys.values())
    return None


def forget(*, now: datetime) -> int:
    """Delete what no limit looks at any more; returns how many rows."""
    return LimitUse.objects.filter(at__lte=now - LONGEST).delete()[0]


def forget_everywhere(*, now: datetime) -> None:
    """`forget`, in every marketplace. Call it outside a scope."""
    for marketplace in Marketplace.objects.all():
        with scope(marketplace):
            forget(now=now)


def network(address: str) -> str:
    """The part of an IP address that one household or phone has for itself: of IPv6 the first 64 bits. What is none stays as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return str(address)
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _wait_for(keys):
    numbers = sorted(int.from_bytes(bytes.fromhex(key)[:8], "big", signed=True) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(key) from unnest(%s) with ordinality as t(key, n) order by n", [numbers])


def _full_until(limit, key, now) -> datetime | None:
    """When the oldest of the uses that fill the limit no longer counts; None when there is room."""
    if limit.most < 1:
        return now + timedelta(seconds=limit.seconds)
    since = now - timedelta(seconds=limit.seconds)
    filling = LimitUse.objects.filter(key=key, at__gt=since).order_by("-at").values_list("at", flat=True)[limit.most - 1 : limit.most]
    oldest = next(iter(filling), None)
    return oldest + timedelta(seconds=limit.seconds) if oldest else None
