"""From a homeowner's request to seats, as rows."""

from leads.models.consent import Consent, ConsentName, PickConsent
from leads.models.given import Photo, Reveal
from leads.models.lead import Decision, Lead, LeadType, Match
from leads.models.offer import Offer
from leads.models.phone_code import PhoneCode
from leads.models.review import Review
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
    "Photo",
    "PickConsent",
    "Reveal",
    "Review",
    "Wish",
]
