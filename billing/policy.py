"""The numbers of how pros pay, and the memberships they can buy."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.policy import Section


@dataclass(frozen=True)
class Billing(Section):
    """How leads are paid for (RULES 2): `prepaid` out of a wallet that never falls below `wallet_floor` (INVARIANTS 13), or owed. Cents;
    what staff may type has an upper end, so that a slip is caught. New terms are announced `terms_notice_days` before (RULES 32). A policy
    without this section, as those published before there were wallets, has these defaults: its pros pay afterwards."""

    name = "billing"
    may_be_negative = frozenset({"wallet_floor"})

    prepaid: bool = False
    wallet_floor: int = 0
    top_up_most: int = 10_000_000
    terms_notice_days: int = 7


@dataclass(frozen=True)
class Tier:
    """One membership on sale: `price` cents a month. A pro of it has `weight` times the share of a pro without, where requests are shared
    out or their order is drawn. How soon it is told of offers says leads.policy.OptIn."""

    name: str
    price: int
    weight: int = 1
    analytics: bool = False
    manager: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether it can be sold: what is typed as JSON may be anything."""
        whole = type(self.price) is int and self.price >= 0 and type(self.weight) is int and self.weight >= 1
        return whole and isinstance(self.name, str) and bool(self.name.strip())


@dataclass(frozen=True)
class Memberships(Section):
    """The `tiers` on sale, the lowest first: tier 1 is the first, 0 is no membership (RULES 2). Where there are none, every pro has
    analytics and a named account manager. What a month will cost is said `announce_days` before it begins and holds from then on: RULES 32
    wants seven, the eighth is for a worker that is late. That the wallet does not cover it is said `warn_days` before."""

    name = "memberships"

    tiers: tuple[Tier, ...] = ()
    announce_days: int = 8
    warn_days: int = 3

    def __post_init__(self):
        """What is stored are mappings."""
        tiers = tuple(tier if isinstance(tier, Tier) else Tier(**tier) for tier in self.tiers)
        object.__setattr__(self, "tiers", tiers)

    def problems(self) -> dict:
        wrong = super().problems()
        if not all(tier.is_sound for tier in self.tiers):
            wrong["tiers"] = _("Every tier has a name, a price in whole cents, and a weight of 1 or more.")
        return wrong

    def tier(self, number: int) -> Tier | None:
        """What tier `number` is; None for no membership, and for one that is not sold any more."""
        return self.tiers[number - 1] if 1 <= number <= len(self.tiers) else None

    def has_analytics(self, number: int) -> bool:
        """Whether a pro of this tier sees its analytics."""
        return not self.tiers or bool((tier := self.tier(number)) and tier.analytics)

    def has_manager(self, number: int) -> bool:
        """Whether a pro of this tier is told who its account manager is."""
        return not self.tiers or bool((tier := self.tier(number)) and tier.manager)
