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
    others = [a_candidate(pro, owed=-20_000) for pro in range(1, 41)]
    why = why_me(kept(a_candidate(ME, owed=800_000, received=12), *others), ME, "automatch")
    assert why.sentence == "You were owed 0.8 of a seat more than the average, the most among 41 eligible pros."
    assert dict(why.facts) == {
        "Your share so far": "12.8 seats",
        "Received so far": "12 seats",
        "Owed to you": "0.8 of a seat",
        "Owed on average": "no seat",
        "Looked at": "41 pros",
        "Eligible": "41 pros",
        "Seats given": "4",
    }


def test_a_place_behind_others():
    before, behind = [a_candidate(pro, owed=900_000) for pro in (1, 2)], [a_candidate(pro) for pro in range(9, 19)]
    why = why_me(kept(*before, a_candidate(ME, owed=500_000), *behind), ME, "automatch")
    assert why.sentence == "You were owed 0.3 of a seat more than the average, place 3 of 13 eligible pros."


def test_what_counts_is_measured_from_the_mean():
    """While decisions wait to be folded everybody seems to have received too much."""
    others = [a_candidate(pro, owed=-2_500_000) for pro in range(1, 10)]
    why = why_me(kept(a_candidate(ME, owed=-1_500_000), *others), ME, "automatch")
    assert why.sentence == "You were owed 0.9 of a seat more than the average, the most among 10 eligible pros."
    assert dict(why.facts)["Owed to you"] == "1.5 seats too much" and dict(why.facts)["Owed on average"] == "2.4 seats too much"


def test_a_draw_among_equals():
    decision = kept(*(a_candidate(pro) for pro in range(1, 11)))
    why = why_me(decision, decision.winners[0], "automatch")
    assert why.sentence == "All 10 eligible pros were owed the same. A draw among equals decided."
    decision = kept(a_candidate(ME, owed=900_000), *(a_candidate(pro, owed=400_000) for pro in range(1, 7)), a_candidate(50))
    assert why_me(decision, decision.winners[1], "automatch").sentence.endswith("A draw among the 6 who were owed as much decided.")
    decision = kept(*(a_candidate(pro, owed=400_000) for pro in range(1, 4)), *(a_candidate(pro) for pro in range(5, 9)))
    assert "draw" not in why_me(decision, decision.winners[0], "automatch").sentence, "three equals on four seats need none"


def test_of_few_pros_no_average_is_told():
    decision = kept(a_candidate(ME, owed=900_000), a_candidate(2), a_candidate(3, owed=-100_000), seats=2)
    assert why_me(decision, ME, "automatch").sentence == "You were owed the most among 3 eligible pros."
    assert why_me(decision, 2, "automatch").sentence == "You were place 2 of 3 eligible pros."
    assert "Owed on average" not in dict(why_me(decision, ME, "automatch").facts)


def test_few_pros_all_win_and_one_alone():
    assert why_me(kept(a_candidate(ME), a_candidate(2)), ME, "automatch").sentence == (
        "All 2 eligible pros got a seat, and you are one of them."
    )
    assert why_me(kept(a_candidate(ME), a_candidate(2, paused=True)), ME, "automatch").sentence == "You were the only eligible pro."


def test_below_the_average_and_still_matched():
    rich = [a_candidate(pro, owed=3 * SEAT) for pro in (1, 2)]
    decision = kept(*rich, a_candidate(ME, owed=400_000), *(a_candidate(pro) for pro in range(5, 9)), seats=3)
    assert why_me(decision, ME, "automatch").sentence == "You were owed 0.5 of a seat less than the average, place 3 of 7 eligible pros."


def test_more_than_the_limit_is_said_with_the_limit():
    decision = kept(a_candidate(ME, owed=5 * SEAT), *(a_candidate(pro) for pro in range(1, 10)))
    facts = dict(why_me(decision, ME, "automatch").facts)
    assert (facts["Owed to you"], facts["Owed on average"], facts["Counted at most"]) == ("5 seats", "0.5 of a seat", "3 seats")


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
