"""How a violation is planted."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from leads.decision import CANDIDATE_FIELDS
from leads.models import Decision, Match
from tests.operations.story import LONELY

PLANTS: dict = {}


@dataclass(frozen=True)
class Plant:
    sow: Callable
    also: tuple = ()


def plants(name, *, also=()):
    """Marks the function that plants the violation which the check `name` is to find."""

    def keep(sow):
        assert name not in PLANTS
        PLANTS[name] = Plant(sow, also)
        return sow

    return keep


def sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            assert cursor.rowcount != 0, f"nothing was planted: {statement}"


def unfrozen(table, statement):
    """`statement` on an immutable table, with its triggers away just that long."""
    sql(f"alter table {table} disable trigger user", statement, f"alter table {table} enable trigger user")


def two_seats() -> tuple[Match, Match]:
    """The first two seats of a pro without caps; both of one day."""
    lonely = Match.objects.filter(lead__zip=LONELY).order_by("pk")
    return lonely[0], lonely[1]


def refreeze(match, **inputs):
    """Change what was frozen of the match's pro in its decision."""
    decision = Decision.objects.get(pk=match.decision_id)
    for candidate in decision.candidates:
        if candidate[0] == match.pro_id:
            for name, value in inputs.items():
                candidate[CANDIDATE_FIELDS.index(name)] = value
    decision.save()


def frozen(match, name):
    decision = Decision.objects.get(pk=match.decision_id)
    return next(one[CANDIDATE_FIELDS.index(name)] for one in decision.candidates if one[0] == match.pro_id)
