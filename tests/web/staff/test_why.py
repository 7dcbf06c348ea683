"""Why these pros: the seats, who came next, the way down to the seats, and that it comes out the same again (RULES 13, 17)."""

import uuid
from datetime import timedelta

import pytest

from accounts.models import ProState
from leads import looking_back, matching
from leads.models import Decision, Lead
from tests.factories import a_lead, a_matched_lead, a_pro
from tests.web.staff.conftest import page_of, text_of


def test_the_seats_and_who_came_next_with_what_each_was_owed(browser, lead):
    answer = browser.get(*page_of(lead))
    page, rows = text_of(answer), answer.context["rows"]
    assert [row["result"] for row in rows] == [
        "Seat 1", "Seat 2", "Seat 3", "Seat 4", "Lost the draw", "$1.00 of its budget left, the lead costs $28.00", "Paused",
    ]  # fmt: skip
    assert [row["standing"].drawn for row in rows[:5]] == [1, 2, 3, 4, 5] and "5 of 5" in page
    assert "9.000" in page and "Water heater replacement, Chicago, IL 60614" in page and "AutoMatch" in page


def test_what_counts_is_at_most_three_seats_from_the_mean(browser, marketplace, now):
    for number, entitled in enumerate((0, 0, 0, 0, 20_000_000)):
        ProState.objects.filter(pro=a_pro(f"Able {number}")).update(entitled=entitled)
    answer = browser.get(*page_of(a_matched_lead(now=now)))
    standings = answer.context["receipt"].standings
    assert [one.counted for one in standings] == [3_000_000, *[-3_000_000] * 4]
    assert "+3.000" in text_of(answer) and "mean of the eligible, 4.000" in text_of(answer)


def test_the_way_from_everybody_looked_at_to_the_seats_follows_the_rules(browser, lead):
    answer = browser.get(*page_of(lead))
    assert [(step["left"], step["fell"]) for step in answer.context["steps"]] == [
        (7, ""), (6, "1 paused"), (6, ""), (6, ""), (5, "1 at the budget cap"), (4, "1 ranked lower"),
    ]  # fmt: skip
    assert "From 7 looked at to 4 seats" in text_of(answer)


def test_the_decision_has_its_facts_and_is_decided_again(browser, lead):
    page = text_of(browser.get(*page_of(lead)))
    decision = Decision.objects.get(lead=lead)
    assert "Wed, May 20, 2026, 12:00:00 PM" in page and str(decision.seed) in page and "$28.00" in page
    assert "Decision unchanged" in page and "Names of pros are those of today" in page


def test_a_decision_that_comes_out_differently_says_so(browser, lead, monkeypatch):
    real = looking_back.whole
    monkeypatch.setattr(looking_back, "whole", lambda decision: with_another_winner(real(decision)))
    page = text_of(browser.get(*page_of(lead)))
    assert "Decided again, it differs" in page and "winners" in page and "Decision unchanged" not in page


def with_another_winner(decision):
    decision.winners = [*decision.winners[1:], decision.eligible[-1]]
    return decision


@pytest.mark.parametrize("kept", [{"candidates": [[1, 2]]}, {"verdicts": []}, {"verdicts": [[99, "paused", 1, 0]]}, {"request": {}}])
def test_what_cannot_be_read_is_said_and_breaks_nothing(browser, lead, monkeypatch, kept):
    real = looking_back.whole

    def spoilt(decision):
        decision = real(decision)
        for name, value in kept.items():
            setattr(decision, name, value)
        return decision

    monkeypatch.setattr(looking_back, "whole", spoilt)
    page = text_of(browser.get(*page_of(lead, pro="Broke")))
    assert "cannot be read" in page or "it differs" in page


def test_the_newest_decision_with_winners_stands_first_and_each_can_be_chosen(browser, marketplace, now):
    for _ in range(2):
        a_pro()
    lead = a_matched_lead(now=now)
    a_pro("Late Plumbing")
    matching.route(lead_id=lead.pk, now=now + timedelta(minutes=5))
    first, second = Decision.objects.filter(lead=lead).order_by("at")
    answer = browser.get(*page_of(lead))
    assert answer.context["decision"] == second and answer.context["rows"][0]["result"] == "Seat 3"
    assert "12:05 PM: 1 seat" in text_of(answer) and "12:00 PM: 2 seats" in text_of(answer)
    answer = browser.get(*page_of(lead, decision=first.pk))
    assert [row["result"] for row in answer.context["rows"]] == ["Seat 1", "Seat 2"]
    assert browser.get(*page_of(lead, decision=second.pk.hex)).context["decision"] == second


def test_a_look_without_winners_comes_after_the_one_with(browser, marketplace, now):
    lead = a_matched_lead(now=now)
    assert "From 0 looked at to 0 seats" in text_of(browser.get(*page_of(lead)))
    a_pro()
    matching.route(lead_id=lead.pk, now=now + timedelta(minutes=5))
    answer = browser.get(*page_of(lead))
    assert [len(each["decision"].winners) for each in answer.context["decisions"]] == [1, 0]


def test_a_foreign_decision_and_a_missing_one_answer_the_same(browser, lead, now):
    other = Decision.objects.get(lead=a_matched_lead(now=now))
    answers = [browser.get(*page_of(lead, decision=text)) for text in (other.pk, uuid.uuid4(), "nothing", "9" * 500)]
    answers += [browser.get(f"/staff/leads/{pk}/") for pk in (uuid.uuid4(), other.pk)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content.decode().split("<main")[1] for answer in answers}) == 1


def test_a_lead_about_which_nothing_was_decided_says_so(browser, marketplace, now):
    lead = a_lead(now=now)
    assert "Pros have not been looked at yet." in text_of(browser.get(*page_of(lead)))
    Lead.objects.filter(pk=lead.pk).update(state="closed", outcome="rejected", outcome_reason="no_price", ended_at=now, due_at=None)
    assert "It ended before pros were looked at: Rejected, no_price." in text_of(browser.get(*page_of(lead)))
    assert browser.get(*page_of(lead, decision="x")).status_code == 404


def test_a_pro_that_is_gone_keeps_its_row(browser, lead, monkeypatch):
    gone = Decision.objects.get(lead=lead).eligible[-1]
    monkeypatch.setattr("web.staff.why.names_of", lambda ids: {})
    monkeypatch.setattr("web.staff.why.find_pros", lambda text, limit: [])
    page = text_of(browser.get(*page_of(lead, pro=str(gone))))
    assert f"Pro {gone}, no longer here" in page and "lost in the draw" in page


def test_of_hundreds_the_seats_and_the_next_ten_are_shown_in_few_queries(browser, marketplace, now, django_assert_num_queries):
    lead = a_matched_lead_among(60, now)
    browser.get(*page_of(lead))
    with django_assert_num_queries(17):
        some = browser.get(*page_of(lead))
    assert len(some.context["rows"]) == 14 and "Show all 60" in text_of(some)
    with django_assert_num_queries(17):
        everybody = browser.get(*page_of(lead, all="1"))
    assert len(everybody.context["rows"]) == 60 and "Show all" not in text_of(everybody)
    far = everybody.context["rows"][-1]
    with django_assert_num_queries(18):
        found = browser.get(*page_of(lead, pro=str(far["standing"].pro)))
    assert len(found.context["rows"]) == 15 and found.context["rows"][-1]["me"]


def a_matched_lead_among(number, now):
    for _ in range(number):
        a_pro()
    return a_matched_lead(now=now)
