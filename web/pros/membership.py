"""My Account, Membership: what each one gives and costs, the one in force, and what happens when (RULES 2, 15, 31).

Nothing here is charged that does not stand on the button; cancelling is one button too.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import Right
from billing import membership as memberships
from billing.membership import Cost
from billing.models import Membership
from billing.policy import Billing, Memberships, Tier
from billing.queries import membership_of
from billing.wallet import funds
from core.errors import NotFound, Refusal
from core.policy import read
from leads.policy import Leads, OptIn
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import full_day


def _number(**options):
    return forms.RegexField(r"^[0-9]{1,9}\Z", **options)


class ChoiceForm(forms.Form):
    """A pressed button: the tier (0: cancel), what was seen of the membership, and the cents that stood on it."""

    tier = _number()
    seen = forms.CharField(required=False, max_length=80)
    at_once = _number(required=False, empty_value="0")
    monthly = _number(required=False, empty_value="0")

    def clean_tier(self):
        return int(self.cleaned_data["tier"])

    def shown(self) -> Cost:
        return Cost(int(self.cleaned_data["at_once"]), int(self.cleaned_data["monthly"]))


@dataclass(frozen=True)
class Card:
    """One membership on sale, as this pro can have it now. `does` says what its button does: buy, raise, lower or keep; nothing where
    there is no button. `short` is what the wallet lacks for it, in cents."""

    number: int
    tier: Tier
    facts: list
    cost: Cost
    does: str = ""
    short: int = 0


@pro_page("GET", "POST")
def membership(request, viewer):
    if not viewer.may_be_member:
        raise NotFound
    if request.method != "POST":
        return _page(request, viewer)
    form = ChoiceForm(request.POST)
    if not form.is_valid():
        return _page(request, viewer, refused=_("That button could not be read. Nothing was charged. Try again."), status=422)
    try:
        held = _choose(viewer, form)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        return _page(request, viewer, refused=str(refusal), status=refusal.status)
    messages.success(request, _done(viewer, held))
    return redirect("pros:membership")


def _choose(viewer, form) -> Membership:
    tier, seen, by = form.cleaned_data["tier"], form.cleaned_data["seen"], {"by": viewer.member, "now": viewer.now}
    if not tier:
        return memberships.cancel(viewer.pro, **by)
    if seen:
        return memberships.change(viewer.pro, tier, seen=seen, shown=form.shown(), **by)
    return memberships.buy(viewer.pro, tier, shown=form.shown(), **by)


def _done(viewer, held) -> str:
    policy = read(Memberships)
    said = {"tier": policy.tier(held.tier).name, "day": full_day(held.period_end, viewer.zone)}
    if not held.renews:
        return _("Cancelled. %(tier)s stays until %(day)s, and nothing more is charged.") % said
    if held.next_tier < held.tier:
        said["next"] = policy.tier(held.next_tier).name
        return _("%(tier)s stays until %(day)s, then you are a %(next)s member.") % said
    return _("You are a %(tier)s member. What was charged stands below, and its receipt comes by email.") % said


def _page(request, viewer, *, refused="", status=200):
    policy, held = read(Memberships), membership_of(viewer.pro)
    left = funds(viewer.state, read(Billing))
    opt_in = read(OptIn)
    context = {
        "refused": refused,
        "held": held,
        "mine": policy.tier(held.tier) if held else None,
        "follows": policy.tier(held.next_tier) if held else None,
        "cards": [_card(viewer, held, number, tier, left) for number, tier in enumerate(policy.tiers, start=1)],
        "wallet": viewer.state.wallet if left is not None and viewer.sees_money else None,
        "offers": read(Leads).opt_in,
        "delay": opt_in.delay(0) // 60,
        "early": opt_in.early_seats,
        "seats": read(Leads).seats,
        "first_come": opt_in.allocation == "first" and not _shared(),
    }
    return page(request, viewer, "pros/membership.html", context, status=status)


def _card(viewer, held, number, tier, left) -> Card:
    price = memberships.cost(viewer.pro, held, number, now=viewer.now)
    does = _does(viewer, held, number)
    short = max(0, price.at_once - left) if left is not None and does in ("buy", "raise") else 0
    return Card(number, tier, _facts(number, tier), price, does, short)


def _does(viewer, held, number) -> str:
    if held and number == held.next_tier:
        return ""
    if number > (held.next_tier if held else 0) and not viewer.may(Right.RAISE_SPENDING):
        return ""
    if held is None:
        return "buy"
    if number > held.tier:
        return "raise"
    return "keep" if number == held.tier else "lower"


def _facts(number, tier) -> list:
    """What a tier gives, in (label, words)."""
    facts = []
    if read(Leads).opt_in:
        facts.append((_("Told of new offers"), told_after(read(OptIn).delay(number))))
    if _shared():
        facts.append((_("Your share where leads are shared out"), share_of(tier.weight)))
    facts.append((_("Analytics"), _("Yes") if tier.analytics else _("No")))
    facts.append((_("Named account manager"), _("Yes") if tier.manager else _("No")))
    return facts


def _shared() -> bool:
    """Whether a weight changes anything here: requests are matched, or the order of pros is drawn."""
    policy = read(Leads)
    return policy.automatch or policy.choice


def told_after(seconds: int) -> str:
    """How long after the first pros one is told: "at once", "after 10 minutes"."""
    if not seconds:
        return _("at once")
    return ngettext("after %(n)s minute", "after %(n)s minutes", seconds // 60) % {"n": seconds // 60}


def share_of(weight: int) -> str:
    """A weight in words: "twice that of a pro without"."""
    if weight == 1:
        return _("the same as without")
    return _("twice that of a pro without") if weight == 2 else _("%(n)s times that of a pro without") % {"n": weight}
