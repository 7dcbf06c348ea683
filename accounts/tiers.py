"""The tier of a pro's membership, as decisions read it. Billing sells memberships; here stands which one is in force."""

from django.db.models import F

from accounts.models import ProState
from core import events


def set_tier(pro, tier: int, *, weight: int, now, actor="") -> None:
    """From now on `pro` is of this tier (0: no membership) and has `weight` times the share of a pro without. The caller holds the row of
    the pro's state. What is so already changes nothing."""
    state = ProState.objects.get(pro=pro)
    if (state.tier, state.weight) == (tier, weight):
        return
    ProState.objects.filter(pk=state.pk).update(tier=tier, weight=weight, rev=F("rev") + 1)
    changed = {"from": state.tier, "to": tier, "weight": weight}
    events.record("pro.tier_changed", pro.subject, now=now, actor=actor, test=pro.test, **changed)
