"""What is bundled in demo/: pros to be, and wishes of homeowners. Knows nothing of the database.

Where the records come from stands in demo/ATTRIBUTION.md; demo/build_sample.py made them.
"""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from django.conf import settings

from catalog import permits
from operations.files import read_csv

FOLDER = settings.BASE_DIR / "demo"
CITIES = {"Chicago": "IL", "Austin": "TX"}


@dataclass(frozen=True)
class Company:
    """A pro to be. `part` says what it does in the demo (demo/build_sample.py), `job_cost` is in cents, None when not known."""

    key: str
    name: str
    line: str
    part: str
    city: str
    state: str
    zip: str
    zips: tuple[str, ...]
    job_cost: int | None


@dataclass(frozen=True)
class Wish:
    """What a homeowner asks for. `answers` are those of the words and of a permit, `cost` is the permit's in cents, None when not known."""

    service: str
    city: str
    zip: str
    words: str
    answers: dict = field(default_factory=dict)
    cost: int | None = None


@cache
def lines() -> dict[str, dict]:
    """The lines of business (demo/lines.toml)."""
    return _toml("lines.toml")


@cache
def names() -> dict[str, dict]:
    """Beginnings of trading names, and names of people (demo/names.toml)."""
    return _toml("names.toml")


def companies(*parts: str) -> list[Company]:
    """The pros that play one of these parts, in the order of the file."""
    return [one for one in _cast() if one.part in parts]


def wishes() -> list[Wish]:
    """One wish for each entry of demo/requests.toml, three in five from Chicago where nothing speaks for one of the cities."""
    known = _permits_by_service()
    made = []
    for service, entries in _toml("requests.toml").items():
        cities = [city for city in CITIES if known[service, city]] or list(CITIES)
        for number, entry in enumerate(entries):
            city = entry.get("city") or cities[(number % 5 in (1, 3)) % len(cities)]
            answers = {name: value for name, value in entry.items() if name not in ("say", "city")}
            if of_service := known[service, city]:
                row, reading = of_service[number * 7 % len(of_service)]
                made.append(Wish(service, city, row["zip"], entry["say"], reading.answers | answers, _cents(row["estimated_cost_usd"])))
            else:
                row, _reading = known["", city][len(made) * 31 % len(known["", city])]
                made.append(Wish(service, city, row["zip"], entry["say"], answers))
    return made


@cache
def _cast() -> list[Company]:
    rows = read_csv(FOLDER / "contractors.csv", columns={"license_id", "line", "part"}, wanted=lambda row: bool(row["part"]))
    return [
        Company(
            key=row["license_id"],
            name=row["business_name"],
            line=row["line"],
            part=row["part"],
            city=row["city"],
            state=row["state"],
            zip=row["zip"],
            zips=tuple(code.partition(":")[0] for code in row["service_zips"].split()),
            job_cost=_cents(row["median_job_cost_usd"]),
        )
        for row in rows
    ]


def _permits_by_service() -> dict:
    """(service, city) -> permits with what they say; ("", city) -> all of a city."""
    known = defaultdict(list)
    for row in read_csv(FOLDER / "permits.csv.gz", columns={"source_city", "zip", "description"}):
        reading = permits.read(row)
        known[reading.service, row["source_city"]].append((row, reading))
        known["", row["source_city"]].append((row, reading))
    return known


def _toml(name) -> dict:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _cents(dollars: str) -> int | None:
    return round(float(dollars) * 100) if dollars and float(dollars) >= 100 else None
