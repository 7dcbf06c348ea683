"""What time does to a membership: the next month announced, an empty wallet warned of, the month renewed or the end (RULES 17, 32).

Every effect has the instant of its period, however late the worker: months follow one another without a gap. A month that the wallet
does not cover is not begun; nobody owes for it, and the membership is over. Locks: pro_state, then membership.
"""

from datetime import datetime, timedelta

from accounts.seat_counters import lock_waiting
from accounts.tiers import set_tier
from billing import messages, wallet
from billing.membership_month import charge, due
from billing.models import Membership
from billing.months import months_after
from billing.policy import Billing, Memberships
from core import events
from core.policy import read
from core.state import move

# What changes with a month.
MONTH = ["tier", "price", "period", "period_start", "period_end", "next_price", "announced_at", "warned_at", "due_at"]
LATE = timedelta(days=1)  # an announcement later than this is too late for a higher price


def due_memberships(*, now: datetime, limit: int) -> list:
    """The ids of those that have to be looked at by `now`, the longest waiting first."""
    return list(Membership.objects.filter(due_at__lte=now).order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def look(membership_id, *, now: datetime) -> None:
    """Do everything that was due for the membership by `now`, each step once. Said twice, it changes nothing."""
    found = Membership.objects.filter(pk=membership_id, due_at__lte=now)
    for pro_id in found.values_list("pro_id", flat=True):
        lock_waiting([pro_id])
        membership = Membership.objects.select_related("pro__state_row").select_for_update(no_key=True, of=("self",)).get(pk=membership_id)
        while membership.due_at and membership.due_at <= now:
            _step(membership, read(Memberships), now)


def _step(membership, policy, now):
    if membership.due_at >= membership.period_end:
        _next_month(membership, policy, now)
        return
    if membership.announced_at is None:
        _announce(membership, policy, now)
    else:
        _warn(membership, now)
    membership.due_at = due(membership, policy)
    membership.save(update_fields=["due_at", "next_price", "announced_at", "warned_at"])


def _announce(membership, policy, now):
    """Say on which day how much is charged. A higher price is taken from now on only if it is said in time."""
    membership.announced_at = membership.due_at
    sold = policy.tier(membership.next_tier)
    if sold and not membership.pro.test:
        in_time = now <= membership.due_at + LATE
        membership.next_price = sold.price if in_time else min(sold.price, membership.next_price)
    if sold and now < membership.period_end:
        messages.announced(membership, membership.pro, name=sold.name, now=now)


def _warn(membership, now):
    """Say that the wallet does not cover the next month, while there is time to fill it."""
    membership.warned_at = membership.due_at
    funds = wallet.funds(membership.pro.state_row, read(Billing))
    if funds is not None and funds < membership.next_price and now < membership.period_end:
        messages.warned(membership, membership.pro, balance=membership.pro.state_row.wallet, now=now)


def _next_month(membership, policy, now):
    sold = policy.tier(membership.next_tier)
    if not membership.renews:
        _end(membership, Membership.Reason.CANCELLED, now)
    elif sold is None:
        _end(membership, Membership.Reason.NOT_SOLD, now)
    elif not membership.pro.state_row.approved:
        _end(membership, Membership.Reason.SUSPENDED, now)
    else:
        _renew(membership, sold, policy, now)


def _renew(membership, sold, policy, now):
    pro, at, before = membership.pro, membership.period_end, (membership.period, membership.period_start, membership.period_end)
    membership.period += 1
    membership.period_start, membership.period_end = at, months_after(membership.since, membership.period, pro.zone)
    try:
        charge(membership, membership.next_tier, price=membership.next_price, amount=membership.next_price, from_at=at)
    except wallet.WalletTooLow:
        membership.period, membership.period_start, membership.period_end = before
        _end(membership, Membership.Reason.UNPAID, now)
        return
    membership.tier, membership.price = membership.next_tier, membership.next_price
    membership.announced_at = membership.warned_at = None
    membership.due_at = due(membership, policy)
    membership.save(update_fields=MONTH)
    set_tier(pro, membership.tier, weight=sold.weight, now=at)
    events.record("membership.renewed", membership.subject, now=at, test=pro.test, tier=membership.tier, month=membership.period)
    messages.charged(membership, pro, amount=membership.price, why="renewed", now=now)


def _end(membership, reason, now):
    at = membership.period_end
    move(membership, Membership.State.ENDED, ended_at=at, end_reason=reason, due_at=None)
    set_tier(membership.pro, 0, weight=1, now=at)
    events.record("membership.ended", membership.subject, now=at, test=membership.pro.test, reason=str(reason), month=membership.period)
    messages.ended(membership, membership.pro, now=now)
