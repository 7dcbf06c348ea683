"""Reading the CSV files operators bring: plain or gzip, UTF-8, with a header row."""

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

from core.errors import Refusal


class WrongFile(Refusal):
    code = "wrong_file"
    sentence = "This is not such a file: it has not the columns %(missing)s."


def read_csv(path: Path, *, columns: set[str], limit: int | None = None, wanted: Callable[[dict], bool] = lambda row: True) -> list[dict]:
    """The `wanted` rows in the order of the file, at most `limit`. Raises WrongFile when columns are missing or it is no text."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = columns - set(reader.fieldnames or ())
            if missing:
                raise WrongFile(missing=", ".join(sorted(missing)))
            rows = (row for row in reader if wanted(row))
            return [row for _number, row in zip(range(limit), rows, strict=False)] if limit is not None else list(rows)
    except (UnicodeDecodeError, gzip.BadGzipFile, csv.Error):
        raise WrongFile(missing=", ".join(sorted(columns))) from None
