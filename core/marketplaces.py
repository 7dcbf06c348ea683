"""The marketplaces of this installation: finding one by its host or name, and the list of them."""

from dataclasses import dataclass

from core.addresses import root_of
from core.models import Marketplace


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
