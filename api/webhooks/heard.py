"""What a homeowner hears on the telephone, in the language they asked in; pros hear English (RULES 21)."""

from django.utils import translation
from django.utils.translation import gettext as _

from catalog.words import local
from core.languages import ENGLISH, SPANISH

VOICES = {ENGLISH: "en-US", SPANISH: "es-US"}  # as a carrier names who reads it out


def say(verb, words, language=ENGLISH) -> None:
    """Have `words`, written in `language`, read out by a voice of that language."""
    verb.say(str(words), language=VOICES[language])


def introduced(company: str, service: str, language: str) -> str:
    """Who calls, and about what, before the homeowner is connected."""
    with translation.override(language):
        return _("%(company)s about your %(service)s.") % {"company": company, "service": local(service)}


def offered(company: str, digit: int, language: str) -> str:
    """One line of the menu of a homeowner who calls back."""
    with translation.override(language):
        return _("For %(company)s, press %(digit)s.") % {"company": company, "digit": digit}


def in_vain(status: str, language: str) -> str:
    """Why a caller was connected to nobody, by the carrier's `status` of the dialled leg; "" when they were."""
    with translation.override(language):
        words = {
            "busy": _("The line is busy. Your call is on record."),
            "no-answer": _("Nobody answered. Your call is on record."),
            "failed": _("This number cannot be reached. Your call is on record."),
        }
        return words.get(status, "")
