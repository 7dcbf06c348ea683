"""The marketplaces of this installation: finding one by its host or name, and the list of them."""

from dataclasses import dataclass

from core import events
from core.addresses import root_of
from core.models import Marketplace
from core.tenancy import current_id, scope


@dataclass(frozen=True)
class Listed:
    name: str
    tagline: str
    host: str
    url: str


def listed() -> list[Listed]:
    """Every marketplace that lives in our time, by name. One whose clock is a replay's is not for visitors."""
    rows = Marketplace.objects.filter(replay=False).order_by("name")
    return [Listed(row.name, row.tagline, row.host, root_of(row)) for row in rows]


def at_host(host: str) -> Marketplace | None:
    """The marketplace of a host name (without port), or None."""
    return Marketplace.objects.filter(host=host).first()


def one_at_a_time() -> None:
    """Wait until nobody else makes the next version, or the next name, of something in the marketplace in force; others then wait for the
    end of this transaction. Rows that only refer to the marketplace are written meanwhile."""
    Marketplace.objects.select_for_update(no_key=True).get(pk=current_id())


def change(marketplace, *, name, tagline, brand, by, now) -> None:
    """Call a marketplace something else, or give it another look; `by` is one of the platform's staff.

    The caller has checked the words and that the brand can be read.
    """
    new = {"name": name, "tagline": tagline, "brand": brand}
    old = Marketplace.objects.filter(pk=marketplace.pk).values(*new).get()
    Marketplace.objects.filter(pk=marketplace.pk).update(**new)
    with scope(marketplace):
        changed = [column for column in new if new[column] != old[column]]
        events.record("marketplace.changed", f"marketplace:{marketplace.pk}", now=now, actor=f"platform:{by.pk}", changed=changed)
