"""What parts/pro_profile.html shows: to homeowners, and to the pro itself as they see it."""

from accounts.area_words import area_in_words
from leads.ratings import reviews_of


def about(profile, *, page="") -> dict:
    """The context for a profile (leads.profiles.Profile); `page` is that of its reviews, as an address says it."""
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1
    return {"profile": profile, "area": area_in_words(profile.pro), "reviewed": reviews_of(profile.pro.pk, page=number)}
