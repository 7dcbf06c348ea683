"""Real records become requests, and every look at one fills the seats that can be filled (RULES 7, 10, 18)."""

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from accounts.contact_data import normal_phone
from contact.carriers.local import PEOPLE
from contact.models import Call, Line, LocalCall
from core.policy import publish
from core.tenancy import scope
from leads.models import Lead
from leads.policy import OptIn
from notifications.models import Message
from operations.files import WrongFile
from operations.loading import contractors, load_pros
from operations.presets import PRESETS
from operations.prove import prove
from operations.replay import NotAReplay, habits, replay
from operations.replay.people import AREA_CODES, People
from operations.replay.records import rows
from operations.replay.takers import NobodyOptsIn
from tests.conftest import BEFORE_RECORDS
from tests.operations.oracle import Oracle

SAMPLE = Path(settings.BASE_DIR) / "demo"
BUDGET, PER_DAY, RECORDS, CALLED = 30_000, 5, 60, 12


def replayed(marketplace, given):
    tally = replay(marketplace, given)
    with scope(marketplace):
        return tally.report()


@pytest.fixture(scope="module")
def records():
    return rows(SAMPLE / "permits.csv.gz", limit=RECORDS)


@pytest.fixture
def market(fresh):
    """A marketplace on the replay's clock with the contractors of the demo."""
    marketplace = fresh(replay=True, now=BEFORE_RECORDS)
    with scope(marketplace):
        loaded = load_pros(contractors(SAMPLE / "contractors.csv"), now=BEFORE_RECORDS, budget=BUDGET, per_day=PER_DAY)
        again = load_pros(contractors(SAMPLE / "contractors.csv"), now=BEFORE_RECORDS, budget=BUDGET, per_day=PER_DAY)
    assert loaded.added == loaded.rows - loaded.no_trade - loaded.no_place - loaded.no_name > 500
    assert (again.added, again.known) == (0, loaded.added)
    return marketplace


def test_records_become_leads_and_the_oracle_agrees_on_every_look(market, records):
    oracle = Oracle(market, budget=BUDGET, per_day=PER_DAY)
    tally = replay(market, records, watch=oracle.watch)
    with scope(market):
        report = tally.report()
        made_up = Lead.objects.filter(homeowner__made_up=True).count()
        assert not Message.objects.exclude(state__in=["confirmed"]).exists()

    assert len(oracle.expected) >= report["leads"] > 0.9 * RECORDS
    assert oracle.disagreements == []
    assert oracle.empty_seats() == []

    assert report["rows"] == RECORDS
    assert report["accepted"] + report["linked duplicates"] == report["leads"] == made_up
    assert report["leads"] + sum(report["refused"].values()) == RECORDS
    assert not [finding for finding in prove(market, now=records_end(market)) if finding.broken]

    again = replayed(market, records)
    assert (again["accepted"], again["linked duplicates"]) == (0, 0)
    assert again["repeats"] == again["leads"] == report["leads"]


def records_end(marketplace):
    with scope(marketplace):
        return Lead.objects.order_by("-closes_at").values_list("closes_at", flat=True).first()


def test_dirty_rows_are_refused_with_a_listed_code_or_get_a_defensible_default(market, records):
    good = records[0]
    dirty = [
        good | {"permit_id": "no zip", "zip": ""},
        good | {"permit_id": "nowhere", "zip": "00000"},
        good | {"permit_id": "no home", "description": "Remodel of an existing restaurant"},
        good | {"permit_id": "no words", "property_key": "p0", "description": ""},
        good | {"permit_id": "no cost", "property_key": "p1", "estimated_cost_usd": ""},
        good | {"permit_id": "cost of one", "property_key": "p2", "estimated_cost_usd": "1"},
    ]
    report = replayed(market, dirty)
    assert report["accepted"] == 3
    assert report["refused"] == {"no_zip": 1, "unknown_zip": 1, "not_residential": 1}
    with scope(market):
        assert all(estimate >= 10_000 for estimate in Lead.objects.values_list("estimate", flat=True))


def test_pros_call_what_they_got_and_ask_for_the_money_of_dead_numbers(market, records, monkeypatch):
    monkeypatch.setattr(habits, "DEAD", 0.25)  # a few records are to show it
    report = called(market, records)
    assert report["matches"] == 4 * report["accepted"]
    assert 0.3 < report["calls"] / report["matches"] < 1
    assert 0.2 < portion(report["discounts"]) <= portion(report["called within 30 minutes"]) < 0.6
    assert report["dead numbers"] > 0 and report["granted by code"]["dead_number"] > 0
    assert 0 < report["discounted cents"] + report["credited cents"] < report["charged cents"] / 2
    with scope(market):
        assert not LocalCall.objects.exclude(ended_at__isnull=False).exists() and not Call.objects.filter(closed_at=None).exists()
        assert not Line.objects.filter(clock_starts_at=None).exists()
    assert not [finding for finding in prove(market, now=records_end(market)) if finding.broken]

    again = called(market, records)
    assert again["repeats"] == report["accepted"]
    same = set(report) - {"accepted", "repeats", "fairness", "seconds"}
    assert {name: again[name] for name in same} == {name: report[name] for name in same}


def test_pros_accept_what_they_are_offered_and_the_figures_are_told_by_tier(fresh, records):
    marketplace = fresh("opt_in", replay=True, now=BEFORE_RECORDS)
    with scope(marketplace):
        draws = [replace(one, allocation="draw") if isinstance(one, OptIn) else one for one in PRESETS["opt_in"].sections]
        publish(draws, now=BEFORE_RECORDS)
        load_pros(contractors(SAMPLE / "contractors.csv", limit=150), now=BEFORE_RECORDS)
    report = accepted(marketplace, records)
    tiers = report["offers"].values()
    assert report["leads drawn"] > 0 and sum(tier["offers"] for tier in tiers) > sum(portion(tier["seats"]) for tier in tiers) > 0
    assert report["charged cents"] > 0
    assert not [finding for finding in prove(marketplace, now=records_end(marketplace)) if finding.broken]
    again = accepted(marketplace, records)
    assert {name: again[name] for name in ("leads", "offers", "charged cents")} == {
        name: report[name] for name in ("leads", "offers", "charged cents")
    }


def accepted(marketplace, given):
    tally = replay(marketplace, given[:6], accept=True)
    with scope(marketplace):
        return tally.report()


def test_where_nobody_opts_in_nobody_accepts(market, records):
    with pytest.raises(NobodyOptsIn):
        accepted(market, records)


def called(marketplace, given):
    tally = replay(marketplace, given[:CALLED], call=True)
    with scope(marketplace):
        return tally.report()


def portion(figure) -> float:
    """ "34.45% of 238" as 0.3445."""
    return float(figure.partition("%")[0]) / 100


def test_a_live_marketplace_takes_no_records(fresh, records):
    with pytest.raises(NotAReplay):
        replay(fresh(), records)


def test_a_file_of_something_else_is_told_so():
    with pytest.raises(WrongFile) as refusal:
        rows(SAMPLE / "contractors.csv")
    assert "permit_id" in str(refusal.value)


def test_everybody_who_is_made_up_has_a_number_a_homeowner_may_have():
    people = People()
    everybody = len(AREA_CODES) * len(PEOPLE)
    phones = {normal_phone(people.of(f"property {number}").phone) for number in range(everybody)}
    assert len(phones) == everybody
