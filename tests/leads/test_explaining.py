"""Why me, in words: from the kept decision alone, and never a word about who the others were."""

from types import SimpleNamespace

import pytest

from leads.decision import CANDIDATE_FIELDS, MATCHED, RANKED_LOWER, SEAT, Candidate, Request, decide, freeze
from leads.explaining import how_it_came, seats, why_me

ME = 77


def a_candidate(pro, owed=0, received=0, **changes):
    usual = {
        "pro": pro, "rev": 1, "test": False, "approved": True, "paused": False, "past_grace": False, "wants_type": True, "own": False,
        "in_group": False, "accepts_renters": False, "job_min": None, "job_max": None, "minute": 600, "opens": None, "closes": None,
        "day_count": 0, "day_cap": None, "week_count": 0, "week_cap": None, "spent": 0, "budget": 60_000, "weight": 1,
        "received": received, "entitled": received * SEAT + owed,
    }  # fmt: skip
    return Candidate(**(usual | changes))


def kept(*candidates, seats=4):
    request = Request(at="2026-05-20T17:00:00+00:00", lead_type="automatch", seats=seats, estimate=160_000, price=3_600)
    decided = decide(request, list(candidates), seed=5)
    return SimpleNamespace(**freeze(request, list(candidates), decided))


@pytest.mark.parametrize(
    ("millionths", "words"),
    [
        (0, "no seat"),
        (49_999, "less than 0.1 of a seat"),
        (50_000, "0.1 of a seat"),
        (800_000, "0.8 of a seat"),
        (949_999, "0.9 of a seat"),
        (950_000, "1 seat"),
        (1_000_000, "1 seat"),
        (2_340_000, "2.3 seats"),
        (-400_000, "0.4 of a seat"),
        (12_000_000, "12 seats"),
    ],
)
def test_seats_in_words(millionths, words):
    assert seats(millionths) == words


def test_the_most_owed_among_many():
    others = [a_candidate(pro, owed=-100_000) for pro in range(1, 37)]
    why = why_me(kept(a_candidate(ME, owed=800_000, received=12), *others), ME, "automatch")
    assert why.sentence == "You were owed 0.8 of a seat, the most among 37 eligible pros."
    assert dict(why.facts) == {
        "Your share so far": "12.8 seats",
        "Received so far": "12 seats",
        "Difference": "0.8 of a seat owed",
        "Looked at": "37 pros",
        "Eligible": "37 pros",
        "Seats given": "4",
    }


def test_a_place_behind_others():
    before, behind = [a_candidate(pro, owed=900_000) for pro in (1, 2)], [a_candidate(pro) for pro in range(9, 19)]
    why = why_me(kept(*before, a_candidate(ME, owed=500_000), *behind), ME, "automatch")
    assert why.sentence == "You were owed 0.5 of a seat, place 3 of 13 eligible pros."


def test_a_draw_among_equals():
    decision = kept(*(a_candidate(pro) for pro in range(1, 11)))
    why = why_me(decision, decision.winners[0], "automatch")
    assert why.sentence == "You were owed no seat. Of 10 eligible pros nobody was owed more, and 9 as much. A draw among equals decided."


def test_few_pros_all_win_and_one_alone():
    assert why_me(kept(a_candidate(ME), a_candidate(2)), ME, "automatch").sentence == (
        "All 2 eligible pros got a seat, and you are one of them."
    )
    assert why_me(kept(a_candidate(ME), a_candidate(2, paused=True)), ME, "automatch").sentence == "You were the only eligible pro."


def test_ahead_of_the_share_and_still_the_least_so():
    decision = kept(a_candidate(ME, owed=-300_000, received=2), *(a_candidate(pro, owed=-900_000, received=2) for pro in range(1, 8)))
    why = why_me(decision, ME, "automatch")
    assert why.sentence == "All 8 eligible pros had received at least their share, and you the least beyond it: 0.3 of a seat."
    assert dict(why.facts)["Difference"] == "0.3 of a seat ahead"


def test_who_was_busy_with_another_request_is_said_without_a_name():
    busy = [a_candidate(pro, owed=2 * SEAT, held=False) for pro in range(1, 6)]
    why = why_me(kept(a_candidate(ME, owed=100_000), a_candidate(9), *busy, seats=2), ME, "automatch")
    assert why.sentence.endswith("Some who were owed more were just being matched to another request.")


def test_no_other_pro_and_no_figure_of_another_is_told():
    others = [a_candidate(pro, owed=-pro * 10_000, received=pro) for pro in range(1001, 1010)]
    why = why_me(kept(a_candidate(ME, owed=800_000), *others), ME, "automatch")
    told = f"{why.sentence} {why.facts}"
    assert not any(str(pro) in told for pro in range(1001, 1010))
    assert {code for _pro, code, _have, _need in kept(a_candidate(ME), *others).verdicts} == {MATCHED, RANKED_LOWER}
    assert CANDIDATE_FIELDS[0] == "pro"


@pytest.mark.parametrize(
    ("lead_type", "words"),
    [("choice", "The homeowner picked you"), ("opt_in", "You accepted the offer"), ("automatch", "The system matched you")],
)
def test_the_three_ways_a_lead_comes(lead_type, words):
    assert how_it_came(lead_type) == words
    if lead_type != "automatch":
        assert why_me(None, ME, lead_type).sentence == words
