"""A service that homeowners wait for, added in one tap (RULES 9)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Member, ProService, User
from leads import unlisted
from leads.models import Lead
from tests.factories import a_member, a_request

PAGE = "/pro/services/solar-tube/add/"


@pytest.fixture
def wanted(marketplace, now):
    """A homeowner waits for a solar tube, which nobody offers yet."""
    staff = User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True)
    said = replace(a_request(name="Dana Whitfield", description="Call (312) 555-0142."), service="", answers={})
    wish = unlisted.ask("Solar tube", "plumbing", said, submit_key="one", look_by=now + timedelta(days=1), now=now)
    amounts = (40_000, 80_000, 120_000)
    made = {"trade": "plumbing", "name": "Solar tube", "synonyms": [], "like": "", "amounts": amounts, "lead_price": 2_500}
    return unlisted.add_to_catalogue(wish.pk, **made, by=staff, now=now)


def test_one_tap_adds_it_and_the_request_goes_out(browser, prairie, wanted):
    page = browser.get(PAGE).content.decode()
    assert "Chicago, IL 60614" in page and "Call [phone number hidden]." in page and "Add this service, $25.00 a lead" in page
    assert "Whitfield" not in page and "Dana" not in page and "555-0142" not in page
    assert browser.post(PAGE).url == PAGE
    page = browser.get(PAGE).content.decode()
    assert "You offer Solar tube now. 1 request that waited for it goes out." in page and "You offer this service" in page
    assert Lead.objects.count() == 1
    assert browser.post(PAGE).status_code == 302 and Lead.objects.count() == 1


def test_a_member_who_may_not_spend_is_told_who_may(prairie, wanted, signed_in):
    browser = signed_in(a_member(prairie, role=Member.Role.MEMBER))
    assert "can add it" in browser.get(PAGE).content.decode()
    assert browser.post(PAGE).status_code == 403
    assert not ProService.objects.filter(service__code="solar-tube").exists()


def test_a_service_that_is_none_is_not_found(browser, marketplace):
    assert browser.get("/pro/services/nothing/add/").status_code == 404
    assert browser.post("/pro/services/nothing/add/").status_code == 404


def test_without_anybody_waiting_it_can_still_be_added(browser, marketplace):
    page = browser.get("/pro/services/fence/add/").content.decode()
    assert "Nobody waits for it where you are at this moment." in page and "Add this service" in page
