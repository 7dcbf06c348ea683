"""A month of a membership: what is sold, how it is charged, and when the membership has to be looked at."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from billing import ledger, wallet
from billing.models import LedgerAccount, Membership, MembershipCharge
from billing.policy import Billing, Memberships, Tier
from core.errors import Refusal
from core.policy import read


class NoSuchTier(Refusal):
    code = "no_such_tier"
    sentence = _("There is no such membership here.")
    status = 404


def sold(tier: int) -> Tier:
    """What tier `tier` is here, or NoSuchTier."""
    found = read(Memberships).tier(tier)
    if found is None:
        raise NoSuchTier
    return found


def charge(membership: Membership, tier: int, *, price: int, amount: int, from_at: datetime) -> None:
    """Charge `amount` cents for the running month of `membership` at `tier`, from `from_at` to its end, once: out of the wallet where pros
    pay beforehand, else it is owed. The row of the pro's state is locked. Raises WalletTooLow, and then nothing was charged."""
    row = MembershipCharge(
        membership=membership,
        pro_id=membership.pro_id,
        number=membership.period,
        tier=tier,
        name=sold(tier).name,
        price=price,
        amount=amount,
        from_at=from_at,
        until_at=membership.period_end,
    )
    if amount:
        prepaid = read(Billing).prepaid
        if prepaid:
            wallet.take_out([membership.pro_id], amount)
        entry = ledger.Entry(row.reference, membership.pro_id, amount, None, from_at)
        mine = LedgerAccount.Kind.WALLET if prepaid else LedgerAccount.Kind.RECEIVABLE
        ledger.post([entry], account=mine, against=LedgerAccount.Kind.MEMBERSHIPS)
    row.save(force_insert=True)


def due(membership: Membership, policy: Memberships) -> datetime:
    """When the membership has to be looked at: to say what the next month costs, to warn of an empty wallet, at the end of the month."""
    for done, days in ((membership.announced_at, policy.announce_days), (membership.warned_at, policy.warn_days)):
        if membership.renews and done is None:
            return membership.period_end - timedelta(days=days)
    return membership.period_end
