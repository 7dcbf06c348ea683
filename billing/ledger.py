"""The books: double entry, append-only. `post` is the only writer of transfers, and only billing may call it (DESIGN rule 5)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing.models import LedgerAccount, Transfer
from core import sql


@dataclass(frozen=True)
class Entry:
    """`amount` cents (> 0) from the pro's account to the marketplace's, or `back`. `reference` names the business event; a correction
    `reverses` the transfer of this id, once."""

    reference: str
    pro_id: int
    amount: int
    charge_id: UUID | None
    at: datetime
    back: bool = False
    reverses: UUID | None = None


def post(entries: list[Entry], *, account=LedgerAccount.Kind.RECEIVABLE, against=LedgerAccount.Kind.LEADS) -> None:
    """Write the entries, whatever their number, in one INSERT: between the pro's `account` (what it owes, or its wallet) and what the
    marketplace keeps `against` it. A reference that was posted before is an IntegrityError."""
    if not entries:
        return
    accounts = _accounts({entry.pro_id for entry in entries}, str(account), str(against))
    sql.insert(
        Transfer(
            reference=entry.reference,
            at=entry.at,
            debit_id=accounts[None if entry.back else entry.pro_id],
            credit_id=accounts[entry.pro_id if entry.back else None],
            amount=entry.amount,
            charge_id=entry.charge_id,
            reverses_id=entry.reverses,
        )
        for entry in entries
    )


# Finds the accounts and opens those that are missing, in one statement. What another transaction opens this instant shows at the
# next try only: its row is waited for, but not seen by the same snapshot.
ACCOUNTS = """
with wanted(kind, pro_id) as (
  select %(account)s, unnest(%(pros)s::bigint[]) union all select %(against)s, null
), known as (
  select pro_id, id from billing_ledgeraccount
  where marketplace_id = %(marketplace)s and kind = %(account)s and pro_id = any(%(pros)s)
  union all select pro_id, id from billing_ledgeraccount
  where marketplace_id = %(marketplace)s and kind = %(against)s and pro_id is null
), opened as (
  insert into billing_ledgeraccount (marketplace_id, kind, pro_id)
  select %(marketplace)s, w.kind, w.pro_id from wanted w
  where not exists (select from known k where k.pro_id is not distinct from w.pro_id)
  on conflict do nothing returning pro_id, id
)
select pro_id, id from known union all select pro_id, id from opened
"""


def _accounts(pro_ids: set, account: str, against: str) -> dict:
    """Account ids: of each pro's by the pro's id, of the marketplace's under None. Opened when first used."""
    found: dict = {}
    while len(found) <= len(pro_ids):
        found = dict(sql.rows(ACCOUNTS, pros=sorted(pro_ids), account=account, against=against))
    return found
