"""Builds contractors.csv and permits.csv.gz: a small sample of public records, with every business name replaced.

    python -m demo.build_sample CONTRACTORS PERMITS [OUTPUT]

CONTRACTORS and PERMITS are the files contractors.csv.gz and permits.csv.gz that ATTRIBUTION.md describes; OUTPUT is a directory, this
one unless given. Run it at the root of the project. The same input gives the same bytes.

What is kept of a contractor: its class, town, ZIP, the ZIPs it worked in and its usual job cost. Its name, its licence and its keys
are not kept: it gets an invented trading name and a number. `line` and `part` cast some rows as pros of the demo (lines.toml):

    city   covers the whole of its city            near        covers the ZIPs its model worked in
    edge   stands alone outside the cities         hearthline  belongs to the other marketplace
    test   is test traffic

What is kept of a permit: its city, date, class, description, cost and ZIP. Permit and property numbers are replaced, so that nobody is led
to a household; texts that name a business, a licence or a street are left out, and so are jobs in towns around the two cities.
"""

import csv
import gzip
import io
import random
import re
import sys
import tomllib
from collections import Counter, defaultdict
from itertools import cycle, product
from pathlib import Path

from catalog import licences, permits

HERE = Path(__file__).parent
CITIES = {"Chicago": "IL", "Austin": "TX"}
SOURCES = {
    "Chicago": ("chicago_gc_registry_2026", "chicago_permit_contractors_2019_2024"),
    "Austin": ("austin_permit_contractors_2008_2014",),
}
ROWS = 300  # contractors a city
PER_SERVICE = 30  # permits a city and service
LEAST_ZIPS = 8
TESTERS = 4
HEARTHLINE = (
    ("plumbing", "Austin"), ("heating", "Austin"), ("electric", "Austin"), ("exteriors", "Austin"), ("masonry", "Austin"),
    ("carpentry", "Austin"), ("remodeling", "Austin"), ("landscaping", "Austin"), ("painting", "Austin"), ("home", "Austin"),
    ("pools", "Austin"), ("plumbing", "Chicago"), ("heating", "Chicago"), ("electric", "Chicago"), ("exteriors", "Chicago"),
)  # fmt: skip

# Pros whose story needs a name and a place of its own: city near by, line, name, town, ZIP, ZIPs covered.
EDGE = (
    ("Chicago", "exteriors", "Fox River Roofing", "Aurora", "60505", "60502 60503 60504 60505 60506"),
    ("Austin", "remodeling", "San Gabriel Fork Remodeling", "Georgetown", "78626", "78626 78628 78633"),
)

CONTRACTOR = (
    "license_id", "business_name", "classification", "city", "state", "zip", "median_job_cost_usd", "service_zips", "source", "line",
    "part",
)  # fmt: skip
PERMIT = (
    "source_city", "state", "permit_id", "issued_on", "filed_on", "permit_type", "work_type", "description", "estimated_cost_usd", "zip",
    "property_key",
)  # fmt: skip

LICENCE = re.compile(r"\s*(IL ROOFING CONTRACTOR LICENSE|ICC DISTRIBUTED GENERATION INSTALLER)\b.*", re.IGNORECASE | re.DOTALL)
NAMING = re.compile(r"\[|\b(llc|inc|corp|company|contractor|license|lic|cert|mr|mrs|owner)\b|#|@|\d{5,}", re.IGNORECASE)


def main(contractors: Path, permits_file: Path, output: Path) -> None:
    real = read(contractors)
    taken = {key(row["business_name"]) for row in real}
    zips = zips_of_cities()
    cast = contractors_of(real, Names(taken), zips)
    write(output / "contractors.csv", CONTRACTOR, cast)
    sample = permits_of(read(permits_file), {name for name in taken if " " in name and len(name) > 8}, zips)
    write(output / "permits.csv.gz", PERMIT, sample)
    print(f"{len(cast)} contractors, {sum(bool(row['part']) for row in cast)} of them in the demo; {len(sample)} permits")


def zips_of_cities() -> dict[str, set[str]]:
    """City -> its ZIPs, by the catalogue."""
    places = read(HERE.parent / "catalog" / "data" / "zips.csv.gz")
    return {city: {row["zip"] for row in places if (row["place"], row["state"]) == (city, state)} for city, state in CITIES.items()}


def contractors_of(real: list[dict], names: "Names", zips: dict[str, set[str]]) -> list[dict]:
    """The cast of the demo first, then as many more as a market needs."""
    lines = tomllib.loads((HERE / "lines.toml").read_text(encoding="utf-8"))
    models = {city: Models(real, city) for city in CITIES}
    rows = []

    def cast(around, line, part, **changes):
        """A pro of the demo: it lives in its city, where its model worked most."""
        model = models[around].take(lines[line]["classes"] if part != "test" else [])
        worked = [code for code in codes(model) if code in zips[around]]
        home = {"city": around, "state": CITIES[around], "zip": worked[0] if worked else min(zips[around])}
        rows.append(model | home | {"line": line, "part": part} | changes)

    for city in CITIES:
        for line, said in lines.items():
            for part in ["city"] * said["city"] + ["near"] * said["near"]:
                cast(city, line, part, business_name=names.new(city, lines[line]["names"]))
    for city, line, name, town, zip, covered in EDGE:
        at_home = {"city": town, "zip": zip, "service_zips": " ".join(f"{code}:1" for code in covered.split())}
        cast(city, line, "edge", business_name=names.claim(name), **at_home)
    for line, city in HEARTHLINE:
        cast(city, line, "hearthline", business_name=names.new(city, lines[line]["names"]))
    for number in range(1, TESTERS + 1):
        cast("Chicago", "plumbing", "test", business_name=names.claim(f"Test Crew {number}"))
    for city in CITIES:
        for model in models[city].rest[: ROWS - sum(row["state"] == CITIES[city] for row in rows)]:
            line = next((line for line, said in lines.items() if does(model, said["classes"])), "remodeling")
            changes = {"business_name": names.new(city, lines[line]["names"]), "city": model["city"].title(), "line": "", "part": ""}
            rows.append(model | changes)
    return [{name: row[name] for name in CONTRACTOR} | {"license_id": f"DEMO-{number:04}"} for number, row in enumerate(rows, 1)]


class Models:
    """The contractors of a city that have worked in enough places, shuffled, each taken once."""

    def __init__(self, real, city):
        self.rest = [
            row
            for row in real
            if row["source"] in SOURCES[city] and len(codes(row)) >= LEAST_ZIPS and licences.services_of(row["classification"])
        ]
        random.Random(city).shuffle(self.rest)

    def take(self, classes) -> dict:
        """The next one of these classes; of any class when none are named."""
        for number, row in enumerate(self.rest):
            if not classes or does(row, classes):
                return self.rest.pop(number)
        raise LookupError(classes)


def codes(row) -> list[str]:
    """The ZIPs a contractor worked in, most frequent first."""
    return [part.partition(":")[0] for part in row["service_zips"].split()]


def does(row, classes) -> bool:
    """Whether a contractor is first of all of one of these classes. A Chicago registration as such says nothing of the trade."""
    named = [re.sub(r"\s*\([^)]*\)", "", name).strip() for name in row["classification"].split(";")]
    trades = [name for name in named if name != "General Contractor"] or ["General"]
    return trades[0] in classes or (trades[0] == "General" and len(trades) > 1 and trades[1] in classes)


class Names:
    """Invented trading names, each once and none that a contractor of the file bears."""

    def __init__(self, taken):
        self.taken = set(taken)
        beginnings = tomllib.loads((HERE / "names.toml").read_text(encoding="utf-8"))["pros"]
        self.beginnings = {city: cycle(words) for city, words in beginnings.items()}
        self.turns = Counter()

    def new(self, city, endings) -> str:
        """The next beginning of the city with one of the endings, these in turn."""
        while True:
            beginning, turn = next(self.beginnings[city]), self.turns[city, endings[0]] % len(endings)
            self.turns[city, endings[0]] += 1
            for ending in endings[turn:] + endings[:turn]:
                if key(name := f"{beginning} {ending}") not in self.taken:
                    return self.claim(name)

    def claim(self, name) -> str:
        """`name`, which nobody bears."""
        if key(name) in self.taken:
            raise ValueError(f"{name} is the name of a real business.")
        self.taken.add(key(name))
        return name


def permits_of(real: list[dict], businesses: set[str], zips: dict[str, set[str]]) -> list[dict]:
    """Up to PER_SERVICE rows of each city and service, evenly over its dates, in the order of the file."""
    known = defaultdict(list)
    for number, row in enumerate(real):
        if row["zip"] in zips.get(row["source_city"], ()):
            row = row | {"description": LICENCE.sub("", row["description"])}
            if (service := permits.read(row).service) and not names_somebody(row["description"], businesses):
                known[row["source_city"], service].append((number, row))
    chosen = sorted(pair for rows in known.values() for pair in evenly(rows, PER_SERVICE))
    properties: dict[str, str] = {}
    sample = []
    for number, (_place, row) in enumerate(chosen, 1):
        home = properties.setdefault(row["property_key"] or f"-{number}", f"home-{len(properties) + 1}")
        sample.append({name: row[name] for name in PERMIT} | {"permit_id": f"DEMO-{number:05}", "property_key": home})
    return sample


def names_somebody(text, businesses) -> bool:
    words = key(text).split()
    phrases = (" ".join(words[start : start + length]) for start, length in product(range(len(words)), range(2, 6)))
    return bool(NAMING.search(text)) or any(phrase in businesses for phrase in phrases)


def evenly(rows, most) -> list:
    return rows if len(rows) <= most else [rows[number * len(rows) // most] for number in range(most)]


SUFFIXES = {"inc", "llc", "co", "corp", "corporation", "company", "ltd", "dba", "the"}


def key(name) -> str:
    """Equal for two spellings of one name: no case, no punctuation, no company suffix."""
    words = re.findall(r"[a-z0-9]+", name.lower().replace("&", " and "))
    return " ".join(word for word in words if word not in SUFFIXES)


def read(path: Path) -> list[dict]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def write(path: Path, columns, rows) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, 9, mtime=0) if path.suffix == ".gz" else data)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else HERE)
