"""The catalogue's numbers."""

from dataclasses import dataclass

from core.policy import Section


@dataclass(frozen=True)
class Catalogue(Section):
    """RULES 32: a price guide takes effect this many days after it is announced."""

    name = "catalogue"
    guide_notice_days: int = 7
