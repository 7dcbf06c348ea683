"""A lead that is open in a browser while things happen: its clock, calls, sleep and lost connections."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from accounts.models import ProState
from contact.models import Line
from leads.models import Match
from leads.opening import open_match
from tests.browser.chromium import visitor
from tests.calls import a_call
from tests.factories import a_matched_lead

pytestmark = pytest.mark.browser
SOON = 3_500  # milliseconds: sooner than the next look that would come anyway, every five seconds


@pytest.fixture
def office(browser, market):
    context = visitor(browser, "desk")
    market.enter(context, "owner")
    yield context.new_page()
    context.close()


def opened(market, *, left=timedelta(minutes=20), name):
    """A lead of the first pro whose clock has so much left."""
    owner = market.members["owner"]
    with market.scope():
        then = timezone.now() - timedelta(minutes=30) + left
        ProState.objects.filter(pro=owner.pro).update(budget=F("budget") + 10_000)  # the market has spent most of it
        lead = a_matched_lead(now=then, service="plumbing-repair", name=name, phone="+17735550150", different_job=True)
        match = Match.objects.get(lead=lead, pro=owner.pro)
        open_match(match, by=owner, now=then)
    return match


def call(market, match):
    with market.scope():
        a_call(match, by=market.members["owner"], at=timezone.now() - timedelta(minutes=1))
        assert Line.objects.get(pk=match.pk).earned_at


def test_the_discount_is_seen_without_a_reload_and_nothing_that_is_being_typed_is_lost(market, office):
    match = opened(market, name="Olga Ferris")
    office.goto(market.site.url(f"/pro/leads/{match.pk}/"))
    office.get_by_text("How we estimated it").click()
    office.get_by_text("Calling from another phone?").click()
    office.get_by_label("One more number").press_sequentially("(773) 555")
    office.select_option("#id_progress", "won")
    office.get_by_label("What you won it for").fill("1,250")
    office.get_by_label("One more number").focus()
    call(market, match)
    office.get_by_text("20% earned: you pay").wait_for()
    assert office.locator("[role=timer]").count() == 0 and office.locator(".ring.won").is_visible()
    assert office.get_by_label("One more number").input_value() == "(773) 555"
    assert office.get_by_label("What you won it for").input_value() == "1,250"
    assert office.locator("#reasons[open]").count() == 1
    assert office.evaluate("document.activeElement.name") == "phone", "the focus stays where it was"
    assert office.get_by_role("button", name="Copy").is_visible(), "what a script offers is offered in a new part as well"


def test_a_clock_that_ends_is_looked_at_at_once(market, office):
    match = opened(market, left=timedelta(seconds=8), name="Ona Keller")
    office.goto(market.site.url(f"/pro/leads/{match.pk}/"))
    office.locator("[role=timer]", has_text="0:00").wait_for()
    office.get_by_text("30 minutes have passed").wait_for(timeout=SOON)
    assert office.locator("[role=timer]").count() == 0


def test_who_is_connected_again_sees_at_once_what_happened(market, office):
    match = opened(market, name="Otto Lang")
    office.goto(market.site.url(f"/pro/leads/{match.pk}/"))
    office.context.set_offline(True)
    office.locator("#failed").wait_for()
    call(market, match)
    office.context.set_offline(False)
    office.get_by_text("20% earned: you pay").wait_for(timeout=SOON)
    assert office.locator("#failed").is_hidden()
