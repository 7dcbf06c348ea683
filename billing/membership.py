"""Memberships: bought, changed, cancelled (RULES 2, 15, 31). What time does to one says billing.renewal.

Upward holds at once and costs the rest of the month's difference; downward and cancelling hold from the end of the month, and can be taken
back until then. A membership takes nothing from the budget cap (RULES 30). Locks: member, then pro_state, then membership.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.models import ProState
from accounts.rights import STAFF, Right
from accounts.seat_counters import lock_waiting
from accounts.tiers import set_tier
from billing import messages, renewal, wallet
from billing.membership_month import charge, due, sold
from billing.models import Membership
from billing.months import months_after, rest
from billing.policy import Billing, Memberships, Tier
from billing.queries import membership_of
from catalog.guide import dollars
from core import events
from core.errors import NotAllowed, NotFound, Refusal, StaleState
from core.policy import read


class AlreadyMember(Refusal):
    code = "already_member"
    sentence = _("Your company has a membership by now. Nothing was charged again. Look at it below.")
    status = 409


class NoMembership(Refusal):
    code = "no_membership"
    sentence = _("Your company has no membership by now. Nothing was charged.")
    status = 409


class NotApproved(Refusal):
    """A company that gets no leads gets nothing out of a membership."""

    code = "not_approved"
    sentence = _("Your company is not approved yet, so a membership would bring you nothing. Nothing was charged.")
    status = 409


class PriceRose(Refusal):
    """More than what stood on the button."""

    code = "price_changed"
    sentence = _("The price is now %(now)s, then %(monthly)s a month. Nothing was charged: look at it again.")
    status = 409


@dataclass(frozen=True)
class Cost:
    """What a tier costs: so many cents at once, and so many a month from the instant `from_at` on."""

    at_once: int
    monthly: int
    from_at: datetime | None = None


def cost(pro, held: Membership | None, tier: int, *, now: datetime) -> Cost:
    """What `tier` would cost the pro that holds `held` (None: no membership) at `now`. Raises NoSuchTier.

    Upward the price of the running month rises by what is left of it: (new price - price paid) x remaining time / whole time.
    """
    monthly = _price(pro, sold(tier))
    if held is None:
        return Cost(monthly, monthly, months_after(now, 1, pro.zone))
    if tier > held.tier:
        return Cost(rest(monthly - held.price, start=held.period_start, end=held.period_end, now=now), monthly, held.period_end)
    return Cost(0, held.next_price if tier == held.next_tier else monthly, held.period_end)


def buy(pro, tier: int, *, shown: Cost, by, now: datetime) -> Membership:
    """Become a member of `tier` for a month from now, and for each that follows. A second click is the same membership.

    `shown` is what stood on the button; more is not charged. Raises NotAllowed, NoSuchTier, NotApproved, AlreadyMember, PriceRose,
    WalletTooLow.
    """
    actor, state = _hold(pro, by, now)
    actor.require(Right.RAISE_SPENDING)
    if held := membership_of(pro):
        if held.tier == held.next_tier == tier:
            return held
        raise AlreadyMember
    price = _agreed(cost(pro, None, tier, now=now), shown).at_once
    return _begin(pro, state, tier, price=price, then=tier, actor=actor, kind="bought", now=now)


def give(pro, tier: int, *, by, now: datetime) -> Membership:
    """A month for nothing, from the staff of the marketplace: nobody spends a pro's money but its own team (RULES 31). It ends by itself,
    unless the pro goes on with it. Raises NotAllowed, NoSuchTier, NotApproved, AlreadyMember."""
    actor, state = _hold(pro, by, now)
    if actor.role != STAFF:
        raise NotAllowed
    if membership_of(pro):
        raise AlreadyMember
    sold(tier)
    return _begin(pro, state, tier, price=0, then=0, actor=actor, kind="given", now=now)


def change(pro, tier: int, *, seen: str, shown: Cost, by, now: datetime) -> Membership:
    """Go on as a member of `tier`: at once if it is higher, from the end of the month if it is lower. The tier held now takes back what was
    decided for the end of the month. A second click changes nothing.

    `seen` is the stamp of the membership that was looked at, `shown` what stood on the button. Raises NotAllowed, NoSuchTier, NoMembership,
    PriceRose, WalletTooLow, and StaleState when a colleague was quicker.
    """
    actor, _state = _hold(pro, by, now)
    held = _held(pro)
    if tier == held.next_tier:
        return held
    actor.require(Right.RAISE_SPENDING if tier > held.next_tier else Right.LOWER_SPENDING)
    if seen != held.stamp:
        raise StaleState
    price = _agreed(cost(pro, held, tier, now=now), shown)
    lowered = tier < held.next_tier
    if tier > held.tier:
        charge(held, tier, price=price.monthly, amount=price.at_once, from_at=now)
        held.price, held.tier = price.monthly, tier
        set_tier(pro, tier, weight=sold(tier).weight, now=now, actor=actor.name)
    held.next_tier, held.next_price = tier, price.monthly
    _keep(held)
    _record(held, "changed", actor, now)
    if held.tier == tier and price.at_once:
        messages.charged(held, pro, amount=price.at_once, why="changed", now=now)
    elif lowered:
        messages.lowered(held, pro, by=by, now=now)
    return held


def cancel(pro, *, by, now: datetime) -> Membership:
    """No month after the one that runs. Anybody in the team may, and staff on its behalf; said again, it changes nothing.

    Raises NotAllowed and NoMembership.
    """
    actor, _state = _hold(pro, by, now)
    actor.require(Right.LOWER_SPENDING)
    held = _held(pro)
    if held.renews:
        held.next_tier = held.next_price = 0
        _keep(held)
        _record(held, "cancelled", actor, now)
        messages.lowered(held, pro, by=by, now=now)
    return held


def _begin(pro, state, tier, *, price, then, actor, kind, now) -> Membership:
    if not state.approved:
        raise NotApproved
    if (funds := wallet.funds(state, read(Billing))) is not None and funds < price:
        raise wallet.WalletTooLow
    membership = Membership(
        pro=pro,
        tier=tier,
        price=price,
        since=now,
        period_start=now,
        period_end=months_after(now, 1, pro.zone),
        next_tier=then,
        next_price=price if then else 0,
    )
    membership.due_at = due(membership, read(Memberships))
    membership.save(force_insert=True)
    charge(membership, tier, price=price, amount=price, from_at=now)
    set_tier(pro, tier, weight=sold(tier).weight, now=now, actor=actor.name)
    _record(membership, kind, actor, now)
    messages.charged(membership, pro, amount=price, why=kind, now=now)
    return membership


def _hold(pro, by, now) -> tuple:
    """Who acts, and the row of the pro's state, locked: two members of a team come one after the other. What time has done by `now` comes
    before what they decide, however late the worker."""
    actor = acting(by, pro)
    if not lock_waiting([pro.pk]):
        raise NotFound
    if (held := membership_of(pro)) and held.due_at <= now:
        renewal.look(held.pk, now=now)
    return actor, ProState.objects.get(pro=pro)


def _held(pro) -> Membership:
    held = membership_of(pro)
    if held is None:
        raise NoMembership
    return held


def _keep(held):
    held.due_at = due(held, read(Memberships))
    held.save(update_fields=["tier", "price", "next_tier", "next_price", "due_at"])


def _price(pro, tier: Tier) -> int:
    """A month in cents; a test pro pays nothing (INVARIANTS 8)."""
    return 0 if pro.test else tier.price


def _agreed(price: Cost, shown: Cost) -> Cost:
    """What it costs, if that is no more than what was shown: what is left of a month is worth less with every second."""
    if price.at_once > shown.at_once or price.monthly > shown.monthly:
        raise PriceRose(now=dollars(price.at_once), monthly=dollars(price.monthly))
    return price


def _record(held, kind, actor, now):
    events.record(
        f"membership.{kind}",
        held.subject,
        now=now,
        actor=actor.name,
        test=held.pro.test,
        tier=held.tier,
        then=held.next_tier,
        month=held.period,
    )
