"""The status a pro sets on its lead, through the page."""

from datetime import timedelta

import pytest

from accounts.models import Member
from leads import withdrawal
from leads.models import Match
from tests.factories import a_matched_lead, a_member, a_pro
from tests.web.pros.test_inbox import match_of, text_of
from tests.web.pros.test_lead import page_of


@pytest.fixture
def match(prairie, now):
    return match_of(prairie, a_matched_lead(now=now))


def say(browser, match, **said):
    """Look at the lead, and send the form on its page."""
    browser.get(page_of(match))
    return browser.post(f"{page_of(match)}status/", said)


def kept(match):
    return Match.objects.values_list("progress", "won_amount", "lost_reason").get(pk=match.pk)


def test_a_status_is_saved_shown_and_told(browser, match, owner, clock, now):
    browser.get(page_of(match))
    clock.now = now + timedelta(hours=1)
    answer = say(browser, match, progress="quoted", won_amount="", lost_reason="")
    assert (answer.status_code, answer["Location"]) == (302, page_of(match))
    page = text_of(browser.get(page_of(match)))
    assert "Saved: Quoted." in page and "You set the status to Quoted 1:00 PM" in page
    assert "Saved: Quoted." not in text_of(browser.get(page_of(match)))


def test_a_colleague_reads_who_it_was(browser, match, prairie, signed_in):
    colleague = a_member(prairie, role=Member.Role.MEMBER)
    say(signed_in(colleague), match, progress="won", won_amount="$1,250.50")
    page = text_of(browser.get(page_of(match)))
    assert f"{colleague.user.name} set the status to Won, for $1,250.50" in page
    assert "Won $1,250.50" in text_of(browser.get("/pro/leads/"))


@pytest.mark.parametrize(("typed", "cents"), [("1,250", 125_000), ("$1,250.50", 125_050), ("0.01", 1), ("10,000,000", 1_000_000_000)])
def test_money_as_people_type_it(browser, match, typed, cents):
    assert say(browser, match, progress="won", won_amount=typed).status_code == 302
    assert kept(match) == ("won", cents, "")


@pytest.mark.parametrize("typed", ["", "0", "-5", "1.250", "12,50", "1e3", "१२५०", "１２５０", "10,000,000.01", "9" * 400, "lots", "$"])
def test_no_money_is_refused_and_what_was_typed_stays(browser, match, typed):
    answer = say(browser, match, progress="won", won_amount=typed)
    page = answer.content.decode()
    assert answer.status_code == 422 and kept(match) == ("new", None, "")
    assert 'id="id_won_amount_error"' in page and '<option value="won" selected>Won</option>' in page and "data-problems" in page
    assert f'hx-get="{page_of(match)}"' in page, "the page goes on asking for itself where it can be asked for"


def test_lost_needs_a_reason(browser, match):
    answer = say(browser, match, progress="lost")
    assert answer.status_code == 422 and "Say why it was lost." in text_of(answer)
    assert say(browser, match, progress="lost", lost_reason="hired_other").status_code == 302
    assert kept(match) == ("lost", None, "hired_other")
    assert '<option value="hired_other" selected>' in browser.get(page_of(match)).content.decode()


@pytest.mark.parametrize("said", [{}, {"progress": "booked"}, {"progress": "lost", "lost_reason": "x" * 500}, {"progress": "\x00"}])
def test_nonsense_is_refused(browser, match, said):
    assert say(browser, match, **said).status_code in (400, 422)
    assert kept(match) == ("new", None, "")


def test_an_archived_lead_leaves_the_list_and_can_come_back(browser, match):
    say(browser, match, progress="archived")
    page = text_of(browser.get("/pro/leads/"))
    assert match.code not in page and "All 0" in page and "New 0" in page and "Archived 1" in page
    assert match.code in text_of(browser.get("/pro/leads/?show=archived"))
    say(browser, match, progress="contacted")
    page = text_of(browser.get("/pro/leads/"))
    assert match.code in page and "Contacted" in page and "Archived" not in page


def test_a_withdrawn_lead_can_only_be_archived(browser, match, now):
    withdrawal.stop_all_contact(match.lead, now=now)
    say(browser, match, progress="won", won_amount="5")
    page = browser.get(page_of(match))
    assert "This lead is closed. It can only be archived." in text_of(page) and kept(match)[0] == "new"
    assert 'name="progress" value="archived"' in page.content.decode() and "<select" not in page.content.decode()
    say(browser, match, progress="archived")
    assert kept(match)[0] == "archived"
    assert 'value="archived"' not in browser.get(page_of(match)).content.decode()


def test_another_pros_lead_is_not_found(browser, match, signed_in, marketplace):
    stranger = signed_in(a_member(a_pro(zips=("99501",))))
    assert say(stranger, match, progress="archived").status_code == 404
    assert kept(match)[0] == "new"


def test_of_a_finished_lead_the_call_is_not_the_main_action(browser, prairie, clock, now):
    match = match_of(prairie, a_matched_lead(now=now, phone="+13125550177"))
    browser.get(page_of(match))
    clock.now = now + timedelta(hours=1)
    page = browser.get(page_of(match)).content.decode()
    assert "btn main big" in page and "A call is still worth it" in page
    say(browser, match, progress="lost", lost_reason="hired_other")
    page = browser.get(page_of(match)).content.decode()
    assert "btn main big" not in page and "btn big full" in page and "A call is still worth it" not in page


def test_after_the_first_week_a_call_is_not_said_to_count_for_follow_up(browser, prairie, clock, now):
    match = match_of(prairie, a_matched_lead(now=now, phone="+13125550177"))
    browser.get(page_of(match))
    clock.now = now + timedelta(days=8)
    page = text_of(browser.get(page_of(match)))
    assert "30 minutes have passed" in page and "A call is still worth it" not in page
