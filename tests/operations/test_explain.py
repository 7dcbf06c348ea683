"""`explain` tells an operator why these pros and not the others, and decides again."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ProState
from leads import links, matching
from leads.decision import MATCHED, OFFERED, RANKED_LOWER, RULES, Verdict, decide
from leads.models import Match
from leads.verdicts import WORDS, in_words
from operations.explain import explain, find
from tests.factories import a_lead, a_matched_lead, a_pro

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(marketplace, now):
    """Five could do it and four get it; a sixth is paused and a seventh has spent its budget of the running period."""
    for _ in range(5):
        a_pro()
    ProState.objects.filter(pro=a_pro("Resting Plumbing")).update(paused=True)
    broke = a_pro("Broke Plumbing", budget=10_000)
    ProState.objects.filter(pro=broke).update(spent=9_900, period=4)
    return a_matched_lead(now=now)


def test_every_candidate_is_told_with_the_values_compared(lead):
    told = explain(lead)
    decision = told.decisions[0]
    words = {one.name: one.words for one in decision.candidates}
    assert [one.verdict for one in decision.candidates] == [MATCHED] * 4 + [RANKED_LOWER] + ["paused", "budget"]
    assert words["Resting Plumbing"] == "paused"
    assert words["Broke Plumbing"] == "$1.00 of its budget left, the lead costs $28.00"
    assert [one.seat[:5] for one in decision.candidates[:5]] == ["1 AM-", "2 AM-", "3 AM-", "4 AM-", ""]
    assert (decision.free_seats, decision.eligible, decision.price, decision.changed) == (4, 5, 2800, None)
    assert told.state == "filled, all_seats_taken"


def test_decided_again_it_is_identical(lead):
    told = explain(lead, replay=True)
    assert told.decisions[0].changed == {} and not told.differs


def test_a_decision_that_comes_out_differently_shows_and_fails(lead, monkeypatch, capsys):
    def by_age(request, candidates, *, seed):
        return replace(decide(request, candidates, seed=seed), winners=(1, 2, 3, 4))

    monkeypatch.setattr("operations.again.decide", by_age)
    with pytest.raises(SystemExit) as ending:
        call_command("explain", str(lead.pk), "--replay")
    assert ending.value.code == 1
    assert "decided again: DIFFERENT\n  winners: was (" in capsys.readouterr().out


def test_a_lead_looked_at_twice_has_two_decisions(marketplace, now):
    for _ in range(3):
        a_pro()
    lead = a_matched_lead(now=now)
    a_pro()
    matching.route(lead_id=lead.pk, now=now + timedelta(minutes=5))
    told = explain(lead)
    assert [decision.free_seats for decision in told.decisions] == [4, 1]
    assert [one.verdict for one in told.decisions[1].candidates] == [MATCHED] + ["same_group"] * 3


def test_a_lead_is_found_by_its_id_its_token_and_a_match_code(lead):
    code = Match.objects.first().code
    for text in (str(lead.pk), lead.pk.hex, links.token(lead), code, code.lower()):
        assert find(text).pk == lead.pk


def test_every_rule_has_words():
    values = {
        "opted_out": (False, "choice"),
        "day_off": ("2026-05-23", [96]),
        "check_expired": ("2026-05-01", "licence"),
        "outside_hours": (1272, [480, 1080]),
        **dict.fromkeys(("job_too_small", "job_too_big", "budget", "wallet"), (2_600, 2_800)),
    }
    for code in (MATCHED, RANKED_LOWER, OFFERED, *(rule[0] for rule in RULES)):
        have, need = values.get(code, (1, 2))
        assert in_words(Verdict(1, code, have, need))
    assert in_words(Verdict(1, "outside_hours", 1272, [480, 1080])) == "it was 21:12 there, it receives 08:00 to 18:00"
    assert set(WORDS) == {MATCHED, RANKED_LOWER, OFFERED, *(rule[0] for rule in RULES)}


def test_the_command_prints_a_page_and_a_document(lead, capsys):
    call_command("explain", str(lead.pk), "--replay")
    page = capsys.readouterr().out
    assert "Water heater replacement, Chicago, IL 60614" in page and "decided again: identical" in page
    call_command("explain", str(lead.pk), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["marketplace"] == "craftyard" and len(told["decisions"][0]["candidates"]) == 7


def test_a_lead_without_a_decision_says_so(marketplace, now, capsys):
    call_command("explain", str(a_lead(now=now).pk))
    assert "Nothing was decided about it." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["nobody", "AM-000000", "0190a1b2-0000-7000-8000-000000000000", "\x00", "é" * 50])
def test_an_unknown_lead_is_a_sentence(text, marketplace):
    with pytest.raises(CommandError, match="No marketplace has a lead"):
        call_command("explain", text)
