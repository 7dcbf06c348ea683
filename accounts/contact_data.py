"""Names, numbers and addresses as people type them, made comparable. Pure; each returns the clean value or refuses.

Only what a US home or business can have gets through (RULES 5). Empty never equals empty: an address without a street has
no key at all.
"""

import re
import unicodedata

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from core.errors import Refusal


class BadContact(Refusal):
    """What was typed cannot be used; `fields` says which and why."""

    code = "bad_contact"
    status = 400

    def __init__(self, field=None, **facts):
        super().__init__(fields={field: self.sentence} if field else None, **facts)


class BadName(BadContact):
    code = "bad_name"
    sentence = _("Enter a name of 2 to 120 letters.")


class BadEmail(BadContact):
    code = "bad_email"
    sentence = _("Enter an e-mail address like name@example.com.")


class BadPhone(BadContact):
    code = "bad_phone"
    sentence = _("Enter a US phone number with its area code, like (312) 555-0123.")


class ForeignPhone(BadPhone):
    code = "foreign_phone"
    sentence = _("This number is not in the United States. Enter a US home or mobile number.")


class ServicePhone(BadPhone):
    code = "service_phone"
    sentence = _("This is a toll-free or premium number. Enter a home or mobile number.")


class BadZip(BadContact):
    code = "bad_zip"
    sentence = _("Enter a ZIP code of 5 digits.")


class BadText(BadContact):
    code = "bad_text"
    sentence = _("Shorten this, or type it without special characters.")


def normal_name(text, *, field="name", longest=120) -> str:
    """The name with single spaces and without invisible characters. Refuses (BadName) what shows nothing, has no letter or digit,
    or is longer than `longest`."""
    name = visible(text)
    if not 2 <= len(name) <= longest or not any(character.isalnum() for character in name):
        raise BadName(field)
    return name


def normal_text(text, *, field, longest) -> str:
    """One line of text, possibly empty, cleaned as a name is. Refuses (BadText) what is too long."""
    line = visible(text)
    if len(line) > longest:
        raise BadText(field)
    return line


INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}  # control, format, lone surrogate, private, unassigned
FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # count as letters or symbols and show nothing


def visible(text) -> str:
    """The text with single spaces, and without NULs, lone surrogates and other characters that show nothing."""
    composed = unicodedata.normalize("NFC", str(text or "")[:10_000])
    spaced = (" " if character.isspace() else character for character in composed)
    shown = (c for c in spaced if unicodedata.category(c) not in INVISIBLE and c not in FILLERS)
    return " ".join("".join(shown).split())


def normal_email(text, *, field="email") -> str:
    """The address in lower case. Refuses (BadEmail) what is no address."""
    address = str(text or "").strip().lower()
    try:
        if len(address) > 254 or not address.isascii():
            raise BadEmail(field)
        validate_email(address)
    except ValidationError:
        raise BadEmail(field) from None
    return address


TYPED_NUMBER = re.compile(r"\+?[0-9 ().\-/]{10,30}\Z")
HOME_TYPES = {
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
}


def normal_phone(text, *, field="phone", toll_free=False) -> str:
    """The number as E.164, "+13125550123". Only US home and mobile numbers, and the invented 555-01xx ones of US area codes.

    Refuses BadPhone, ForeignPhone (other countries, among them Canada and the Caribbean, which share +1) and ServicePhone
    (toll-free unless `toll_free`, premium, 976 and 555 services). Only ASCII digits count as digits.
    """
    typed = str(text or "").strip()
    if not TYPED_NUMBER.match(typed):
        raise BadPhone(field)
    try:
        number = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        raise BadPhone(field) from None
    if number.country_code != 1:
        raise ForeignPhone(field)
    digits = str(number.national_number)
    if len(digits) != 10:
        raise BadPhone(field)
    kind = phonenumbers.number_type(number)
    if kind == phonenumbers.PhoneNumberType.TOLL_FREE and toll_free:
        return f"+1{digits}"
    if kind in (phonenumbers.PhoneNumberType.TOLL_FREE, phonenumbers.PhoneNumberType.PREMIUM_RATE):
        raise ServicePhone(field)
    region = region_of(digits[:3])
    if region is None:
        raise BadPhone(field)
    if region != "US":
        raise ForeignPhone(field)
    if digits[3:6] == "976" or (digits[3:6] == "555" and digits[6:8] != "01"):
        raise ServicePhone(field)
    if kind not in HOME_TYPES and digits[3:8] != "55501":
        raise BadPhone(field)
    return f"+1{digits}"


def shown_phone(number) -> str:
    """+16305550117 as "(630) 555-0117". Anything that is no US number stays as it is."""
    text = str(number or "")
    digits = text.removeprefix("+1") if text.startswith("+1") else text
    if len(digits) != 10 or not digits.isdecimal():
        return text
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def region_of(area_code: str) -> str | None:
    """The country or territory of a +1 area code ("US", "CA", "JM"); None when it belongs to no place."""
    ordinary = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{area_code}2345678"))
    return phonenumbers.region_code_for_number(ordinary)


def normal_zip(text, *, field="zip") -> str:
    """Five ASCII digits; "60614-1234" gives "60614". Refuses BadZip. Whether the ZIP exists says the catalogue."""
    match = re.match(r"\s*([0-9]{5})(-[0-9]{4})?\s*\Z", str(text or ""))
    if not match:
        raise BadZip(field)
    return match[1]


WORDS = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd", "drive": "dr", "lane": "ln", "court": "ct",
    "place": "pl", "terrace": "ter", "parkway": "pkwy", "highway": "hwy", "circle": "cir", "square": "sq", "trail": "trl",
    "north": "n", "south": "s", "east": "e", "west": "w", "northeast": "ne", "northwest": "nw", "southeast": "se", "southwest": "sw",
}  # fmt: skip
UNIT_WORDS = {"apartment", "apt", "unit", "suite", "ste", "number", "no", "room", "rm"}


def address_key(street, unit, zip) -> str:
    """Equal for two spellings of one dwelling, "1201 n hoyne ave|2|60622"; empty without a street or a ZIP.

    The unit belongs to it: two flats of one house are two homes.
    """
    words = [WORDS.get(word, word) for word in _words(street)]
    rooms = [word for word in _words(unit) if word not in UNIT_WORDS]
    code = "".join(_words(zip))
    return f"{' '.join(words)}|{' '.join(rooms)}|{code}"[:200] if words and code else ""


def _words(text) -> list[str]:
    plain = unicodedata.normalize("NFKD", visible(text)).encode("ascii", "ignore").decode().lower()
    return re.findall(r"[a-z0-9]+", plain)
