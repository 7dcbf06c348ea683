"""What a check is, and what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from time import monotonic

from django.db import connection

SAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Check:
    """One sentence of INVARIANTS.md (line number `invariant`) as a search for what breaks it.

    `of` says what is looked at: the end of "select count(*) ...". `sql` selects one column, the ids of rows that break the
    sentence; where SQL does not reach, `function` yields them. Both see only the marketplace in force: row-level security narrows
    every table. SQL may use %(now)s and the other facts of `prove`. `live` checks compare with the real clock, which a
    replayed marketplace does not follow.
    """

    name: str
    invariant: int
    sentence: str
    of: str
    sql: str = ""
    function: Callable[[], Iterable] | None = None
    live: bool = False


@dataclass(frozen=True)
class Finding:
    """What one check found: `broken` of `checked` rows, with a few of their ids."""

    name: str
    invariant: int
    sentence: str
    checked: int
    broken: int
    samples: tuple[str, ...]
    seconds: float

    def as_dict(self) -> dict:
        return asdict(self)


def run(check: Check, facts: dict) -> Finding:
    """Look for rows that break the check in the marketplace in force."""
    begun = monotonic()
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) {check.of}", facts)
        (checked,) = cursor.fetchone()
    broken, samples = _counted(check.function()) if check.function else _selected(check.sql, facts)
    return Finding(check.name, check.invariant, check.sentence, checked, broken, samples, round(monotonic() - begun, 3))


def _selected(sql, facts):
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) over (), broken::text from ({sql}) as found(broken) limit {SAMPLES}", facts)
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), tuple(broken for _count, broken in rows)


def _counted(found):
    count, samples = 0, []
    for broken in found:
        count += 1
        if count <= SAMPLES:
            samples.append(str(broken))
    return count, tuple(samples)
