"""What evidence proves, over every combination, and what it must never do (RULES 37, 38)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credits.claim import Called, Claim, Evidence, Receipt, Step, Tried, freeze, thaw
from credits.judge import judge
from credits.reasons import REASONS

NOON = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
LABELS = ("Call Lead Within 30 Minutes", "Follow Up That Week", "Send An Email")
CONTACT = {"dead_number", "wrong_contact", "inaccurate_contact"}


def after(seconds) -> datetime:
    return NOON + timedelta(seconds=seconds)


def line(pro=1, *, dead=(), two_way=None) -> Tried:
    calls = tuple(Called(after(seconds), dead=True) for seconds in dead)
    return Tried(pro, f"match-{pro}", calls=calls, attempts=len(calls), two_way_at=None if two_way is None else after(two_way))


def steps(done) -> tuple:
    return tuple(Step(label, "done" if number < done else "open", int(number < done), 1) for number, label in enumerate(LABELS))


def claim(reason="dead_number", *, mine=None, others=(), done=0, duplicates=(), won=False, covered=False) -> Claim:
    receipt = Receipt("water-heater", "60614", covered=covered, at=NOON)
    evidence = Evidence(replace(mine or line(), won=won), tuple(others), steps(done), tuple(duplicates), receipt=receipt)
    return Claim(reason, evidence)


def said(*args, **facts) -> str:
    verdict = judge(claim(*args, **facts))
    return f"{'grant' if verdict.grant else 'person'}: {verdict.rule}"


@pytest.mark.parametrize(
    ("seconds", "answer"),
    [
        ((0, 3600), "grant: dead_number"),
        ((0, 3599), "person: not_proven"),
        ((0,), "person: not_proven"),
        ((0, 1800, 3600), "grant: dead_number"),
        ((0, 1800, 3599), "person: not_proven"),
    ],
)
def test_a_number_is_dead_when_two_calls_an_hour_apart_found_it_so(seconds, answer):
    assert said(mine=line(dead=seconds)) == answer


def test_calls_of_any_pro_of_the_lead_prove_it():
    assert said(mine=line(dead=[0]), others=[line(2, dead=[4000])]) == "grant: dead_number"
    assert said(others=[line(2, dead=[0, 4000])]) == "grant: dead_number"


def test_a_number_on_which_somebody_was_reached_since_is_not_dead():
    assert said(mine=line(dead=[0, 3600]), others=[line(2, two_way=7200)]) == "person: not_proven"
    assert said(mine=line(dead=[7200, 10800]), others=[line(2, two_way=0)]) == "grant: dead_number"


def test_the_facts_are_named():
    verdict = judge(claim(mine=line(dead=[0, 100, 3600])))
    assert verdict.facts == {"dead_at": [after(0), after(3600)]}
    assert judge(claim(duplicates=["m-1"])).facts == {"matches": ["m-1"]}


@pytest.mark.parametrize("reason", REASONS)
def test_every_combination(reason):
    """The table of RULES 38, line by line, over everything that may be known at once."""
    for spoke, won, dead, duplicate, done, covered in product([0, 1], [0, 1], [0, 1], [0, 1], range(4), [0, 1]):
        answer = said(
            reason,
            mine=line(dead=[0, 3600] if dead else [], two_way=9000 if spoke else None),
            done=done,
            duplicates=["m-1"] if duplicate else [],
            won=bool(won),
            covered=bool(covered),
        )
        contact = reason in CONTACT
        if spoke:
            expected = "person: two_way_contact"
        elif won:
            expected = "person: won_or_booked"
        elif dead and contact:
            expected = "grant: dead_number"
        elif duplicate:
            expected = "grant: duplicate"
        elif done == 3 and contact:
            expected = "grant: three_steps"
        elif covered and reason in ("outside_services", "outside_area"):
            expected = "person: receipt_speaks_against"
        else:
            expected = "person: not_proven"
        assert answer == expected, (spoke, won, dead, duplicate, done, covered)


def test_three_steps_prove_nothing_when_another_pro_was_answered():
    assert said("wrong_contact", done=3) == "grant: three_steps"
    assert said("wrong_contact", done=3, others=[line(2, two_way=0)]) == "person: not_proven"


offsets = st.integers(0, 20_000)
lines = st.builds(
    lambda pro, dead, two_way: line(pro, dead=dead, two_way=two_way),
    st.integers(1, 9),
    st.lists(offsets, max_size=4).map(sorted),
    st.one_of(st.none(), offsets),
)
claims = st.builds(
    lambda reason, mine, others, done, duplicates, won, covered: claim(
        reason, mine=mine, others=others, done=done, duplicates=duplicates, won=won, covered=covered
    ),
    st.sampled_from([*REASONS, "", "nonsense"]),
    lines,
    st.lists(lines, max_size=3),
    st.integers(0, 3),
    st.lists(st.just("m-1"), max_size=2),
    st.booleans(),
    st.booleans(),
)


@given(claims)
def test_code_never_grants_after_two_way_contact_or_a_won_job(made):
    evidence = made.evidence
    assert not judge(replace(made, evidence=replace(evidence, mine=replace(evidence.mine, two_way_at=NOON)))).grant
    assert not judge(replace(made, evidence=replace(evidence, mine=replace(evidence.mine, won=True)))).grant


@given(claims, offsets, st.integers(0, 2))
def test_more_evidence_for_a_claim_never_takes_a_grant_away(made, seconds, kind):
    if not judge(made).grant:
        return
    evidence, mine = made.evidence, made.evidence.mine
    more = [
        replace(evidence, mine=replace(mine, calls=(*mine.calls, Called(after(seconds), dead=True)))),
        replace(evidence, duplicates=(*evidence.duplicates, "m-2")),
        replace(evidence, steps=steps(3)),
    ][kind]
    assert judge(replace(made, evidence=more)).grant


@given(claims)
def test_the_same_evidence_is_judged_the_same_and_kept_whole(made):
    assert judge(made) == judge(made)
    assert thaw(freeze(made.evidence)) == made.evidence
    assert judge(replace(made, evidence=thaw(freeze(made.evidence)))) == judge(made)
