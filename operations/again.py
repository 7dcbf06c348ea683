"""Deciding again from what was kept of a decision (RULES 17): the function is the one that decided."""

from dataclasses import fields

from leads.decision import Decision, decide, thaw


def differences(row) -> dict[str, tuple]:
    """What comes out differently when the kept decision `row` is decided again: {part: (then, now)}, empty when identical."""
    request, candidates, then = thaw(row)
    now = decide(request, candidates, seed=row.seed)
    parts = [part.name for part in fields(Decision)]
    return {part: (getattr(then, part), getattr(now, part)) for part in parts if getattr(then, part) != getattr(now, part)}
