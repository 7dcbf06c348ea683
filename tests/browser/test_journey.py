"""The way of a request, from the form to the proof that all contact stopped, as the people in it see it in their browsers."""

import itertools
import re

import pytest

from tests.browser.chromium import DEVICES
from tests.browser.market import NAMES
from tests.browser.pages import SETTINGS
from tests.browser.visits import letters, link, see, sign_in

pytestmark = pytest.mark.browser
SCRIPTS = {"scripts": True, "no scripts": False}
FIRST_NAMES = ("Zelda", "Yolanda", "Xenia", "Wilhelmina", "Ulrike", "Tabitha", "Simone", "Renata")
_people = itertools.count()


class Homeowner:
    """Somebody nobody has met: no name, number, address or word of theirs stands anywhere else."""

    def __init__(self):
        number = next(_people)
        self.first = FIRST_NAMES[number]
        self.name, self.shown = f"{self.first} Whitfield", f"{self.first} W."
        self.phone, self.e164 = f"(773) 555-01{number:02}", f"+177355501{number:02}"
        self.email = f"{self.first.lower()}@journeys.example"
        self.street = f"{100 + number} Sample Street"
        self.words = f"The tank is leaking, case {number}."


def answer_the_job(page, person):
    """Step 2, from the keyboard and with the thumb."""
    page.get_by_label("What is happening?").fill(person.words)
    for question in page.locator("#f fieldset").all():
        question.get_by_role("radio").first.check()
    for number in page.locator("#f input[inputmode=numeric]").all():
        number.fill("1")


def say_who(page, person):
    """Step 3, with both consents."""
    page.get_by_label("Your name").fill(person.name)
    page.get_by_label("Your phone number").fill(person.phone)
    page.get_by_label("Your email address").fill(person.email)
    page.get_by_label("Street and number").fill(person.street)
    for box in page.locator("section:has(#consent)").get_by_role("checkbox").all():
        assert not box.is_checked(), "consent is given, never found"
        box.check()
    page.get_by_role("radio", name="Match me now").check()


def ask_for_a_water_heater(page, market, person, scripts=True):
    """The form, from the start page to the request's own page."""
    page.goto(market.site.url())
    page.get_by_label("Job", exact=True).fill("water heater")
    page.get_by_label("ZIP code of the job").fill("60618")
    if scripts:
        page.locator("#services").get_by_text("Water heater", exact=False).first.click()
        see(page, "60618 Chicago, IL")
    page.get_by_role("button", name="Start my request").click()
    if not scripts and page.get_by_role("heading", name="What do you need done, and where?").count():
        page.locator("#services").get_by_role("radio").first.check()
        page.get_by_role("button", name="Go to job details").click()
    see(page, "Tell us about the job")
    answer_the_job(page, person)
    if scripts:
        page.locator("#preview").get_by_text(person.words).wait_for()
    page.get_by_role("button", name="Go to consent").click()
    see(page, "How do we reach you?")
    say_who(page, person)
    page.get_by_role("button", name="Send my request").click()
    see(page, "Your request, sent", "We are looking for pros now.")


@pytest.mark.parametrize("device", DEVICES)
def test_a_request_reaches_four_pros_and_stops_when_the_homeowner_says_so(device, market, open_browser):
    person, home, outbox, office = Homeowner(), open_browser(device), open_browser("desk"), open_browser(device)

    # The form, then nobody for a moment, then four names: the page finds out by itself.
    ask_for_a_water_heater(home, market, person)
    see(home, "Nobody has your details yet.")
    market.site.drain()
    see(home, "Four pros have your details.")
    seats = list(home.locator(".seats.map > li").all_inner_texts())
    told = [name for name in NAMES if any(name in seat for seat in seats)]
    assert len(seats) == len(told) == 4 and all("since" in seat for seat in seats)

    # The homeowner was told the names by e-mail and SMS.
    mails, texts = letters(outbox, market, person.email), letters(outbox, market, person.e164)
    assert texts.filter(has_text="Craftyard").count() >= 1
    letters(outbox, market, person.email)
    introduction = mails.filter(has_text=told[0]).first.inner_text()
    assert all(name in introduction for name in told)

    # Each pro got both; one follows the link of its mail, signs in, and is where the link leads.
    number = NAMES.index(told[-1])
    email, phone = f"owner{number}@pros.example", f"+1708555{110 + number:04}"
    assert letters(outbox, market, phone).filter(has_text="AutoMatch").count() >= 1
    mail = letters(outbox, market, email).filter(has_text="New lead").first
    assert person.name not in mail.inner_text() and person.phone not in mail.inner_text()
    office.goto(link(mail, "/pro/leads/"))
    sign_in(office, email)
    see(office, "Price of this lead")
    lead = office.inner_text("main")
    assert "AutoMatch" in lead and person.shown in lead and person.words in lead
    assert re.search(r"You pay\s+\$\d+\.\d\d", lead)
    assert "Why you" in lead and office.locator("section[aria-labelledby=why] p").first.inner_text()
    page = office.content()
    assert not any(secret in page for secret in (person.name, person.email, person.phone, person.e164, person.street))
    address = office.url

    # The homeowner sees who has looked, and stops: one tap, one question.
    home.reload()
    see(home, f"{told[-1]} opened your request")
    home.locator("a.stop:not(#stop a)").locator("visible=true").click()
    see(home, "4 pros lose your details at once.")
    home.get_by_role("button", name="Yes, stop").click()
    see(home, "All contact stopped at", "Your details are closed to every pro.")
    sentence = home.locator("section[aria-labelledby=proof] blockquote").inner_text().strip("“”")
    assert "withdrew" in sentence
    assert all("Stopped" in seat for seat in home.locator(".seats.map > li").all_inner_texts())

    # The pro sees only that: the open page changes by itself, the inbox too.
    see(office, "The homeowner withdrew")
    office.goto(address)
    assert "Closed by the homeowner" in office.inner_text("h1") and sentence in office.inner_text("main")
    assert not any(word in office.content() for word in (person.words, person.first, "60618", "Why you"))
    office.goto(market.site.url("/pro/leads/"))
    assert person.first not in office.content() and "Closed by the homeowner" in office.inner_text("main")

    # And both are told.
    market.site.drain()
    assert letters(outbox, market, person.email).filter(has_text="All contact").count() >= 1
    assert letters(outbox, market, email).filter(has_text="withdrew").count() >= 1


def test_the_form_and_the_stop_work_without_scripts(market, open_browser):
    person, home = Homeowner(), open_browser("phone", scripts=False)
    ask_for_a_water_heater(home, market, person, scripts=False)
    market.site.drain()
    home.reload()
    see(home, "Four pros have your details.")
    home.locator("#stop").get_by_role("link", name="Stop all contact").click()
    see(home, "4 pros lose your details at once.")
    home.get_by_role("link", name="Keep").click()
    see(home, "Four pros have your details.")
    home.locator("#stop").get_by_role("link", name="Stop all contact").click()
    home.get_by_role("button", name="Yes, stop").click()
    see(home, "All contact stopped at")


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(market, open_browser):
    person, home = Homeowner(), open_browser("phone", allowed={422})
    home.goto(market.site.url("/request/?service=water-heater&zip=60618"))
    home.get_by_role("button", name="Go to job details").click()
    home.get_by_label("What is happening?").fill(person.words)
    home.get_by_role("button", name="Go to consent").click()
    see(home, "problems")
    assert home.evaluate("document.activeElement.matches('[data-problems]')"), "the list of problems is where one goes on"
    assert home.get_by_label("What is happening?").input_value() == person.words
    answer_the_job(home, person)
    home.get_by_role("button", name="Go to consent").click()
    see(home, "How do we reach you?")
    say_who(home, person)
    home.locator("section:has(#consent)").get_by_role("checkbox").first.uncheck()
    home.get_by_role("button", name="Send my request").click()
    see(home, "There is 1 problem")
    assert home.get_by_label("Your name").input_value() == person.name
    home.locator("section:has(#consent)").get_by_role("checkbox").first.check()
    home.get_by_role("button", name="Send my request").click()
    see(home, "Your request, sent")


@pytest.mark.parametrize("scripts", SCRIPTS)
def test_signing_in_and_out(scripts, market, open_browser):
    office = open_browser("phone", scripts=SCRIPTS[scripts])
    office.goto(market.site.url("/pro/account/"))
    sign_in(office, "owner2@pros.example", "not the password")
    see(office, "The e-mail or the password is not right.")
    sign_in(office, "owner2@pros.example")
    see(office, "My Account", NAMES[2])
    office.locator(".menu summary").click()
    office.get_by_role("button", name="Sign out").click()
    see(office, "You are signed out.")
    office.goto(market.site.url("/pro/leads/"))
    see(office, "Sign in to Lead Manager")


def test_a_forgotten_password_is_set_anew_by_the_link_of_the_mail(market, open_browser):
    office, outbox = open_browser("phone"), open_browser("desk")
    email, new = "owner3@pros.example", "another fine passphrase"
    office.goto(market.site.url("/pro/sign-in/"))
    office.get_by_role("link", name="I forgot my password").click()
    office.get_by_label("E-mail").fill(email)
    office.get_by_role("button", name="Send the link").click()
    see(office, "Look at your e-mail")
    market.site.drain()
    mail = letters(outbox, market, email).filter(has_text="/pro/password/").first
    office.goto(link(mail, "/pro/password/"))
    office.get_by_label("New password").fill(new)
    office.get_by_role("button", name="Set the new password").click()
    see(office, "Your new password is set. Sign in with it.")
    sign_in(office, email, new)
    see(office, "Leads")
    assert office.url.endswith("/pro/leads/")


def test_an_invitation_is_sent_and_accepted(market, open_browser):
    boss, outbox, newcomer = open_browser("desk", who="owner1"), open_browser("desk"), open_browser("phone")
    boss.goto(market.site.url("/pro/account/team/"))
    boss.get_by_label("E-mail").fill("priya@journeys.example")
    boss.get_by_role("radio", name="Billing").check()
    boss.get_by_role("button", name="Send the invitation").click()
    see(boss, "We sent an invitation to priya@journeys.example.")
    market.site.drain()
    mail = letters(outbox, market, "priya@journeys.example").first
    assert NAMES[1] in mail.inner_text()
    newcomer.goto(link(mail, "/pro/invitation/"))
    see(newcomer, f"Join {NAMES[1]}")
    newcomer.get_by_label("Your name").fill("Priya Raman")
    newcomer.get_by_label("Password").fill("a fine long passphrase")
    newcomer.get_by_role("button", name="Join the team").click()
    see(newcomer, f"You are in the team of {NAMES[1]} now.")
    newcomer.goto(market.site.url("/pro/billing/"))
    see(newcomer, "Statement")
    boss.reload()
    see(boss, "Priya Raman")


@pytest.mark.parametrize("scripts", SCRIPTS)
@pytest.mark.parametrize("device", DEVICES)
def test_choice_match_leads_are_switched_off_and_on(device, scripts, market, open_browser):
    """My Account -> Lead Purchase Settings -> "Receive Choice Match Leads" -> Edit -> No -> Save (RULES 11)."""
    office = open_browser(device, scripts=SCRIPTS[scripts], who="owner2")
    office.goto(market.site.url("/pro/leads/"))
    office.get_by_role("link", name="My Account").locator("visible=true").click()
    office.get_by_role("link", name="Lead Purchase Settings").click()
    row = office.locator("#set-choice-match")
    for was, becomes in (("Yes", "No"), ("No", "Yes")):
        assert "Receive Choice Match Leads" in row.inner_text()
        assert row.locator(".val").inner_text() == was
        row.get_by_role("link", name=re.compile("^Edit.*Receive Choice Match Leads$")).click()
        see(office, "If you save “No”, homeowners no longer see you in their list from now on.")
        row.get_by_label("Receive Choice Match Leads").select_option(becomes)
        row.get_by_role("button", name="Save").click()
        see(office, "Saved: Receive Choice Match Leads. It holds from this moment on.")
        assert row.locator(".val").inner_text() == becomes
        assert office.url == market.site.url(SETTINGS) + ("" if SCRIPTS[scripts] else "?row=choice-match")
        see(office, f"changed Receive Choice Match Leads from “{was}” to “{becomes}”")
        with market.scope():
            state = market.members["owner2"].pro.state_row
            state.refresh_from_db()
            assert state.receives_choice is (becomes == "Yes")
