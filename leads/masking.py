"""A homeowner's own words without what would give them away: phone numbers, e-mail addresses, streets, in English and Spanish
(INVARIANTS 22, 32).

Pure. What pros read is searched for all that is known of the person besides; the words themselves are stored as typed. Whatever is searched
through has bounds, so that the time grows with the length of the text only. Rather too much is masked than too little.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from leads import spoken_numbers, streets

PHONE, EMAIL, STREET, LINK, NAME = "phone", "email", "street", "link", "name"


@dataclass(frozen=True)
class Masked:
    """The text with its secrets replaced, and which kinds were found, in the order email, phone, street."""

    text: str
    kinds: tuple[str, ...]


def masked(text: str) -> Masked:
    """`text` without what gives away whoever wrote it, as its writer is shown what we hide."""
    shown, found = _covered(text, FINDERS)
    return Masked(shown, tuple(kind for kind, _find in FINDERS if kind in found))


def unnamed(text: str, person) -> str:
    """`text` as a pro may read it before it has a seat: masked, with no part of the homeowner's name, and nothing of what else it gave as
    its own, however it is typed (INVARIANTS 32). `person` has `name`, `phone`, `email` and `street`."""
    return _covered(text, (*FINDERS, *_own(person), (NAME, _own_name(person.name))))[0]


def nameless(text: str, person) -> str:
    """The same as a pro that has a seat may read it, and everybody where it was written for all: first names stay, last names are
    initials."""
    shown = _covered(text, (*FINDERS, *_own(person)))[0]
    for last in _parts(person.name)[1:]:
        shown = re.sub(rf"(?<!\w){re.escape(last)}(?!\w)", f"{last[0].upper()}.", shown, flags=re.IGNORECASE)
    return shown


def without_addresses(text: str) -> str:
    """What a pro says of itself as homeowners read it: they reach it through us, so no phone number, e-mail or web address."""
    return _covered(text, REACHING)[0]


def _words(kind):
    said = {
        PHONE: _("[phone number hidden]"),
        EMAIL: _("[email hidden]"),
        STREET: _("[street hidden]"),
        LINK: _("[web address hidden]"),
        NAME: _("[name hidden]"),
    }
    return said[kind]


def _covered(text, finders) -> tuple[str, set]:
    """The text with what the finders find replaced, and the kinds they found."""
    plain, origin = _plain(text)
    spans = [(start, end, kind) for kind, find in finders for start, end in find(plain)]
    shown, position = [], 0
    for start, end, kind in _merged(spans):
        shown += [text[position : origin[start]], _words(kind)]
        position = origin[end - 1] + 1
    shown.append(text[position:])
    return "".join(shown), {kind for _start, _end, kind in spans}


def _plain(text):
    """The text as it is searched, and where each of its characters stands in `text`: digits, dashes and spaces of every script
    are the plain ones, characters that show nothing are left out."""
    plain, origin = [], []
    for position, character in enumerate(text):
        if not character.isascii():
            category = unicodedata.category(character)
            if category in ("Cf", "Mn"):
                continue
            if category == "Pd":
                character = "-"
            elif character.isspace():
                character = " "
            elif len(simple := unicodedata.normalize("NFKC", character)) == 1:
                character = simple
            character = str(unicodedata.decimal(character, character))
        plain.append(character)
        origin.append(position)
    return "".join(plain), origin


def _merged(spans):
    """Spans in order, without overlaps; the earlier one, and of two that start alike the longer one, gives the kind."""
    merged = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]), merged[-1][2])
        else:
            merged.append((start, end, kind))
    return merged


# E-mail addresses, "dana@example.com", "dana (at) example dot com" and "dana arroba example punto com".

DOT = r"(?:\.|\s\.\s|\s(?:dot|punto)\s|\s?[(\[]\s?(?:dot|punto)\s?[)\]]\s?)"
EMAILS = (
    re.compile(
        rf"(?<![\w.+%'-])[\w.+%'-]++\s?(?:@|[(\[]\s?(?:at|arroba)\s?[)\]]|(?<=\s)arroba(?=\s))\s?[\w-]{{1,63}}(?:{DOT}[\w-]{{2,63}}){{1,4}}",
        re.IGNORECASE,
    ),
    re.compile(r"(?<![\w.+%'-])[\w.+%'-]++\sen\s[\w-]{1,63}\spunto\s[a-z]{2,3}\b", re.IGNORECASE),
    re.compile(rf"(?<![\w.+%'-])[\w.+%'-]++\sat\s[\w-]{{1,63}}{DOT}(?:com|net|org|edu|gov|us|io|co|info|biz|me)\b", re.IGNORECASE),
)


def _emails(plain):
    for pattern in EMAILS:
        for match in pattern.finditer(plain):
            yield match.span()


# Phone numbers: ten digits or more however they are parted, "555-0117", and digits written as words.

DIGITS = re.compile(r"(?<![0-9$])[+(]{0,2}[0-9](?:[\s().\-/+*_:]{0,3}[0-9]){6,}")
DATE = re.compile(
    r"(?<![0-9])(?:(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12][0-9]|3[01])/(?:19|20)?[0-9]{2}|(?:19|20)[0-9]{2}-[01][0-9]-[0-3][0-9])(?![0-9])"
)
LOCAL_NUMBER = re.compile(r"[0-9]{3}[-.][0-9]{4}\Z")
MEASURE = re.compile(r"\s{0,2}(?:sq|square|feet|foot|ft|gal|lb|btu|dollar|usd|k\b)", re.IGNORECASE)


def _phones(plain):
    for match in DIGITS.finditer(plain):
        digits = sum(character.isdecimal() for character in DATE.sub("", match[0]))
        if digits >= 10 or (LOCAL_NUMBER.match(match[0]) and not MEASURE.match(plain, match.end())):
            yield match.span()
    yield from spoken_numbers.find(plain)


# Web addresses, "https://acme.example/call", "www.acme.example" and "acme.com".

LINKS = (
    re.compile(r"(?<!\w)(?:https?://|www\.)\S{1,300}", re.IGNORECASE),
    re.compile(
        r"(?<![\w@.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:com|net|org|us|co|io|biz|info|me|pro|app|site|online|shop)\b(?:/\S{0,300})?",
        re.IGNORECASE,
    ),
)


def _links(plain):
    for pattern in LINKS:
        for match in pattern.finditer(plain):
            yield match.span()


# What is known of the person, however it is typed. Accents make no difference: Jose is José.

PARTICLES = {"de", "del", "la", "las", "los", "el", "y", "e", "da", "do", "dos", "di", "le", "van", "von", "der", "den"}
LETTERS = (r"(?<![^\W\d_])", r"(?![^\W\d_])")


def _finder(*patterns):
    """A search for these (plain, case apart) in a text without accents, which is as long as the one with them."""
    found = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
    return lambda plain: (match.span() for match in found.finditer(_bare(plain))) if found else ()


def _bare(plain):
    return plain if plain.isascii() else "".join(unicodedata.normalize("NFD", character)[0] for character in plain)


def _parts(name):
    """The words of a name that name somebody: "Ana de la Cruz-Ruiz" is Ana, Cruz and Ruiz."""
    words = (word.strip(".,") for word in re.split(r"[\s-]+", name))
    return [word for word in words if len(word) > 1 and word.lower() not in PARTICLES]


def _own(person):
    return (EMAIL, _own_email(person.email)), (PHONE, _own_phone(person.phone)), (STREET, _own_street(person.street))


def _own_name(name):
    parts = [_bare(part) for part in _parts(name)]
    short = [f"(?-i:{re.escape(part)})" for part in parts if len(part) == 2]  # "Al", and not Spanish "al"
    long = [re.escape(part) for part in parts if len(part) > 2]
    together = [re.escape("".join(parts))] if len(parts) > 1 else []
    return _finder(*(LETTERS[0] + part + LETTERS[1] for part in together + long + short))


def _own_phone(phone):
    """The number, or its last seven digits, however they are parted."""
    digits = phone[-10:]
    if len(digits) < 10:
        return _finder()
    gap = r"[\s().\-/]{0,3}"
    return _finder(rf"(?<![0-9])(?:(?:\+?1{gap})?\(?{gap.join(digits[:3])}{gap})?{gap.join(digits[3:])}(?![0-9])")


def _own_email(email):
    """The address with its sign and dots in words; and what stands before the sign, unless that could be any word."""
    name, _at, domain = _bare(email).partition("@")
    if not domain:
        return _finder()
    at, dot = r"\W{0,3}(?:@|at|arroba|en)\W{0,3}", r"\W{0,3}(?:\.|dot|punto)\W{0,3}"
    whole = re.escape(name) + at + dot.join(map(re.escape, domain.split(".")))
    alone = () if name.isalpha() else (rf"(?<![\w.]){re.escape(name)}(?!\w)",)
    return _finder(rf"(?<![\w.]){whole}(?!\w)", *alone)


def _own_street(street):
    """The number of the house, unless something is measured, and each word of the street that could be no other thing."""
    house, names = streets.telling(_bare(street))
    numbers = [rf"(?<![\w$.,]){house}(?!\w)(?!{MEASURE.pattern})"] if house else []
    return _finder(*(LETTERS[0] + name + LETTERS[1] for name in names), *numbers)


FINDERS = ((EMAIL, _emails), (PHONE, _phones), (STREET, streets.find))
REACHING = ((EMAIL, _emails), (PHONE, _phones), (LINK, _links))
