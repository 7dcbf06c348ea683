"""What is said in SQL of thousands of lines is what the rules say of each call (RULES 23; INVARIANTS 21)."""

import random
from datetime import timedelta

import pytest

from contact import queries, reached
from contact.merging import STATUSES
from contact.models import Call, Leg, Line, Side
from core import sql
from core.ids import new_id
from leads.models import Match
from tests.factories import a_matched_lead, a_member, a_pro

SECOND = timedelta(seconds=1)
LINES = 150


@pytest.fixture
def line(marketplace, now):
    owner = a_member(a_pro(), phone="+17735550199")
    return Match.objects.get(lead=a_matched_lead(now=now), pro=owner.pro).line


def more_lines(dice, line, count):
    """Lines like this one, each with a clock of its own."""
    found = []
    for number in range(count):
        found.append(
            Line(
                id=new_id(),
                number=line.number,
                pin=f"{(int(line.pin) + 1 + number) % 10_000:04}",
                pro=line.pro,
                homeowner=line.homeowner,
                about=line.about,
                reach=line.reach,
                opened_at=line.opened_at,
                expires_at=line.expires_at,
                clock_starts_at=(starts_at := line.opened_at + dice.randrange(4_000) * SECOND),
                clock_ends_at=starts_at + 1_800 * SECOND,
            )
        )
    return Line.objects.bulk_create(found)


def any_call(dice, line, number, at):
    """A call in any state a carrier may leave it in, and in some it should not."""
    begun = at + dice.randrange(4_000) * SECOND
    call = Call.objects.create(
        way=dice.choice(Call.Way.values),
        number=line.number,
        line=line,
        opened_at=begun,
        fault=dice.random() < 0.15,
        closed_at=dice.choice([None, begun + 90 * SECOND]),
    )
    for side in dice.choice([[], [Side.PRO], [Side.HOMEOWNER], Side.values, [*Side.values, Side.HOMEOWNER]]):
        maybe = lambda low, high: dice.choice([None, begun + dice.randrange(low, high) * SECOND])  # noqa: E731
        Leg.objects.create(
            call=call,
            side=side,
            provider_id=f"CA{new_id().hex}",
            status=dice.choice(STATUSES),
            initiated_at=maybe(0, 4),
            ringing_at=maybe(2, 8),
            answered_at=maybe(5, 30),
            alive_at=maybe(8, 60),
            ended_at=maybe(4, 60),
            seconds=dice.choice([None, 0, 3, 5, 19, 20, 60]),
            machine=dice.choice([None, True, False]),
            ended_by=dice.choice(["", *Side.values]),
        )


def said_in_sql(lines):
    statement = f"""with lines as (
      select * from unnest(%(ids)s::uuid[], %(clocks)s::timestamptz[]) as l(line_id, clock_from)
    ) {reached.REACHED}"""
    ids, clocks = [line.pk for line in lines], [line.clock_starts_at for line in lines]
    return {pk: tuple(said) for pk, *said in sql.rows(statement, ids=ids, clocks=clocks, **reached.parameters())}


def said_in_python(lines):
    """{line: first contact, first from the clock's start on, first conversation}"""
    found, by_line = {}, {line.pk: line for line in lines}
    for sheet in queries.calls_on(by_line):
        line, at = by_line[sheet.line_id], sheet.started_at or sheet.opened_at
        counts = queries.counts(line, sheet)
        said = [counts, counts and at >= line.clock_starts_at, sheet.is_two_way(20)]
        for so_far, is_so in zip(found.setdefault(line.pk, ([], [], [])), said, strict=True):
            so_far += [at] * is_so
    return {pk: tuple(min(each, default=None) for each in all_of) for pk, all_of in found.items()}


@pytest.mark.parametrize("seed", range(3))
def test_sql_and_the_rules_say_the_same_of_every_call(line, now, seed):
    dice = random.Random(seed)
    lines = more_lines(dice, line, LINES)
    for number, each in enumerate(lines):
        for _call in range(dice.choice([0, 1, 1, 1, 2, 3])):
            any_call(dice, each, number, now)
    expected = said_in_python(lines)
    assert said_in_sql(lines) == expected
    kinds = {tuple(at is None for at in each) for each in expected.values()}
    assert len(kinds) >= 4, "calls of every kind were made"


def test_a_line_without_calls_has_no_row(line):
    assert said_in_sql([line]) == {}
