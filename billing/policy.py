"""The numbers of how pros pay."""

from dataclasses import dataclass

from core.policy import Section


@dataclass(frozen=True)
class Billing(Section):
    """How leads are paid for (RULES 2): `prepaid` out of a wallet that never falls below `wallet_floor` (INVARIANTS 13), or owed. Cents;
    what staff may type has an upper end, so that a slip is caught. A policy without this section, as those published before there were
    wallets, has these defaults: its pros pay afterwards."""

    name = "billing"

    prepaid: bool = False
    wallet_floor: int = 0
    top_up_most: int = 10_000_000
