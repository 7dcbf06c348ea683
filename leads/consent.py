"""The words a homeowner agrees to, kept exactly as they were shown, in the language they were shown in (RULES 6)."""

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from catalog.words import local
from core.tenancy import current

VERSION = "2026-11"


def words() -> str:
    """Consent to be contacted, as it stands on the form."""
    return _(
        "I agree that up to four pros, whom %(marketplace)s names to me at once, contact me about this request. "
        "I can stop all contact at any time with one tap."
    ) % {"marketplace": current().name}


def pick_words(names, lead) -> str:
    """What picking these pros says, as it stands beside the button (RULES 14)."""
    said = {"pros": get_text_list(names, _("and")), "service": local(lead.service.name), "reach": lead.get_reach_display()}
    return _("%(pros)s may contact me about this request (%(service)s), until I stop them. My wish: %(reach)s.") % said


def sms_words() -> str:
    """The separate consent to text messages."""
    return _(
        "I also agree to get text messages about this request from %(marketplace)s. Message and data rates may apply. "
        "Reply STOP to end them."
    ) % {"marketplace": current().name}
