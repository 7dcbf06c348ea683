"""The languages the marketplace speaks. Homeowners read in theirs; pros, staff and the records are in English."""

from django.utils.translation import get_language

ENGLISH, SPANISH = "en", "es"
NAMES = {ENGLISH: "English", SPANISH: "Español"}


def spoken() -> str:
    """The language in force, one of NAMES."""
    language = get_language()
    return language if language in NAMES else ENGLISH
