"""A lead's charge and its verbs: open, discount, credit back, undo (DESIGN rule 5). Other packages know no more of money than these."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.seat_counters import give_back, lock_waiting
from billing import ledger, wallet
from billing.models import Charge, LedgerAccount, Terms, Transfer
from billing.policy import Billing
from billing.pricing import Quote, discounted
from core import sql
from core.policy import read


@dataclass(frozen=True)
class Sale:
    """One match to charge: its id, who pays, and the pro's 30-day period the price counts in."""

    match_id: UUID
    pro_id: int
    period: int


def open_charges(sales: list[Sale], *, terms: Terms, quote: Quote, now: datetime) -> None:
    """Charge each match at the quoted price, once: one INSERT of charges, one of transfers. A free lead posts nothing. Where pros pay
    beforehand it comes out of their wallets, whose rows are locked, or nothing is charged: wallet.WalletTooLow."""
    prepaid = read(Billing).prepaid
    if prepaid and quote.price:
        wallet.take_out([sale.pro_id for sale in sales], quote.price)
    sql.insert(
        Charge(
            id=sale.match_id,
            pro_id=sale.pro_id,
            terms=terms,
            price=quote.price,
            basis=quote.basis,
            period=sale.period,
            opened_at=now,
            billable_at=None if terms.discount_bp else now,
            prepaid=prepaid,
        )
        for sale in sales
    )
    if quote.price:
        entries = [ledger.Entry(f"charge:{sale.match_id}", sale.pro_id, quote.price, sale.match_id, now) for sale in sales]
        ledger.post(entries, account=_account(prepaid))


def discount(charge_id: UUID, *, now: datetime) -> int:
    """Take the Speed-To-Call discount of its terms off a charge (RULES 24). Returns the cents taken off: 0 when that was done before,
    when the terms have none, or when a full credit has left nothing to take it off (INVARIANTS 12). Posts `discount:<match>`."""
    charge = lock(charge_id)
    cents = min(discounted(charge.terms, charge.price), charge.net)
    if charge.discounted or not cents:
        return 0
    _take_back(charge, cents, reference=f"discount:{charge.pk}", now=now, discounted=cents)
    return cents


def credit_back(charge_id: UUID, *, reference: str, now: datetime) -> int:
    """Give back all that is left of a charge (INVARIANTS 12). Returns the cents: 0 when nothing was left, then nothing is posted.
    `reference` names the decision, "credit:<request>"."""
    charge = lock(charge_id)
    cents = charge.net
    if cents:
        _take_back(charge, cents, reference=reference, now=now, credited=charge.credited + cents)
    return cents


def undo(charge_id: UUID, *, now: datetime) -> int:
    """The sale was undone: all that is left of the charge is given back (RULES 15). Returns the cents. Posts `undo:<match>`, which names
    the transfer it reverses."""
    charge = lock(charge_id)
    cents = charge.net
    if cents:
        charged = Transfer.objects.values_list("pk", flat=True).get(reference=f"charge:{charge.pk}")
        _take_back(charge, cents, reference=f"undo:{charge.pk}", reverses=charged, now=now, credited=charge.credited + cents)
    return cents


def bill(charge_ids, *, now: datetime) -> None:
    """These charges may be invoiced from now on: their clocks have ended or were earned. Said again, it changes nothing (RULES 24).

    Locks them by ascending pro, as a credit of several pros does.
    """
    unbilled = Charge.objects.filter(pk__in=list(charge_ids), billable_at=None).order_by("pro", "pk").select_for_update(no_key=True)
    Charge.objects.filter(pk__in=list(unbilled.values_list("pk", flat=True)), billable_at=None).update(billable_at=now)


def lock(charge_id: UUID) -> Charge:
    """The charge with its terms, locked after its pro's state: the order of everybody who holds both."""
    pro_id = Charge.objects.values_list("pro_id", flat=True).get(pk=charge_id)
    lock_waiting([pro_id])
    return Charge.objects.select_related("terms").select_for_update(no_key=True, of=("self",)).get(pk=charge_id)


def _take_back(charge, cents, *, reference, now, reverses=None, **amounts):
    """Less of the charge, of what the pro owes (or back into its wallet), and of what it has spent in the charge's period (RULES 30)."""
    sql.update(charge, **amounts)
    ledger.post(
        [ledger.Entry(reference, charge.pro_id, cents, charge.pk, now, back=True, reverses=reverses)], account=_account(charge.prepaid)
    )
    if charge.prepaid:
        wallet.put_in(charge.pro_id, cents)
    give_back(charge.pro_id, cents, period=charge.period)


def _account(prepaid):
    """The pro's side of a charge."""
    return LedgerAccount.Kind.WALLET if prepaid else LedgerAccount.Kind.RECEIVABLE
