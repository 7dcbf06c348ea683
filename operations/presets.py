"""The two operators the product was commissioned for, as data. A third mix needs no code (RULES 2)."""

from dataclasses import dataclass, field

from accounts.policy import Pros
from billing.policy import Billing, Memberships, Tier
from contact.policy import Contact
from credits.policy import Credits
from leads.policy import Analytics, Choice, InCharge, Leads, OptIn, PhoneCheck, Reviews
from notifications.policy import Notices

HOURS = 3600
DAYS = 24 * HOURS


@dataclass(frozen=True)
class Preset:
    """Policy sections and the first terms (fields of billing.Terms) of a new marketplace."""

    sections: tuple
    terms: dict = field(default_factory=dict)


PRESETS = {
    "lead_manager": Preset(
        sections=(
            Leads(lead_types=("automatch", "choice")),
            PhoneCheck(mode="optional"),
            Choice(),
            Reviews(),
            Analytics(),
            InCharge(),
            Notices(),
            Pros(budget_required=True),
            Billing(prepaid=False),
            Contact(),
            Credits(),
        ),
        terms={"pricing": "flat", "discount_bp": 2000, "discount_seconds": 1800, "claim_seconds": 30 * DAYS},
    ),
    "opt_in": Preset(
        sections=(
            Leads(lead_types=("opt_in",), renters_need_approval=False),
            PhoneCheck(mode="required"),
            Choice(),
            OptIn(),
            Reviews(),
            Analytics(),
            InCharge(),
            Notices(),
            Pros(budget_required=False),
            Billing(prepaid=True),
            Memberships(
                tiers=(
                    Tier("Silver", price=2_900, weight=2),
                    Tier("Gold", price=7_900, weight=3, analytics=True),
                    Tier("Platinum", price=14_900, weight=4, analytics=True, manager=True),
                )
            ),
            Contact(),
            Credits(
                reasons=("inaccurate_contact", "outside_services", "outside_area", "fraudulent", "not_asked"),
                promised_days=7,
                typical_days=5,
            ),
        ),
        terms={"pricing": "percent", "basis_points": 100, "discount_bp": 0, "claim_seconds": 72 * HOURS},
    ),
}
