"""The statement behind the figures against a plain loop over rows, on a market that dice have made."""

import random
from collections import defaultdict
from datetime import date, timedelta
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from contact import queries
from leads.figures import Figures
from leads.models import LeadType, Match
from leads.opening import open_match
from leads.performance import performance_of, service_called
from leads.progress import REASONS, set_progress
from leads.spans import Span
from tests.calls import a_call, a_call_back, a_fault, dialled
from tests.factories import a_matched_lead, a_member, a_pro
from tests.leads.test_performance import credit

MINUTE = timedelta(minutes=1)
TODAY = date(2026, 5, 20)
SERVICES = ("water-heater", "plumbing-repair", "plumbing-fixtures")
LEADS = 45


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro(services=SERVICES, budget=10_000_000))


def a_market(dice, owner, now):
    """Leads of twelve weeks to two pros, of which one has called, said and closed whatever the dice wanted."""
    other = a_member(a_pro(services=SERVICES[:2], budget=10_000_000))
    for number in range(LEADS):
        at = now - timedelta(minutes=dice.randrange(84 * 24 * 60))
        lead = a_matched_lead(
            now=at,
            service=dice.choice(SERVICES),
            phone=f"+1630555{100 + number:04}",
            reach=dice.choice(["any", "evenings", "message_first"]),
        )
        for member in (owner, other):
            for match in Match.objects.filter(lead=lead, pro=member.pro).select_related("line"):
                _live(dice, match, member)


def _live(dice, match, member):
    if dice.random() < 0.8:
        open_match(match, by=member, now=match.at + dice.randrange(60) * MINUTE)
    for _call in range(dice.choice([0, 1, 1, 2, 4])):
        at = match.at + dice.randrange(2, 300) * MINUTE
        dice.choice(
            [
                lambda at: a_call(match, by=member, at=at, rang=dice.randrange(15), ended_by=dice.choice(["", "pro", "homeowner"])),
                lambda at: a_call(match, by=member, at=at, talked=dice.randrange(40), machine=dice.choice([None, True, False])),
                lambda at: a_call(match, by=member, at=at, status=dice.choice(["busy", "failed", "canceled"]), rang=0),
                lambda at: a_call_back(match, at=at, talked=dice.choice([None, 3, 60])),
                lambda at: a_fault(match, by=member, at=at),
                lambda at: dialled(match, by=member, at=at),
            ]
        )(at)
    progress = dice.choice(["new", "contacted", "quoted", "won", "lost"])
    set_progress(match, progress, by=member, now=match.at, won_amount=dice.randrange(1, 10**6), lost_reason=dice.choice(list(REASONS)))
    if dice.random() < 0.3:
        set_progress(match, "archived", by=member, now=match.at)
    if dice.random() < 0.15:
        credit(match)


def plainly(matches) -> Figures:
    """The figures of these matches, one after the other."""
    counted, seconds = defaultdict(int), []
    for match in matches:
        counted["price"] += match.charge.price
        counted["discounted"] += match.charge.discounted
        counted["credited"] += match.charge.credited
        if match.state == "credited":
            counted["returned"] += 1
        if match.state in ("credited", "undone"):
            continue
        sheets = queries.calls_on([match.line_id])
        contacts = [sheet.started_at or sheet.opened_at for sheet in sheets if queries.counts(match.line, sheet)]
        won = match.progress == "won" or (match.progress == "archived" and match.won_amount is not None)
        counted["leads"] += 1
        counted["in_time"] += match.line.earned_at is not None
        counted["talked"] += any(sheet.is_two_way(20) for sheet in sheets)
        counted["won"] += won
        counted["quoted"] += won or match.progress == "quoted"
        counted["won_in_time"] += won and match.line.earned_at is not None
        counted["lost"] += match.progress == "lost" or (match.progress == "archived" and bool(match.lost_reason))
        counted["won_amount"] += match.won_amount or 0
        if contacts:
            counted["contacted"] += 1
            begun, earned = match.line.clock_starts_at or match.line.opened_at, match.line.earned_at
            times = [(at - begun).total_seconds() for at in contacts if at >= begun]
            seconds += [0.0] if earned and earned < begun else times and [min(times)]
    return Figures((5, 10), timed=len(seconds), seconds=median(seconds) if seconds else None, **counted)


@pytest.mark.parametrize("seed", range(2))
def test_the_statement_says_what_a_loop_over_the_rows_says(owner, now, seed):
    dice = random.Random(seed)
    a_market(dice, owner, now)
    zone = ZoneInfo(owner.pro.zone)
    rows = list(Match.objects.filter(pro=owner.pro).select_related("charge", "lead__service", "line__homeowner", "line__pro"))
    assert len(rows) == LEADS
    assert not all(match.line.earned_at is None for match in rows)

    def of(first, last, service="", lead_type=""):
        return [
            match
            for match in rows
            if first <= match.at.astimezone(zone).date() <= last
            and service in ("", match.lead.service.code)
            and lead_type in ("", match.lead_type)
        ]

    for first, last in ((TODAY - timedelta(days=89), TODAY), (date(2026, 1, 1), TODAY), (date(2026, 4, 1), date(2026, 4, 30))):
        span = Span("own", first, last, owner.pro.zone)
        found = performance_of(owner.pro, span, today=TODAY)
        assert found.all == plainly(of(first, last))
        for column, figures in found.columns:
            assert figures == plainly(of(column.first, column.last)), column
        for part in found.services:
            assert part.figures == plainly(of(first, last, part.code)), part.name
        assert found.types[0].figures == found.all
        for code in SERVICES:
            chosen = performance_of(owner.pro, span, today=TODAY, service=service_called(code), lead_type=LeadType.AUTOMATCH)
            assert chosen.all == plainly(of(first, last, code))
            assert chosen.types[0].leads == chosen.all.leads
            assert {part.code: part.leads for part in chosen.services} == {part.code: part.figures.leads for part in found.services}
