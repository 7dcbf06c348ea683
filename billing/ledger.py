"""The books: double entry, append-only. `post` is the only writer of transfers, and only billing may call it (DESIGN rule 5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from billing.models import LedgerAccount, Transfer


@dataclass(frozen=True)
class Entry:
    """`amount` cents (> 0) owed by the pro to the marketplace for leads. `reference` names the business event."""

    reference: str
    pro_id: int
    amount: int
    charge_id: UUID
    at: datetime


def post(entries: list[Entry]) -> None:
    """Write the entries, whatever their number, in one INSERT. A reference that was posted before is an IntegrityError."""
    if not entries:
        return
    accounts = _accounts({entry.pro_id for entry in entries})
    Transfer.objects.bulk_create(
        Transfer(
            reference=entry.reference,
            at=entry.at,
            debit_id=accounts[entry.pro_id],
            credit_id=accounts[None],
            amount=entry.amount,
            charge_id=entry.charge_id,
        )
        for entry in entries
    )


def _accounts(pro_ids: set) -> dict:
    """Account ids: of each pro's receivable by the pro's id, of the marketplace's earnings under None. Opened when first used."""
    wanted = Q(kind=LedgerAccount.Kind.RECEIVABLE, pro__in=pro_ids) | Q(kind=LedgerAccount.Kind.LEADS)
    found = dict(LedgerAccount.objects.filter(wanted).values_list("pro_id", "id"))
    missing = [pro_id for pro_id in [None, *pro_ids] if pro_id not in found]
    if missing:
        kinds = LedgerAccount.Kind
        LedgerAccount.objects.bulk_create(
            [LedgerAccount(kind=kinds.RECEIVABLE if pro_id else kinds.LEADS, pro_id=pro_id) for pro_id in missing],
            ignore_conflicts=True,
        )
        found = dict(LedgerAccount.objects.filter(wanted).values_list("pro_id", "id"))
    return found
