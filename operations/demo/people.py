"""Homeowners and members who were never born: their names are common, their numbers are of the range 555-0100 to 555-0179 of US area
codes, which belongs to nobody, their addresses end in .example, and they live in Sample Street."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

from contact.carriers.local import PEOPLE
from operations.demo.sample import names

HOME_AREA_CODES = {"Chicago": ("312", "773", "872"), "Austin": ("512", "737")}
PRO_AREA_CODES = {"Chicago": ("708", "847", "224", "331", "815"), "Austin": ("254", "830", "979", "325", "361")}


@dataclass(frozen=True)
class Person:
    name: str
    phone: str
    email: str = ""
    street: str = ""


def homeowners(city: str, *, start: int = 0) -> Iterator[Person]:
    """People of a city, all different; `start` is where in the list of names to begin."""
    numbers = cycle(_numbers(HOME_AREA_CODES[city]))
    for turn, (name, phone) in enumerate(zip(_names(start), numbers, strict=False)):
        yield Person(name, phone, f"{_slug(name)}.{turn + 1}@homeowners.example", f"{101 + 2 * turn} Sample Street")


def workers(city: str, *, start: int = 0) -> Iterator[Person]:
    """People who work for pros of a city; their addresses are their company's (`address`)."""
    for name, phone in zip(_names(start), cycle(_numbers(PRO_AREA_CODES[city])), strict=False):
        yield Person(name, phone)


def address(name: str, company: str) -> str:
    """The e-mail address of somebody at a company: "marcus@prairiestateplumbing.example"."""
    return f"{_slug(name.split()[0])}@{_slug(company)}.example"


def _numbers(area_codes) -> list[str]:
    return [f"+1{code}555{line:04}" for code in area_codes for line in PEOPLE]


def _names(start: int) -> Iterator[str]:
    """First and last names in all combinations, neighbours far apart."""
    first, last = names()["people"]["first"], names()["people"]["last"]
    while True:
        yield f"{first[start % len(first)]} {last[start % len(last)]}"
        start += 1


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())
