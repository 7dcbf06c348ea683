"""What a building permit was for: a row of a city's permit file becomes a service of the catalogue and the answers its text gives.

Pure and total. Rows are mappings with source_city, permit_type, work_type and description (Chicago, Austin, Philadelphia, Nashville,
Cary). The city's class says which table of data/permits.toml reads the text; the first words found decide, because applicants begin
with what matters most to them; a text without a known word is the usual job of its class. Nothing is guessed from the cost.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from catalog import permit_answers

NO_SERVICE = "no_service"  # a clerk's note, a lot line, a construction trailer: nobody asked for a job
NOT_RESIDENTIAL = "not_residential"  # a restaurant, an office building, a church


@dataclass(frozen=True)
class Reading:
    """`service` is a code of the catalogue, or empty with `code` saying why. `answers` are those the text gives, the rest is
    unknown (`catalog.guide.fill` completes them). `rule` says in words what decided."""

    service: str
    answers: dict = field(default_factory=dict)
    code: str = ""
    rule: str = ""


class Words:
    """A table service -> expressions. `first` names the service whose words stand first in a text, or ""."""

    def __init__(self, table: Mapping[str, list[str]]):
        self.expressions = {service: _any(alternatives) for service, alternatives in table.items()}

    def first(self, text: str) -> str:
        places = {service: match.start() for service, words in self.expressions.items() if (match := words.search(text))}
        return min(places, key=places.get, default="")

    def has(self, service: str, text: str) -> bool:
        return bool(self.expressions[service].search(text))


def read(row: Mapping) -> Reading:
    """The service `row` was for, or no service and one of the codes above."""
    text = " ".join(row["description"].lower().split())
    if LOTS.search(text):
        return Reading("", code=NO_SERVICE, rule="lots or trailers, no job")
    if COMMERCIAL.search(text):
        return Reading("", code=NOT_RESIDENTIAL, rule="not a home")
    kind, work = row["permit_type"], row["work_type"]
    service, rule = _decide(row["source_city"], kind, work, text)
    if not service:
        return Reading("", code=NO_SERVICE, rule=rule)
    return Reading(service, permit_answers.read(service, f"{kind} {work} {text}".lower()), rule=rule)


def _decide(city, kind, work, text):
    if service := CLASSES.get(city, {}).get(work or kind):
        return service, "the class"
    reader = _reader(city, kind, work)
    if reader == "building":
        return _building(f"{kind} {work}", text)
    tables, usual = READERS[reader]
    for words in tables:
        if service := words.first(text):
            return service, "words"
    return usual, "the usual job of the class"


def _reader(city, kind, work):
    """Which of READERS reads this class of permit, or "building"."""
    if city == "Chicago":
        return "demolition" if kind.startswith("Wrecking") else CHICAGO.get(work, "building")
    if city == "Philadelphia":
        return PHILADELPHIA.get(work[:3], "building")
    if city == "Austin":
        trade, _, scope = kind.partition(" / ")
        if trade == "Building":
            return "demolition" if "Demolition" in scope else "building"
        project = scope != "Residential" and work != "Repair"
        return AUSTIN.get((trade, work)) or AUSTIN.get((trade, "project" if project else "home"), "building")
    return "building"


def _building(kind, text):
    """Permits of the whole project: first the projects with a name of their own, then additions, then the first words."""
    text = NEGATED.sub(" ", text)
    if service := PROJECT.first(text):
        return service, "words"
    adding = "addition" in kind.lower() or "ANC-" in kind
    if ROOMS.search(text) and (ADDITION.search(text) or (adding and ADDING.search(text))):
        return "room-addition", "an addition with rooms"
    mobile = MOBILE.search(text)
    if (adding or mobile) and (service := OUTSIDE.first(text)):
        return service, "words"
    if service := WORK.first(text):
        return _narrower(service, text), "words"
    if mobile:
        return "handyman", "a mobile home is set up"
    if "violat" in text:
        return "structural-repair", "violations are to be corrected"
    if CLERK.search(text):
        return "", "a clerk's note"
    return next((service for part, service in USUAL.items() if part in kind), "interior-remodel"), "the usual job of the class"


def _narrower(service, text):
    """An interior remodel of one room is that room's, or drywall if it is only that; structural work under a house is the foundation's."""
    if service == "structural-repair" and WORK.has("foundation-repair", text):
        return "foundation-repair"
    if service != "interior-remodel":
        return service
    rooms = [room for room in ("kitchen-remodel", "bathroom-remodel", "basement-finish") if WORK.has(room, text)]
    if len(rooms) == 1 and not MORE_ROOMS.search(text):
        return rooms[0]
    if not rooms and WORK.has("drywall", text) and not MORE_WORK.search(text):
        return "drywall"
    return service


def _any(alternatives):
    return re.compile("|".join(alternatives))


def _tables(name):
    """The numbered tables under a name in their order, or the one table of that name."""
    table = DATA[name]
    return tuple(Words(table[number]) for number in sorted(table)) if "1" in table else (Words(table),)


DATA = tomllib.loads((Path(__file__).parent / "data" / "permits.toml").read_text(encoding="utf-8"))
CLASSES, USUAL = DATA["class"], DATA["usual"]
LOTS, COMMERCIAL, CLERK = (_any(DATA["not_a_job"][name]) for name in ("lots", "commercial", "clerk"))
NEGATED = re.compile(r"\bnot (an? |to be used (as|for) |be used (as|for) )[^.,;*]*")
ROOMS, ADDITION, ADDING, MORE_ROOMS, MORE_WORK, MOBILE = (
    _any(DATA["signs"][name]) for name in ("rooms", "addition", "adding", "more_rooms", "more_work", "mobile")
)
PROJECT, WORK = Words(DATA["project"]), Words(DATA["work"])
OUTSIDE = Words({service: DATA["work"][service] for service in DATA["signs"]["outside"]})

ELECTRICAL, PLUMBING, MECHANICAL = _tables("electrical"), _tables("plumbing"), _tables("mechanical")
READERS = {  # class of permit -> the tables that read it, and the service when they find nothing
    "chicago electrical": ((ELECTRICAL[0], *_tables("chicago_electrical"), *ELECTRICAL[1:]), "electrical-repair"),
    "electrical": (ELECTRICAL, "electrical-repair"),
    "electrical of a project": (ELECTRICAL, "wiring"),
    "solar": (ELECTRICAL[:1], "solar-panels"),
    "electrical service": (ELECTRICAL[:1], "electrical-service"),
    "plumbing": (PLUMBING, "plumbing-fixtures"),
    "plumbing repair": (PLUMBING, "plumbing-repair"),
    "plumbing of a project": ((), "plumbing-fixtures"),
    "water heater": (PLUMBING, "water-heater"),
    "irrigation": ((), "sprinkler-system"),
    "water line": ((), "water-line"),
    "sewer": ((), "sewer-line"),
    "mechanical": (MECHANICAL, "hvac-replacement"),
    "mechanical of a project": (MECHANICAL[:1], "hvac-replacement"),
    "roof": (_tables("roof"), "roof-replacement"),
    "openings": (_tables("openings"), "windows"),
    "porch": (_tables("porch"), "porch"),
    "demolition": (_tables("demolition"), "demolition"),
    "paving": (_tables("paving"), "driveway"),
}
CHICAGO = {
    "Electrical Work": "chicago electrical",
    "Plumbing Work": "plumbing",
    "Mechanical Work": "mechanical",
    "Reroofing": "roof",
    "Exterior Windows/Doors Replacement": "openings",
    "Porch,Deck,Balcony,or Fire Escape": "porch",
}
PHILADELPHIA = {"PLU": "plumbing", "ELE": "electrical", "MEC": "mechanical", "DEM": "demolition"}
AUSTIN = {
    ("Electrical", "home"): "electrical",
    ("Electrical", "project"): "electrical of a project",
    ("Electrical", "Auxiliary Power"): "solar",
    ("Electrical", "Upgrade"): "electrical service",
    ("Plumbing", "home"): "plumbing repair",
    ("Plumbing", "project"): "plumbing of a project",
    ("Plumbing", "Irrigation"): "irrigation",
    ("Plumbing", "Auxiliary Water"): "water line",
    ("Plumbing", "Cut Over/Tank Abandonment"): "sewer",
    ("Plumbing", "Change Out"): "water heater",
    ("Mechanical", "home"): "mechanical",
    ("Mechanical", "project"): "mechanical of a project",
    ("Driveway/Sidewalk", "home"): "paving",
    ("Driveway/Sidewalk", "project"): "paving",
}
