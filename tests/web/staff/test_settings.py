"""Lead Purchase Settings on the pro's behalf: staff lower, the team reads who, raising stays the pro's own (RULES 11, 31, 47)."""

import pytest

from accounts import purchase_settings
from accounts.models import ProState
from core.models import Event
from tests.factories import a_member, a_pro
from tests.web.pros.test_inbox import text_of


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro("Prairie State Plumbing"))


@pytest.fixture
def here(owner):
    return f"/staff/pros/{owner.pro.public_id}/lead-purchase-settings/"


def state_of(owner):
    return ProState.objects.get(pro=owner.pro)


def test_choice_match_is_switched_off_for_a_pro_and_both_pages_say_who_did_it(browser, owner, here):
    page = text_of(browser.get(here))
    assert "Prairie State Plumbing" in page and f"Only {owner.user.name} may raise it" in page
    answer = browser.post(here + "choice-match/", {"value": "no"})
    assert (answer.status_code, answer["Location"]) == (302, here + "?row=choice-match")
    assert not state_of(owner).receives_choice and state_of(owner).receives_automatch
    assert "for the pro, changed Receive Choice Match Leads from “Yes” to “No”" in text_of(browser.get(answer["Location"]))
    assert Event.objects.get(kind="settings.changed").actor.startswith("staff:")


@pytest.mark.parametrize(
    ("setting", "said", "column", "value"),
    [
        ("pause", {"do": "pause"}, "paused", True),
        ("days-off", {"days_off": ["6"]}, "days_off", 64),
        ("open-leads", {"open_cap": "3"}, "open_cap", 3),
        ("receiving-hours", {"opens": "20:00", "closes": "06:00"}, "closes", 360),
    ],
)
def test_staff_lower_anything_and_take_it_back_within_a_day(browser, owner, here, setting, said, column, value):
    assert browser.get(here + f"{setting}/").status_code == 200
    before = getattr(state_of(owner), column)
    assert browser.post(here + f"{setting}/", said).status_code == 302 and getattr(state_of(owner), column) == value
    back = {"pause": {"do": "resume"}, "days-off": {}, "open-leads": {"open_cap": ""}, "receiving-hours": {"opens": "", "closes": ""}}[
        setting
    ]
    assert browser.post(here + f"{setting}/", back).status_code == 302 and getattr(state_of(owner), column) == before


def test_staff_never_raise(browser, owner, here, now):
    purchase_settings.set_day_cap(owner.pro, 4, by=owner, now=now)
    refused = browser.post(here + "leads-per-day/", {"day_cap": "5"})
    assert refused.status_code == 403 and f"Only {owner.user.name} may do that" in text_of(refused)
    assert state_of(owner).day_cap == 4
    assert browser.post(here + "leads-per-day/", {"day_cap": "none"}).status_code == 422


def test_rows_that_are_none_and_pros_that_are_none_are_not_found(browser, here):
    assert browser.get(here + "offers/").status_code == browser.get(here + "nothing/").status_code == 404
    assert browser.get("/staff/pros/00000000-0000-0000-0000-000000000000/lead-purchase-settings/").status_code == 404
