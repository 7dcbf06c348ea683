"""The way of a bad lead through one pro's telephone: the notice, the call in time, what it earned, and the money back."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from leads.models import Match
from leads.opening import open_match
from tests.browser.visits import letters, link, see, sign_in
from tests.calls import a_call
from tests.factories import a_matched_lead, a_member, a_pro

pytestmark = pytest.mark.browser
ZIP = "60625"  # where these two are alone
DEAD = "+17735550196"  # as every local number that ends so
MINE = "(708) 555-0171"


@pytest.fixture
def story(market):
    """A lead of 70 minutes ago, with a homeowner whose number is dead. Another pro found that out five minutes into it; the notice of the
    pro of this story has been on its way since."""
    with market.scope():
        then = timezone.now() - timedelta(minutes=70)
        mine, theirs = (a_pro(name, zips=[ZIP], now=then - timedelta(days=10)) for name in ("Wells Street Plumbing", "Lamp Post Drains"))
        owner = a_member(mine, email="wells@pros.example", phone="+17085550171", now=then)
        other = a_member(theirs, email="lamp@pros.example", phone="+17085550172", now=then)
        lead = a_matched_lead(now=then, zip=ZIP, name="Quincy Abbott", phone=DEAD)
        seat = Match.objects.get(lead=lead, pro=theirs)
        open_match(seat, by=other, now=then + timedelta(minutes=3))
        a_call(seat, by=other, at=then + timedelta(minutes=5), rang=0, status="failed", code=404)
        return SimpleNamespace(lead=lead, match=Match.objects.get(lead=lead, pro=mine), owner=owner, other=other)


def statement(page, market):
    """What the statement says of the only lead: price, discount, credit, and what is to be paid."""
    page.goto(market.site.url("/pro/billing/"))
    charge = page.locator("section[aria-labelledby=l] tbody tr")
    charge.wait_for()
    said = {cell.get_attribute("data-l"): cell.text_content() for cell in charge.locator("td[data-l]").all()}
    return tuple("".join(re.findall(r"−?\$[\d.]+", said[head])) for head in ("Price", "Discount", "Credit", "You pay"))


def test_from_the_notice_to_nothing_paid(market, story, open_browser):
    office, outbox, telephone = open_browser("phone"), open_browser("phone"), open_browser("phone")

    # The notice comes, its link leads to the lead, and the clock runs.
    market.site.drain()
    mail = letters(outbox, market, story.owner.user.email).filter(has_text="New lead").first
    office.goto(link(mail, "/pro/leads/"))
    sign_in(office, story.owner.user.email)
    see(office, "$22.40 instead of $28.00", "Dial this number")
    assert office.locator("[role=timer]").count() > 0
    number, pin = office.locator("a.callno").inner_text(), "".join(office.locator(".pin").first.locator("i").all_inner_texts())
    office.evaluate("window.untouched = true")

    # The pro dials the number and enters the PIN; the homeowner's number is dead.
    telephone.goto(market.site.url("/dev/phone/"))
    telephone.get_by_label("You are").fill(MINE)
    telephone.get_by_label("You dial").fill(number)
    telephone.get_by_role("button", name="Dial").click()
    see(telephone, "Enter the 4-digit PIN of your lead.")
    for key in pin:
        telephone.locator(".keys").get_by_role("button", name=key, exact=True).click()
    see(telephone, "Failed 404", "This number cannot be reached.")

    # The countdown on the open page turns into what was earned, and the statement says so.
    see(office, "20% earned: you pay $22.40")
    assert office.locator("[role=timer]").count() == 0 and office.evaluate("window.untouched") is True
    address = office.url
    assert statement(office, market) == ("$28.00", "−$5.60", "", "$22.40")

    # At the bottom of the lead: Request Credit. Both dead calls stand there, and it is granted at once.
    office.goto(address)
    office.get_by_role("link", name="Request Credit").locator("visible=true").click()
    see(office, "3 steps to complete before requesting a credit")
    office.get_by_label("The number does not work").check()
    see(office, "Granted at once")
    office.get_by_role("button", name="Send request for $22.40").click()
    see(office, "$22.40 given back")
    assert statement(office, market) == ("$28.00", "−$5.60", "−$22.40", "$0.00")

    # The line is dead: the page says so and hides the homeowner, and the telephone answers as it answers strangers.
    office.goto(address)
    see(office, "Credited", "The 10-digit number and the 4-digit PIN of this lead no longer work")
    assert not any(word in office.content() for word in ("Quincy", "Abbott", number, pin, DEAD))
    telephone.get_by_label("You are").fill(MINE)
    telephone.get_by_label("You dial").fill(f"{number},,{pin}")
    telephone.get_by_role("button", name="Dial").click()
    see(telephone, "That PIN did not work.")

    # Both pros are told by e-mail, the other one unasked.
    market.site.drain()
    assert letters(outbox, market, story.owner.user.email).filter(has_text="Credit of $22.40").count() >= 1
    assert letters(outbox, market, story.other.user.email).filter(has_text="Credit of $22.40").count() >= 1
