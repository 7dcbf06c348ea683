"""Lead Purchase Settings: the exact labels, what saving does, who may raise, and the same without scripts."""

import re

import pytest

from accounts import purchase_settings
from accounts.models import Member, ProState, User
from tests.factories import a_member, a_pro
from tests.web.pros.test_inbox import text_of

HERE = "/pro/account/lead-purchase-settings/"


def state_of(pro):
    return ProState.objects.get(pro=pro)


@pytest.fixture
def joys(prairie, signed_in):
    """The browser of a plain member."""
    return signed_in(a_member(prairie, role=Member.Role.MEMBER))


def test_the_rows_and_their_exact_labels(browser, prairie):
    page = text_of(browser.get(HERE))
    labels = [
        "Receive Choice Match Leads", "Receive AutoMatch Leads", "Accept renters", "Pause all leads",
        "Budget cap", "Leads per day", "Leads per week", "Job size", "Receiving hours",
    ]  # fmt: skip
    places = [page.index(f" {label} ") for label in labels]
    assert places == sorted(places) and "My Account" in page and "Lead Purchase Settings" in page
    assert "$600.00 per 30 days" in page and "Smallest cap is $100.00. We never go over. At 75% we email and text you." in page
    assert "Today: 0" in page and "Any size" in page and "At all hours" in page and "Not paused" in page


def test_choice_match_is_switched_off_and_automatch_goes_on(browser, prairie, owner):
    opened = text_of(browser.get(HERE + "choice-match/"))
    assert "If you save “No”, homeowners no longer see you" in opened and "AutoMatch leads go on" in opened
    answer = browser.post(HERE + "choice-match/", {"value": "no"})
    assert (answer.status_code, answer["Location"]) == (302, HERE + "?row=choice-match")
    assert not state_of(prairie).receives_choice and state_of(prairie).receives_automatch
    page = browser.get(answer["Location"])
    assert "Saved: Receive Choice Match Leads." in text_of(page)
    assert f"{owner.user.name} changed Receive Choice Match Leads from “Yes” to “No”" in text_of(page)
    assert re.search(r'id="edit-choice-match" autofocus', page.content.decode()), "the reader comes back to where it was"


@pytest.mark.parametrize(
    ("setting", "said", "column", "value"),
    [
        ("automatch", {"value": "no"}, "receives_automatch", False),
        ("renters", {"value": "yes"}, "accepts_renters", True),
        ("budget-cap", {"budget": "$1,250.50"}, "budget", 125_050),
        ("budget-cap", {"budget": "100"}, "budget", 10_000),
        ("leads-per-day", {"day_cap": "4"}, "day_cap", 4),
        ("leads-per-week", {"week_cap": " 20 "}, "week_cap", 20),
        ("job-size", {"job_min": "500", "job_max": ""}, "job_min", 50_000),
        ("job-size", {"job_min": "", "job_max": "9,000.00"}, "job_max", 900_000),
        ("receiving-hours", {"opens": "07:00", "closes": "18:30"}, "closes", 1110),
        ("receiving-hours", {"opens": "20:00", "closes": "00:00"}, "closes", 0),
    ],
)
def test_each_setting_is_saved(browser, prairie, setting, said, column, value):
    assert browser.get(HERE + setting + "/").status_code == 200
    assert browser.post(HERE + setting + "/", said).status_code == 302
    assert getattr(state_of(prairie), column) == value
    assert browser.get(HERE + setting + "/").status_code == browser.get(HERE).status_code == 200


def test_a_limit_is_taken_away_again(browser, prairie, owner, now):
    purchase_settings.set_day_cap(prairie, 4, by=owner, now=now)
    purchase_settings.set_hours(prairie, 420, 1080, by=owner, now=now)
    assert "7:00 AM to 6:00 PM" in text_of(browser.get(HERE)) and "No more than 4" in text_of(browser.get(HERE))
    browser.post(HERE + "leads-per-day/", {"day_cap": ""})
    browser.post(HERE + "receiving-hours/", {"opens": "", "closes": ""})
    assert (state_of(prairie).day_cap, state_of(prairie).opens, state_of(prairie).closes) == (None, None, None)


@pytest.mark.parametrize(
    ("setting", "said", "words"),
    [
        ("budget-cap", {"budget": "99.99"}, "at least $100.00"),
        ("budget-cap", {"budget": ""}, "required"),
        ("budget-cap", {"budget": "-600"}, "Enter an amount in dollars"),
        ("budget-cap", {"budget": "\u0666\u0660\u0660"}, "Enter an amount in dollars"),
        ("budget-cap", {"budget": "6e5"}, "Enter an amount in dollars"),
        ("budget-cap", {"budget": "600.001"}, "Enter an amount in dollars"),
        ("budget-cap", {"budget": "9" * 5000}, "at most 16 characters"),
        ("budget-cap", {"budget": "6\x0000"}, "Null characters"),
        ("leads-per-day", {"day_cap": "0"}, "Enter a number from 1"),
        ("leads-per-day", {"day_cap": "1.5"}, "Enter a whole number"),
        ("leads-per-day", {"day_cap": "\u0664"}, "Enter a whole number"),
        ("job-size", {"job_min": "900", "job_max": "500"}, "must not be below"),
        ("receiving-hours", {"opens": "07:00", "closes": ""}, "Enter both times"),
        ("receiving-hours", {"opens": "07:00", "closes": "07:00"}, "must differ"),
        ("receiving-hours", {"opens": "25:00", "closes": "07:00"}, "valid time"),
        ("choice-match", {"value": "maybe"}, "valid choice"),
        ("choice-match", {}, "required"),
    ],
)
def test_what_is_not_possible_is_said_at_the_field(browser, prairie, setting, said, words):
    before = ProState.objects.filter(pro=prairie).values().get()
    answer = browser.post(HERE + setting + "/", said)
    assert answer.status_code == 422 and words in text_of(answer)
    assert ProState.objects.filter(pro=prairie).values().get() == before
    assert purchase_settings.history(prairie) == []


def test_pausing_takes_one_tap_and_so_does_starting_again(joys, browser, prairie):
    assert joys.post(HERE + "pause/").status_code == 302
    assert state_of(prairie).paused and "Paused" in text_of(joys.get(HERE)) and "paused all leads" in text_of(joys.get(HERE))
    assert browser.post(HERE + "pause/").status_code == 302 and not state_of(prairie).paused
    assert "started leads again" in text_of(browser.get(HERE))


@pytest.mark.parametrize(
    ("setting", "lower", "higher"),
    [("budget-cap", {"budget": "300"}, {"budget": "900"}), ("leads-per-day", {"day_cap": "3"}, {"day_cap": "9"})],
)
def test_a_plain_member_lowers_and_never_raises(joys, prairie, owner, now, setting, lower, higher, htmx):
    purchase_settings.set_day_cap(prairie, 5, by=owner, now=now)
    refused = joys.post(HERE + setting + "/", higher)
    assert refused.status_code == 403 and f"Only {owner.user.name} may do that; you may lower it at any time." in text_of(refused)
    assert joys.post(HERE + setting + "/", higher, **htmx).status_code == 422, "so that htmx shows it"
    assert (state_of(prairie).budget, state_of(prairie).day_cap) == (60_000, 5)
    assert joys.post(HERE + setting + "/", lower).status_code == 302


def test_only_names_of_the_team_stand_under_who_may_change_what(browser, prairie, owner):
    pat = a_member(prairie, role=Member.Role.BILLING)
    a_member(a_pro("Other Plumbing"))
    assert f"Only {owner.user.name} or {pat.user.name} may raise it." in text_of(browser.get(HERE))


def test_what_staff_changed_is_marked(browser, prairie, now):
    renee = User.objects.create_user("renee@craftyard.example", "x", name="Renee Okafor", is_staff=True)
    purchase_settings.pause(prairie, by=renee, now=now)
    assert "Renee Okafor, for you, paused all leads" in text_of(browser.get(HERE))


def test_a_marketplace_without_choice_or_automatch_has_no_such_row(opt_in, signed_in):
    browser = signed_in(a_member(a_pro(budget=None)), host="hearthline.localhost")
    page = text_of(browser.get(HERE))
    assert "Choice Match" not in page and "Receive AutoMatch Leads" not in page and "No cap" in page
    assert browser.get(HERE + "choice-match/").status_code == browser.post(HERE + "automatch/", {"value": "no"}).status_code == 404
    assert browser.post(HERE + "budget-cap/", {"budget": ""}).status_code == 302


def test_a_setting_that_is_none_answers_404(browser):
    for name in ("nothing", "Budget", "x" * 3000):
        assert browser.get(HERE + name + "/").status_code == browser.post(HERE + name + "/").status_code == 404
    assert browser.post(HERE).status_code == 405
    assert browser.get(HERE, {"row": "<script>"}).status_code == 200
