"""The wallet of a pro that pays beforehand: filled by payments, emptied by charges, never below its floor (RULES 2, INVARIANTS 13).

The books say what is in it; `ProState.wallet` caches that, changed by guarded UPDATEs in the transaction of the posting. Whoever moves
money here holds the row of the pro's state: lead -> pro_state -> charge.
"""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.contact_data import visible
from accounts.models import ProState
from accounts.rights import STAFF
from accounts.seat_counters import lock_waiting
from billing import ledger
from billing.models import LedgerAccount, Transfer
from billing.policy import Billing
from catalog.guide import dollars
from core import events, sql
from core.errors import NotAllowed, Refusal
from core.policy import read

REFERENCE_LENGTH = 60
TOP_UP = "topup:"  # before the reference of a payment, in the books

TAKE_OUT = """
update accounts_prostate set wallet = wallet - %(cents)s, rev = rev + 1
where marketplace_id = %(marketplace)s and pro_id = any(%(pros)s) and wallet - %(cents)s >= %(floor)s
"""

PUT_IN = """
update accounts_prostate set wallet = wallet + %(cents)s, rev = rev + 1 where marketplace_id = %(marketplace)s and pro_id = %(pro)s
"""


class WalletTooLow(Refusal):
    """What is in the wallet does not cover the price. Nothing was charged."""

    code = "wallet_too_low"
    sentence = _("Your balance is too low for this. Add money to your wallet, then try again. Nothing was charged.")
    status = 409


class NoWallet(Refusal):
    code = "no_wallet"
    sentence = _("Pros do not pay beforehand here: there is no wallet to add money to.")
    status = 409


class BadTopUp(Refusal):
    code = "bad_top_up"
    sentence = _("Enter an amount from $0.01 to %(most)s.")
    status = 400


class ReferenceMissing(Refusal):
    code = "reference_missing"
    sentence = _("Say which payment this is: its number at the bank or the card company.")
    status = 400


class ReferenceUsed(Refusal):
    code = "reference_used"
    sentence = _("A payment of this reference was recorded before, for another amount or another pro.")
    status = 409


def top_up(pro, cents: int, *, by, reference: str, now: datetime) -> int:
    """Record a payment that reached the marketplace: `cents` are in the wallet from now on. `by` is the member of staff who saw it,
    `reference` names the payment. The same payment recorded again changes nothing. Returns what is in the wallet.

    Posts `topup:<reference>`. Raises NotAllowed, NoWallet, BadTopUp, ReferenceMissing, ReferenceUsed.
    """
    actor, policy = acting(by, pro), read(Billing)
    if actor.role != STAFF:
        raise NotAllowed
    if not policy.prepaid:
        raise NoWallet
    if not 1 <= cents <= policy.top_up_most:
        raise BadTopUp(most=dollars(policy.top_up_most))
    reference = visible(reference)[:REFERENCE_LENGTH]
    if not reference:
        raise ReferenceMissing
    lock_waiting([pro.pk])
    name = f"{TOP_UP}{reference}"
    if before := Transfer.objects.filter(reference=name).select_related("credit").first():
        if (before.credit.pro_id, before.amount) != (pro.pk, cents):
            raise ReferenceUsed
        return balance(pro)
    put_in(pro.pk, cents)
    ledger.post(
        [ledger.Entry(name, pro.pk, cents, None, now, back=True)], account=LedgerAccount.Kind.WALLET, against=LedgerAccount.Kind.CASH
    )
    events.record("wallet.topped_up", pro.subject, now=now, actor=actor.name, test=pro.test, cents=cents)
    return balance(pro)


def payment(reference: str) -> Transfer:
    """The recorded payment of this reference, as top_up wrote it."""
    return Transfer.objects.get(reference=f"{TOP_UP}{visible(reference)[:REFERENCE_LENGTH]}")


def balance(pro) -> int:
    """The cents in the wallet of `pro`."""
    return ProState.objects.values_list("wallet", flat=True).get(pro=pro)


def funds(state, policy: Billing) -> int | None:
    """What the pro of `state` (a ProState, or any row with its columns) can pay with now; None where nobody pays beforehand."""
    return state.wallet - policy.wallet_floor if policy.prepaid else None


def take_out(pro_ids, cents: int) -> None:
    """Take `cents` out of each of these wallets, whose rows are locked, or raise WalletTooLow. One statement. The caller posts it."""
    pros = list(pro_ids)
    if sql.run(TAKE_OUT, pros=pros, cents=cents, floor=read(Billing).wallet_floor) < len(pros):
        raise WalletTooLow


def put_in(pro_id: int, cents: int) -> None:
    """Put `cents` into the wallet, whose row is locked. The caller posts it."""
    sql.run(PUT_IN, pro=pro_id, cents=cents)
