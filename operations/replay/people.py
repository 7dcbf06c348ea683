"""Who asked? Public records name nobody, so a name, a number and an address are made up, the same for one property each time.

Numbers are of the range 555-0100 to 555-0179 of US area codes, which belong to nobody and do nothing odd at the local carrier; addresses
end in .example.
"""

from dataclasses import dataclass

from accounts.contact_data import BadContact, normal_phone
from contact.carriers.local import PEOPLE

FIRST = tuple(
    "Alma Ben Cora Dev Elsa Finn Gwen Hugo Ines Joel Kira Liam Mona Nico Opal Pete Quin Rosa Saul Tess Umar Vera Wade Yara Zane".split()
)
LAST = tuple(
    "Abbot Birch Colby Drake Ellis Frost Grant Hayes Irwin Joyce Klein Lodge Marsh Noble Oakes Price Quill Reyes Stone Tully".split()
)


def _takes_homes(code) -> bool:
    """Whether a homeowner may have a number of this area code: not toll-free, not a service, of the United States."""
    try:
        return bool(normal_phone(f"+1{code}5550100"))
    except BadContact:
        return False


AREA_CODES = [code for code in map(str, range(201, 990)) if _takes_homes(code)]


@dataclass(frozen=True)
class Person:
    name: str
    phone: str
    email: str
    street: str


class People:
    """Invented people by property. Numbers are dealt in turn, so that two properties share one only after all have been used
    (30,000), long after the 30 days in which that would mean something."""

    def __init__(self):
        self.known: dict[str, int] = {}

    def of(self, property_key: str) -> Person:
        number = self.known.setdefault(property_key, len(self.known))
        area = AREA_CODES[number // len(PEOPLE) % len(AREA_CODES)]
        return Person(
            name=f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]}",
            phone=f"+1{area}555{PEOPLE[number % len(PEOPLE)]:04}",
            email=f"{property_key.lower()}@homeowners.example",
            street=f"Record {property_key}",
        )
