"""Why not me: one pro's checks, the smallest change, and a sentence that names nobody (RULES 10, 17, 47)."""

import json
from dataclasses import replace

import pytest

from accounts.models import ProState
from leads.decision import RULES, Candidate, Request, decide, freeze, within_hours
from leads.models import Decision
from leads.receipt import STAGES, Receipt, read
from leads.verdicts import CHECKS, FELL, STEPS
from leads.why_not import CHANGES, FACTS, smallest_change, why_not
from tests.factories import a_matched_lead, a_pro
from tests.leads.test_decision import ORDINARY, REQUEST
from tests.web.staff.conftest import page_of, text_of

CODES = [rule[0] for rule in RULES]


def test_the_checks_end_at_the_first_that_failed_with_both_values(browser, lead):
    answer = browser.get(*page_of(lead, pro="broke"))
    page, told = text_of(answer), answer.context["answer"]
    assert len(told.passed) == 16 and told.not_asked == ()
    assert told.failed == ("Budget left for $28.00", "$1.00 of its budget left, the lead costs $28.00")
    assert "Offered Water heater replacement in 60614" in page and answer.context["rows"][5]["me"]
    resting = browser.get(*page_of(lead, pro="Resting Plumbing")).context["answer"]
    assert resting.failed == ("Not paused", "Paused") and len(resting.not_asked) == 14


def test_the_smallest_change_and_the_seat_it_would_have_brought(browser, lead):
    page = text_of(browser.get(*page_of(lead, pro="Broke Plumbing")))
    assert "With $27.00 more budget left it would have passed this rule. It would have had seat 1." in page
    assert (
        "You were not matched to the request of Wed, May 20, 12:00 PM. Your budget had $1.00 left, and the lead cost $28.00. "
        "You met the rules that come before it. With $27.00 more budget left you would have had a seat."
    ) in page


def test_a_change_that_would_not_have_brought_a_seat_says_so(browser, lead):
    ahead = ProState.objects.get(pro__name="Resting Plumbing")
    ProState.objects.filter(pk=ahead.pk).update(received=9)
    lead = a_matched_lead(now=lead.submitted_at)
    page = text_of(browser.get(*page_of(lead, pro="Resting")))
    assert "With leads not paused it would have passed this rule. It would have been eligible, but place 6, without a seat." in page
    assert "you would have met every rule, but the seats would have gone to others" in page


def test_the_sentence_names_no_other_pro_and_no_homeowner(browser, lead):
    for pro in ("Broke Plumbing", "Resting Plumbing"):
        sentence = browser.get(*page_of(lead, pro=pro)).context["answer"].sentence
        for name in (lead.homeowner.name, "Dana", lead.homeowner.email, lead.place, lead.zip, "Able", "Broke", "Resting"):
            assert name not in sentence


def test_who_was_eligible_reads_its_place_and_who_has_a_seat_gets_no_answer_to_send(browser, lead):
    decision = Decision.objects.get(lead=lead)
    last = browser.get(*page_of(lead, pro=decision.eligible[-1])).context["answer"]
    assert last.failed is None and "place 5 of 5, lost in the draw among 5 equals" in last.result
    assert last.sentence.endswith("You met every rule and were place 5 of 5: a draw decided among those who were owed as much.")
    winner = browser.get(*page_of(lead, pro=decision.winners[1]))
    assert winner.context["answer"].result == "It passed every rule and has seat 2." and "Copy the answer" not in text_of(winner)


def test_a_pro_that_was_not_looked_at_learns_what_the_decision_can_say_and_what_it_offers_today(browser, lead):
    a_pro("Elsewhere Plumbing", zips=["60622"])
    page = text_of(browser.get(*page_of(lead, pro="Elsewhere")))
    assert "Elsewhere Plumbing was not among those looked at." in page and "its window did not reach it" in page
    assert "Today Offers Water heater replacement Does not cover 60614 for it" in page
    assert "You were not among the pros looked at" in page
    a_pro("Later Plumbing")
    assert "Covers 60614 for it" in text_of(browser.get(*page_of(lead, pro="Later Plumbing")))


def test_a_name_that_means_several_is_a_choice_and_an_unknown_one_a_sentence(browser, lead):
    answer = browser.get(*page_of(lead, pro="able"))
    assert [each["name"] for each in answer.context["choices"]] == [
        f"Able {n} Plumbing" for n in range(5)
    ] and "answer" not in answer.context
    assert "No pro here is called “Nobody”." in text_of(browser.get(*page_of(lead, pro="Nobody")))


@pytest.mark.parametrize("text", ["9" * 18, "9" * 5000, "-1", "\x01", "١٢", "%", "\\", "é" * 500, "' or 1=1"])
def test_odd_names_find_nobody_and_break_nothing(browser, lead, text):
    assert browser.get(*page_of(lead, pro=text, all=text)).status_code == 200


def test_every_rule_has_a_check_a_stage_and_words():
    assert [code for _stage, codes in STAGES for code in codes] == CODES
    assert {*CHECKS} == {*FACTS} == {*CODES} and {*FELL} == {*CODES, "ranked_lower"}
    assert {*STEPS} == {"looked_at", "seats", "offered", *(stage for stage, _codes in STAGES)}
    assert {*CODES} - {*CHANGES} == {
        "test_traffic",
        "own_contact",
        "same_group",
        "asked_before",
        "not_picked",
        "outside_area",
        "price_changed",
    }


# One pro that fails exactly one rule: the candidate, and what is asked for.
FAILING = {
    "test_traffic": ({"test": True}, {}),
    "not_approved": ({"approved": False}, {}),
    "paused": ({"paused": True}, {}),
    "past_grace": ({"past_grace": True}, {}),
    "check_expired": ({"lacks": "licence", "lapsed": "2026-05-01"}, {}),
    "opted_out": ({"wants_type": False}, {}),
    "own_contact": ({"own": True}, {}),
    "same_group": ({"in_group": True}, {}),
    "asked_before": ({"asked": True}, {}),
    "no_renters": ({}, {"renter": True}),
    "job_too_small": ({"job_min": 300_000}, {}),
    "job_too_big": ({"job_max": 100_000}, {}),
    "day_off": ({"day_off": ["2026-05-23", 96]}, {}),
    "outside_hours": ({"opens": 800, "closes": 900}, {}),
    "day_cap": ({"day_count": 3, "day_cap": 2}, {}),
    "week_cap": ({"week_count": 3, "week_cap": 3}, {}),
    "open_work": ({"open_work": 5, "open_cap": 5}, {}),
    "budget": ({"spent": 9_000, "budget": 8_000}, {}),
    "wallet": ({"funds": 100}, {}),
    "not_picked": ({}, {"picks": (2,)}),
    "outside_area": ({"serves": False}, {"draw": True}),
    "price_changed": ({"shown": 2_700}, {"draw": True}),
}


def kept(candidate: Candidate, request: Request) -> Receipt:
    return read(StoredRow(request, [candidate, ORDINARY._replace(pro=2)]), slots=(1, 2, 3, 4))


class StoredRow:
    """A decision as the database gives it back."""

    def __init__(self, request, candidates, seed=7):
        kept = freeze(request, candidates, decide(request, candidates, seed=seed))
        self.__dict__.update(json.loads(json.dumps(kept)))
        self.seed = seed


@pytest.mark.parametrize("code", CODES)
def test_with_the_smallest_change_the_rule_is_passed(code):
    pro, asked = FAILING[code]
    receipt = kept(ORDINARY._replace(**pro), replace(REQUEST, **asked))
    standing = receipt.of(1)
    answer = why_not(receipt, standing, when="then")
    assert standing.code == code and not receipt.changed and answer.sentence.startswith("You were not matched")
    change = smallest_change(receipt.request, standing)
    assert bool(change) == (code in CHANGES) == bool(answer.change)
    if change:
        assert len(change.values) == 1
        after = receipt.with_change(1, **change.values)
        assert after.seated and after.slot in (1, 2) and answer.helps and "would have had a seat" in answer.sentence


def test_hours_change_by_as_few_minutes_as_pass():
    for opens, closes in ((480, 1080), (1320, 360), (0, 1), (1, 0), (719, 721)):
        for minute in range(0, 1440, 7):
            if within_hours(minute, opens, closes):
                continue
            receipt = kept(ORDINARY._replace(opens=opens, closes=closes, minute=minute), REQUEST)
            [(name, value)] = smallest_change(receipt.request, receipt.of(1)).values.items()
            hours = {"opens": opens, "closes": closes} | {name: value}
            assert within_hours(minute, **hours)
            moved = (opens - value) % 1440 if name == "opens" else (value - closes) % 1440
            for less in range(moved - 1, 0, -max(1, moved // 5)):
                assert not within_hours(minute, (opens - less) % 1440, closes) and not within_hours(minute, opens, (closes + less) % 1440)


@pytest.mark.parametrize(
    ("pro", "words", "fact"),
    [
        (
            {"day_off": ["2026-05-23", 96]},
            "It was Sat, May 23 there, it takes no leads on Saturday and Sunday",
            "It was Sat, May 23, and you receive no leads on Saturday and Sunday.",
        ),
        (
            {"day_off": ["2026-12-25", "2026-12-24", "2027-01-02"]},
            "It was Fri, Dec 25 there, it is away from Thu, Dec 24 to Sat, Jan 2",
            "It was Fri, Dec 25, and you were away from Thu, Dec 24 to Sat, Jan 2.",
        ),
        ({"open_work": 5, "open_cap": 4}, "5 open leads, its cap is 4", "You had 5 open leads, and your cap is 4."),
    ],
)
def test_days_off_and_open_work_in_words(pro, words, fact):
    receipt = kept(ORDINARY._replace(**pro), REQUEST)
    answer = why_not(receipt, receipt.of(1), when="then")
    assert answer.failed[1] == words and fact in answer.sentence
    assert "With leads taken on that day" in answer.sentence or "With a cap of 6 open leads instead of 4" in answer.sentence


def test_who_asks_for_the_lead_itself_is_not_asked_for_its_hours():
    request = replace(REQUEST, picks=(1,), pro_asks=True)
    receipt = kept(ORDINARY._replace(opens=800, closes=900, day_off=["2026-05-23", 96], open_work=2, open_cap=2), request)
    answer = why_not(receipt, receipt.of(1), when="then")
    assert answer.failed[0] == "Under its cap of open leads" and receipt.of(2).code == "not_picked"
    assert not {"Not on a day off", "Within its receiving hours"} & {*answer.passed, *answer.not_asked}


def test_one_change_may_meet_the_next_rule():
    receipt = kept(ORDINARY._replace(paused=True, day_count=2, day_cap=2), REQUEST)
    answer = why_not(receipt, receipt.of(1), when="then")
    assert answer.then == "It would not have had a seat: 2 leads that day, its cap is 2." and not answer.helps
    assert answer.sentence.endswith("one more rule would have stood in the way: You had 2 leads that day, and your cap is 2.")
