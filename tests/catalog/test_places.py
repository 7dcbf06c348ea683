"""The ZIP map: the shipped file, the table it fills, and the look-ups."""

import csv
import gzip
from collections import Counter
from zoneinfo import ZoneInfo

import pytest

from catalog import queries
from catalog.models import Zip
from catalog.stock import FILES


@pytest.fixture(scope="module")
def rows():
    with gzip.open(FILES.parent / "zips.csv.gz", "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_file_holds_every_zip_once(rows):
    codes = [row["zip"] for row in rows]
    assert len(codes) == len(set(codes)) > 40_000
    assert codes == sorted(codes)
    assert all(len(code) == 5 and code.isdecimal() for code in codes)
    assert len({row["state"] for row in rows}) == 51


def test_a_cell_holds_at_most_32_zips_each_with_its_own_bit(rows):
    cells = Counter(row["cell"] for row in rows)
    assert max(cells.values()) <= 32
    assert len({(row["cell"], row["bit"]) for row in rows}) == len(rows)
    assert all(0 <= int(row["bit"]) < 32 for row in rows)
    assert sum(size == 32 for size in cells.values()) >= len(cells) - 1


def test_zips_of_a_cell_are_neighbours(rows):
    chicago = {row["cell"] for row in rows if row["place"] == "Chicago" and row["state"] == "IL"}
    assert len(chicago) < 10


def test_every_zone_is_known(rows):
    for zone in {row["zone"] for row in rows}:
        ZoneInfo(zone)


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("60614", "America/Chicago"),
        ("78704", "America/Chicago"),
        ("10001", "America/New_York"),
        ("85001", "America/Phoenix"),
        ("86515", "America/Denver"),  # Window Rock, of the Navajo Nation
        ("42101", "America/Chicago"),  # Bowling Green, in the western half of Kentucky
        ("46402", "America/Chicago"),  # Gary, beside Chicago
        ("97914", "America/Boise"),  # Ontario, the corner of Oregon on Mountain time
        ("79901", "America/Denver"),  # El Paso
        ("96813", "Pacific/Honolulu"),
    ],
)
def test_clocks_that_are_easily_wrong(rows, code, zone):
    assert next(row["zone"] for row in rows if row["zip"] == code) == zone


def test_the_table_is_the_file(db, rows):
    assert Zip.objects.count() == len(rows)
    zip = Zip.objects.get(code="60614")
    assert (zip.place, zip.state, zip.county, zip.zone) == ("Chicago", "IL", "Cook", "America/Chicago")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("60614", "60614 Chicago, IL"),
        ("606", "60601 Chicago, IL"),
        ("chic", "Chicago, IL"),
        ("  Austin  tx ", "Austin, TX"),
        ("austin, t", "Austin, TX"),
        ("new york", "New York, NY"),
        ("La", "Las Vegas, NV"),
    ],
)
def test_places_are_found_by_how_they_begin(db, text, first):
    assert queries.find_zips(text)[0].label == first


@pytest.mark.parametrize("text", ["", "   ", "00000", "zzzz", "%", "_hicago", ", il", "６０６"])
def test_nothing_is_found_where_there_is_nothing(db, text):
    assert queries.find_zips(text) == []


def test_a_radius_begins_with_itself_and_grows_with_the_distance(db):
    centre = Zip.objects.get(code="60614")
    near = list(queries.zips_within(centre, 10))
    assert near[0].code == "60614"
    assert [zip.miles for zip in near] == sorted(zip.miles for zip in near)
    assert near[-1].miles <= 10
    assert {"60657", "60601"} <= {zip.code for zip in near}
    assert not {zip.code for zip in near} & {"78704", "53202"}
    assert len(near) < len(queries.zips_within(centre, 25))
    assert centre.code in {zip.code for zip in queries.zips_within(centre, 0)}


def test_a_radius_agrees_with_every_zip_measured(db):
    centre = Zip.objects.get(code="78704")
    box = {zip.code for zip in queries.zips_within(centre, 40)}
    everywhere = Zip.objects.extra(where=[f"{queries.MILES_FROM} <= 40"], params=[centre.latitude, centre.latitude, centre.longitude])
    assert box == {zip.code for zip in everywhere}


def test_a_city_is_all_its_zips(db):
    austin = [zip.code for zip in queries.zips_of_city("austin", "tx")]
    assert "78704" in austin and len(austin) > 70
    assert {zip.place for zip in queries.zips_of_city("Austin", "TX")} == {"Austin"}
