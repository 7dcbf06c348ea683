"""What is reserved: a pro that waits for a draw has agreed to a price that is neither spent nor free until then (RULES 15).

It is kept out of the wallet's free money and of the budget by the rules of the decision, and once more by guarded UPDATEs (INVARIANTS 6,
13). Nothing is posted: a reservation is no money that moved.
"""

from accounts.seat_counters import lock_waiting
from billing.policy import Billing
from billing.wallet import WalletTooLow
from core import sql
from core.policy import read

RESERVE = """
update accounts_prostate set reserved = reserved + %(cents)s, rev = rev + 1
where marketplace_id = %(marketplace)s and pro_id = %(pro)s and (not %(prepaid)s or wallet - reserved - %(cents)s >= %(floor)s)
"""

RELEASE = """
update accounts_prostate s set reserved = s.reserved - held.cents, rev = s.rev + 1
from unnest(%(pros)s::bigint[], %(cents)s::bigint[]) as held(pro_id, cents)
where s.marketplace_id = %(marketplace)s and s.pro_id = held.pro_id
"""


def reserve(pro_id: int, cents: int) -> None:
    """Keep `cents` of the pro, whose row is locked and was judged to have them, or raise WalletTooLow."""
    policy = read(Billing)
    if not sql.run(RESERVE, pro=pro_id, cents=cents, prepaid=policy.prepaid, floor=policy.wallet_floor):
        raise WalletTooLow


def release(held: dict[int, int]) -> None:
    """Give back what was reserved, {pro id: cents}. Locks the pros by ascending id."""
    held = {pro_id: cents for pro_id, cents in held.items() if cents}
    if held:
        lock_waiting(held)
        sql.run(RELEASE, pros=list(held), cents=list(held.values()))
