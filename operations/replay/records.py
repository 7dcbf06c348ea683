"""Reading a permits file: rows, their instants, and what each asks for (columns: shared/data/README.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from catalog import permits
from operations.files import read_csv

NO_ZIP = "no_zip"
OPENING, CLOSING = 8 * 60, 20 * 60  # minutes of the local day between which a day's records are spread
ZONES = {"Chicago": "America/Chicago", "Austin": "America/Chicago", "Nashville": "America/Chicago"}
EASTERN = "America/New_York"
COLUMNS = {"source_city", "permit_id", "description", "zip", "property_key", "permit_type", "work_type"}


@dataclass(frozen=True)
class Record:
    """One row as a request: when it was made, what for, where. `refused` is a listed code when it cannot become one."""

    key: str
    at: datetime
    service: str
    answers: dict
    zip: str
    description: str
    property: str
    refused: str = ""


def rows(path: Path, *, cities=(), limit: int | None = None) -> list[dict]:
    """The rows of a permits file, of `cities` only when some are named, at most `limit`. Raises WrongFile."""
    return read_csv(path, columns=COLUMNS, limit=limit, wanted=lambda row: not cities or row["source_city"] in cities)


def records(given: list[dict]) -> Iterator[Record]:
    """The rows as requests, in the order of time. A record has a date only: a day's records are spread over its waking hours."""
    by_day: dict = {}
    for row in given:
        by_day.setdefault((row["issued_on"] or row["filed_on"], row["source_city"]), []).append(row)
    dated = [(instant(day, city, place, len(of_day)), row) for (day, city), of_day in by_day.items() for place, row in enumerate(of_day)]
    for at, row in sorted(dated, key=lambda pair: (pair[0], pair[1]["permit_id"])):
        reading = permits.read(row)
        yield Record(
            key=f"permit:{row['permit_id']}",
            at=at,
            service=reading.service,
            answers=reading.answers,
            zip=row["zip"],
            description=row["description"],
            property=row["property_key"] or row["permit_id"],
            refused=NO_ZIP if not row["zip"] else reading.code,
        )


def instant(day: str, city: str, place: int, of: int) -> datetime:
    """When the `place`-th of `of` records of a city's day was made, UTC."""
    minutes = OPENING + (CLOSING - OPENING) * (place + 0.5) / of
    local = datetime.combine(datetime.fromisoformat(day).date(), time(), ZoneInfo(ZONES.get(city, EASTERN)))
    return (local + timedelta(minutes=minutes)).astimezone(UTC)
