"""Deciding again from what was kept of a decision (RULES 17): the function is the one that decided.

Nothing here needs Django, so that `prove` can let other processes do it.
"""

import json
from dataclasses import fields
from types import SimpleNamespace

from leads.decision import Decision, decide, thaw

COLUMNS = ("id", "seed", "winners", "eligible", "share", "request", "candidates", "verdicts")  # the last three as JSON text


def differences(row) -> dict[str, tuple]:
    """What comes out differently when the kept decision `row` is decided again: {part: (then, now)}, empty when identical."""
    request, candidates, then = thaw(row)
    now = decide(request, candidates, seed=row.seed)
    parts = [part.name for part in fields(Decision)]
    return {part: (getattr(then, part), getattr(now, part)) for part in parts if getattr(then, part) != getattr(now, part)}


def different(rows: list[tuple]) -> list:
    """The ids of those `rows` (COLUMNS as the database gives them) that come out differently, or cannot be read any more."""
    return [values[0] for values in rows if not _identical(values)]


def _identical(values) -> bool:
    *plain, request, candidates, verdicts = values
    try:
        parsed = [json.loads(text) for text in (request, candidates, verdicts)]
        return not differences(SimpleNamespace(**dict(zip(COLUMNS, [*plain, *parsed], strict=True))))
    except (TypeError, ValueError, LookupError, AttributeError):
        return False
