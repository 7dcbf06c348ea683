"""A homeowner's own words without what would give them away: phone numbers, e-mail addresses, streets (INVARIANTS 22).

Pure. The form's preview and every page of a pro show the same masked text; the words themselves are stored as typed. Whatever
is searched through has bounds, so that the time grows with the length of the text only. Rather too much is masked than too little.
"""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

PHONE, EMAIL, STREET, LINK = "phone", "email", "street", "link"


@dataclass(frozen=True)
class Masked:
    """The text with its secrets replaced, and which kinds were found, in the order email, phone, street."""

    text: str
    kinds: tuple[str, ...]


def masked(text: str) -> Masked:
    """`text` as a pro may read it before anything was revealed."""
    shown, found = _covered(text, FINDERS)
    return Masked(shown, tuple(kind for kind, _find in FINDERS if kind in found))


def nameless(text: str, name: str) -> str:
    """`text` as everybody may read it where the homeowner `name` or somebody who knows it wrote it: masked, and last names are initials."""
    shown = masked(text).text
    for last in name.split()[1:]:
        if len(last) > 1:
            shown = re.sub(rf"(?<!\w){re.escape(last)}(?!\w)", f"{last[0].upper()}.", shown, flags=re.IGNORECASE)
    return shown


def without_addresses(text: str) -> str:
    """What a pro says of itself as homeowners read it: they reach it through us, so no phone number, e-mail or web address."""
    return _covered(text, REACHING)[0]


def unnamed(text: str, name: str) -> str:
    """`text` as a pro may read it before it has a seat: masked, and with no part of the homeowner's `name` (INVARIANTS 32)."""
    shown = masked(text).text
    for part in name.split():
        if len(part.strip(".")) > 1:
            shown = re.sub(rf"(?<!\w){re.escape(part)}(?!\w)", str(_("[name hidden]")), shown, flags=re.IGNORECASE)
    return shown


def _words(kind):
    said = {PHONE: _("[phone number hidden]"), EMAIL: _("[email hidden]"), STREET: _("[street hidden]"), LINK: _("[web address hidden]")}
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


# E-mail addresses, "dana@example.com" and "dana (at) example dot com".

DOT = r"(?:\.|\s\.\s|\sdot\s|\s?[(\[]\s?dot\s?[)\]]\s?)"
EMAILS = (
    re.compile(rf"(?<![\w.+%'-])[\w.+%'-]++\s?(?:@|[(\[]\s?at\s?[)\]])\s?[\w-]{{1,63}}(?:{DOT}[\w-]{{2,63}}){{1,4}}", re.IGNORECASE),
    re.compile(rf"(?<![\w.+%'-])[\w.+%'-]++\sat\s[\w-]{{1,63}}{DOT}(?:com|net|org|edu|gov|us|io|co|info|biz|me)\b", re.IGNORECASE),
)


def _emails(plain):
    for pattern in EMAILS:
        for match in pattern.finditer(plain):
            yield match.span()


# Phone numbers: ten digits or more however they are parted, "555-0117", and digits written as words.

DIGITS = re.compile(r"(?<![0-9$])[+(]{0,2}[0-9](?:[\s().\-/+*_:]{0,3}[0-9]){6,}")
NUMBER_WORD = r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)(?![a-z])"
SPELLED = re.compile(rf"(?<![a-z0-9])(?:[0-9]|{NUMBER_WORD})(?:[\s,.\-]{{0,3}}(?:[0-9]|{NUMBER_WORD})){{6,}}", re.IGNORECASE)
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
    for match in SPELLED.finditer(plain):
        if len(re.findall(NUMBER_WORD, match[0], re.IGNORECASE)) >= 3:
            yield match.span()


# Streets: a number, one to three words and "Street"; a named street without a number; a flat; a post box.

DIRECTION = r"(?:[nsew]\.?|[ns][ew]|north|south|east|west)"
CLEAR = r"street|st|avenue|ave|av|boulevard|blvd|road|rd|lane|ln|parkway|pkwy|highway|hwy|expressway"
VAGUE = r"drive|dr|court|ct|place|pl|terrace|ter|circle|cir|trail|trl|way|square|loop|alley|plaza|broadway"
NO_STREET = (
    r"(?:feet|foot|ft|inch(?:es)?|in|sq|square|gallons?|gal|years?|months?|weeks?|days?|old|story|stories|floors?|cars?|x|by|of|the|and|to|or"
    r"|on|at|is|are|a|an|my|our|your|new|from|for|with|per|bed(?:room)?s?|bath(?:room)?s?|rooms?|windows?|doors?|outlets?|trees?|amps?"
    r"|volts?|tons?|btu|am|pm|k|dollars?|percent)\b"
)
FLAT = r"(?:,?\s{0,2}(?:apartment|apt|unit|suite|ste|\#)\.?\s{0,2}\#?\s?\w{1,6}\b)?"
NUMBERED = re.compile(
    rf"(?<![\w$.,])(?P<number>[0-9]{{1,6}})[a-z]?(?:-[0-9]{{1,4}})?\s{{1,2}}(?P<direction>{DIRECTION}\s{{1,2}})?"
    rf"(?P<name>(?:(?!{NO_STREET})[a-z0-9][\w'.-]{{0,30}}\s{{1,2}}){{0,3}}?)(?:(?P<clear>{CLEAR})|(?P<vague>{VAGUE}))\b\.?{FLAT}",
    re.IGNORECASE,
)
NAMED = re.compile(
    r"(?<!\w)(?:[A-Z][\w'-]{1,30}\s){1,3}(?:Street|St|Avenue|Ave|Boulevard|Blvd|Road|Rd|Lane|Ln)\b\.?(?!\s[A-Z][a-z])" + FLAT
)
ALONE = re.compile(r"(?<!\w)(?:(?:apartment|apt)\.?\s{0,2}\#?\s?[0-9]\w{0,5}|p\.?\s?o\.?\s?box\s{1,2}[0-9]{1,8})\b", re.IGNORECASE)


def _streets(plain):
    for match in NUMBERED.finditer(plain):
        if (match["clear"] and match["name"]) or (match["vague"] and _is_street(match)):
            yield match.span()
    for pattern in (NAMED, ALONE):
        for match in pattern.finditer(plain):
            yield match.span()


def _is_street(match):
    """A long number, a direction or a capital speaks for a street: "455 elm drive" is one, "1 concrete drive" is none."""
    name = match["name"].split()
    named = bool(name) or match["vague"].lower() == "broadway"
    return named and bool(len(match["number"]) >= 3 or match["direction"] or (name and name[-1][0].isupper()))


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


FINDERS = ((EMAIL, _emails), (PHONE, _phones), (STREET, _streets))
REACHING = ((EMAIL, _emails), (PHONE, _phones), (LINK, _links))
