"""Lead Purchase Settings: the exact labels, what saving does, who may raise, and the same without scripts."""

import re
from datetime import UTC, date, datetime, timedelta

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
        "Budget cap", "Leads per day", "Leads per week", "Open leads at a time", "Job size",
        "Receiving hours", "Days off", "Time away",
    ]  # fmt: skip
    places = [page.index(f" {label} ") for label in labels]
    assert places == sorted(places) and "My Account" in page and "Lead Purchase Settings" in page
    assert "$600.00 per 30 days" in page and "Smallest cap is $100.00. We never go over. At 75% we email and text you." in page
    assert "Today: 0" in page and "Any size" in page and "At all hours" in page and "Not paused" in page
    assert "Open now: 0." in page and "None planned" in page and "Receive offers" not in page


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
        ("open-leads", {"open_cap": "6"}, "open_cap", 6),
        ("days-off", {"days_off": ["5", "6"]}, "days_off", 96),
        ("days-off", {"days_off": ["0", "0"]}, "days_off", 1),
        ("time-away", {"away_from": "2026-12-24", "away_to": "2027-01-02"}, "away_to", date(2027, 1, 2)),
        ("pause", {"until": "2026-05-25", "at": "07:00"}, "paused_until", datetime(2026, 5, 25, 12, 0, tzinfo=UTC)),
        ("pause", {"until": "2026-11-01", "at": "01:30"}, "paused_until", datetime(2026, 11, 1, 6, 30, tzinfo=UTC)),
        ("pause", {"until": "", "at": "07:00"}, "paused", True),
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
        ("open-leads", {"open_cap": "0"}, "Enter a number from 1"),
        ("open-leads", {"open_cap": "-1"}, "Enter a whole number"),
        ("days-off", {"days_off": list("0123456")}, "That is every day. To stop leads, pause them."),
        ("days-off", {"days_off": ["7"]}, "not one of the available choices"),
        ("days-off", {"days_off": ["5\x00"]}, "not one of the available choices"),
        ("time-away", {"away_from": "2026-12-24", "away_to": ""}, "Enter both days"),
        ("time-away", {"away_from": "2026-12-24", "away_to": "2026-12-23"}, "must not be before the first"),
        ("time-away", {"away_from": "2026-05-01", "away_to": "2026-05-19"}, "still to come"),
        ("time-away", {"away_from": "0001-01-01", "away_to": "9999-12-31"}, "within the next 366 days"),
        ("time-away", {"away_from": "2026-02-30", "away_to": "2026-12-31"}, "valid date"),
        ("pause", {"until": "2026-05-20", "at": "11:59"}, "still to come"),
        ("pause", {"until": "9999-12-31", "at": "23:59"}, "within the next 366 days"),
        ("pause", {"until": "0001-01-01", "at": "00:00"}, "still to come"),
        ("pause", {"until": "2026-05-25", "at": ""}, "Enter a time"),
        ("pause", {"until": "Monday", "at": "07:00"}, "valid date"),
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
    for _twice in range(2):
        assert joys.post(HERE + "pause/", {"do": "pause"}).status_code == 302
    assert state_of(prairie).paused and "Paused" in text_of(joys.get(HERE)) and "paused all leads" in text_of(joys.get(HERE))
    for _twice in range(2):
        assert browser.post(HERE + "pause/", {"do": "resume"}).status_code == 302 and not state_of(prairie).paused
    assert "started leads again" in text_of(browser.get(HERE))


def test_a_pause_may_end_by_itself_on_monday_morning_with_one_tap(joys, prairie):
    opened = joys.get(HERE + "pause/")
    assert "Until tomorrow, 7:00 AM" in text_of(opened) and "Until Monday, 7:00 AM" in text_of(opened)
    days = re.findall(r'name="until" value="([0-9-]+)"><input type="hidden" name="at" value="([0-9:]+)"', opened.content.decode())
    assert days == [("2026-05-21", "07:00"), ("2026-05-25", "07:00")]
    assert joys.post(HERE + "pause/", {"until": days[1][0], "at": days[1][1]}).status_code == 302
    page = text_of(joys.get(HERE))
    assert "Paused until Mon, May 25, 7:00 AM" in page and "Start again" in page and "Until ..." in page
    assert "paused all leads until Mon, May 25, 7:00 AM" in page
    assert joys.post(HERE + "pause/", {"do": "resume"}).status_code == 302 and not state_of(prairie).paused, (
        "what she paused she may start again"
    )


def test_a_pause_that_has_ended_reads_as_none(browser, prairie, owner, now):
    purchase_settings.pause(prairie, until=now - timedelta(minutes=1), by=owner, now=now - timedelta(hours=3))
    page = text_of(browser.get(HERE))
    assert "Not paused" in page and "Paused until" not in page
    assert 'name="do" value="pause"' in browser.get(HERE).content.decode()
    assert browser.post(HERE + "pause/", {"do": "pause"}).status_code == 302
    assert (state_of(prairie).paused, state_of(prairie).paused_until) == (True, None), "the button pauses, as it says"


def test_somebody_elses_pause_is_not_ended_by_a_plain_member(joys, prairie, owner, now, htmx):
    purchase_settings.pause(prairie, until=now + timedelta(days=5), by=owner, now=now)
    for said in ({"do": "resume"}, {"until": "2026-05-21", "at": "07:00"}):
        refused = joys.post(HERE + "pause/", said)
        assert refused.status_code == 403 and f"Only {owner.user.name} may do that" in text_of(refused)
    assert state_of(prairie).paused_until == now + timedelta(days=5)
    assert joys.post(HERE + "pause/", {"until": "2026-05-30", "at": "07:00"}).status_code == 302, "longer is less spending"


def test_where_pros_opt_in_offers_are_switched_off_and_rows_of_other_types_do_not_stand(opt_in, signed_in):
    member = a_member(a_pro(budget=None))
    browser = signed_in(member, host="hearthline.localhost")
    assert "Receive offers" in text_of(browser.get(HERE))
    assert browser.post(HERE + "offers/", {"value": "no"}).status_code == 302
    assert not state_of(member.pro).receives_opt_in and "changed Receive offers from “Yes” to “No”" in text_of(browser.get(HERE))
    assert "An offer you have can be accepted at any time." in text_of(browser.get(HERE))


def test_last_changes_say_days_in_words(browser, prairie):
    browser.post(HERE + "days-off/", {"days_off": ["5", "6"]})
    browser.post(HERE + "time-away/", {"away_from": "2026-12-24", "away_to": "2027-01-02"})
    browser.post(HERE + "open-leads/", {"open_cap": "6"})
    page = text_of(browser.get(HERE))
    assert "changed Days off from “None” to “Saturday and Sunday”" in page
    assert "changed Time away from “None planned” to “Thu, Dec 24 to Sat, Jan 2”" in page
    assert "changed Open leads at a time from “No limit” to “No more than 6”" in page


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
