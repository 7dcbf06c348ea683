"""From a homeowner's request to seats, as rows."""

from leads.models.consent import Consent, ConsentName, PickConsent
from leads.models.lead import Decision, Lead, LeadType, Match, Offer, Review
from leads.models.phone_code import PhoneCode
from leads.models.wish import Wish

__all__ = [
    "Consent",
    "ConsentName",
    "Decision",
    "Lead",
    "LeadType",
    "Match",
    "Offer",
    "PhoneCode",
    "PickConsent",
    "Review",
    "Wish",
]
