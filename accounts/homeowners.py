"""Homeowners: one row a request, normalised so that the same person and the same home are recognised (RULES 7)."""

import unicodedata

from django.utils.translation import gettext_lazy as _

from accounts.contact_data import BadContact, address_key, normal_email, normal_name, normal_phone, normal_text, visible
from accounts.models import Homeowner
from core.languages import spoken


class NoWayToReach(BadContact):
    code = "no_way_to_reach"
    sentence = _("Enter a phone number or an e-mail address, so that pros can reach you.")


def register(**typed) -> Homeowner:
    """Keep a homeowner. Takes and refuses what `prepare` does."""
    person = prepare(**typed)
    person.save()
    return person


def prepare(*, name, zip, zone, phone="", email="", street="", unit="", made_up=False) -> Homeowner:
    """An unsaved homeowner out of what was typed, in the language in force; one of `phone` and `email` may be empty.

    Refuses with the field what is no name, no US home or mobile number or no address (BadContact), and NoWayToReach.
    """
    phone = normal_phone(phone) if visible(phone) else ""
    email = normal_email(email) if visible(email) else ""
    if not phone and not email:
        raise NoWayToReach("phone")
    street = normal_text(street, field="street", longest=160)
    unit = normal_text(unit, field="unit", longest=20)
    return Homeowner(
        name=normal_name(name),
        phone=phone,
        email=email,
        street=street,
        unit=unit,
        address_key=address_key(street, unit, zip),
        zone=zone,
        language=spoken(),
        made_up=made_up,
    )


def plain_text(text) -> str:
    """Several lines of free text without control characters and lone surrogates; line ends become "\\n"."""
    lines = str(text or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Cn", "Co")).strip()
