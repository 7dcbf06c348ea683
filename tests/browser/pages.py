"""Every page of the site, in every state worth looking at: where it is, who opens it, what is done there, what it must say.

A row is one visit. `path` is where it begins (of the market, when it is a function), `act` what is then done; some request of the
visit goes to `route`. `labels` are exact words the page shows (design system, 6).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from leads import links

TABS = ("Leads", "Statement", "My Account")
OFFERS = ("Leads", "Offers", "Statement", "My Account")
ACCOUNT = ("My Account", "Profile", "Company", "Lead Purchase Settings", "Services and area", "Notices", "Team")
ANALYTICS = ("Analytics", "Response rate", "Time to first contact", "Win rate", "From lead to job", "By lead type", "By service")
STAFF = ("Staff", "Leads", "Credits", "Reviews", "Unlisted", "Admin")
CREDIT = ("Request Credit", "Call Lead Within 30 Minutes", "Follow Up That Week", "Send An Email", "Send request for $")
CALL = (
    "Dial this number",
    "Then enter the PIN",
    "Call Lead Within 30 Minutes",
    "Follow Up That Week",
    "Send An Email",
    "AutoMatch",
    "You pay",
)
MEMBERSHIP = "/pro/account/membership/"
MEMBER = (*ACCOUNT, "Membership", "What it never does", "How it is charged")
SETTINGS = "/pro/account/lead-purchase-settings/"


@dataclass(frozen=True)
class Visit:
    name: str
    route: str
    path: str | Callable
    who: str = ""  # a member of the market, or a draft; nobody when empty
    slug: str = "craftyard"
    act: Callable | None = None
    status: int = 200  # of the page
    refused: int = 0  # of a part that comes later
    labels: tuple = ()
    locked: bool = False  # a document in which no script may run, not even those that measure it

    def address(self, market) -> str:
        return market.site.url(self.path if isinstance(self.path, str) else self.path(market), self.slug)

    def __str__(self):
        return self.name


def press(text):
    """Press the button of these words, and wait for the page that comes."""

    def act(page):
        with page.expect_navigation():
            page.get_by_role("button", name=text).last.click()

    return act


def send(selector="form[method=post]"):
    """Send a form as it stands, past what the browser itself would find wrong."""

    def act(page):
        with page.expect_navigation():
            page.eval_on_selector(selector, "form => { form.noValidate = true; form.requestSubmit() }")

    return act


def send_to(address):
    """Send the form of a step elsewhere, as its button without scripts does."""

    def act(page):
        with page.expect_navigation():
            page.eval_on_selector("#f", "(form, address) => { form.action = address; form.submit() }", address)

    return act


def fill(**fields):
    """Type into fields by their names and send."""

    def act(page):
        for name, value in fields.items():
            page.fill(f"main [name={name}]", value)
        send("main form[method=post]")(page)

    return act


def unfold(page):
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('main details').forEach(part => { part.open = true })")


def speak_english(page):
    """Press the switch of the language as the Spanish page has it: the page of a visitor is kept, and goes on in English."""
    with page.expect_navigation():
        page.eval_on_selector("form[action='/language/'] button", "button => { button.value = 'en'; button.click() }")


def find_on_home(page):
    page.get_by_label("Job", exact=True).press_sequentially("water")
    page.get_by_label("ZIP code of the job").press_sequentially("60614")
    page.get_by_text("Which fits best?").wait_for()
    page.get_by_text("60614 Chicago, IL").wait_for()


def find_a_city(page):
    page.get_by_label("ZIP code of the job").press_sequentially("Oak Park")
    page.get_by_text("Which ZIP code?").wait_for()


def answer_the_job(page):
    """Change an answer: the preview beside the form follows."""
    page.fill("[name=description]", "Ring me at 312-555-0177, please.")
    page.get_by_text("Changes as you type").wait_for()


def tick_two(page):
    """Tick two pros at once: seats, words and the button follow both."""
    for number in (0, 1):
        page.locator(".pick.pro label").nth(number).click()
    page.get_by_text("You agree to this, and only this").wait_for()
    page.get_by_role("button", name="Send to 2 pros").wait_for()


def compare_two(page):
    """Tick two pros and look at them side by side."""
    tick_two(page)
    page.get_by_text("Find and compare").click()
    press("Compare the ticked pros")(page)


def see_profile(page):
    """Tick two pros and look at one of them."""
    tick_two(page)
    press("See profile")(page)


def ask_to_stop(page):
    page.locator("#stop").get_by_role("link", name="Stop all contact").click()
    page.get_by_role("button", name="Yes, stop").wait_for()


def edit(label):
    def act(page):
        page.get_by_role("link", name=re.compile(f"^Edit.*{label}$")).click()
        page.locator(".set .open").get_by_role("button", name="Save").wait_for()

    return act


def open_menu(page):
    page.locator(".menu summary").click()


def sign_out(page):
    open_menu(page)
    press("Sign out")(page)


def set_wrongly(page):
    page.fill("[name=budget]", "lots")
    page.locator(".set .open").get_by_role("button", name="Save").click()
    page.get_by_text("Enter an amount in dollars").first.wait_for()


def raise_by_a_member(page):
    page.fill("[name=budget]", "9000")
    page.locator(".set .open").get_by_role("button", name="Save").click()
    page.get_by_text("This would raise spending").wait_for()


def count_area(page):
    page.fill("[name=all-zips]", "60614 60625 60618")
    page.locator("[name=all-zips]").blur()
    page.get_by_text("This covers more than what is saved").wait_for()


def save_a_wrong_area(page):
    page.fill("[name=all-zips]", "00000 abc")
    press("Save")(page)


def add_a_number(page, number="(773) 555-0177"):
    page.locator("#caller summary").click()
    page.fill("#caller [name=phone]", number)
    with page.expect_navigation():
        page.locator("#caller button").click()


def add_a_wrong_number(page):
    add_a_number(page, "12")


def say_it_is(status):
    def act(page):
        page.select_option("#id_progress", status)
        with page.expect_navigation():
            page.eval_on_selector("#status-form", "form => { form.noValidate = true; form.requestSubmit() }")

    return act


def call_me_first(page):
    """Asked again while it rings, it is the same call: then the page has no button for it any more."""
    with page.expect_navigation():
        page.eval_on_selector("#status-form", "form => { form.action = form.action.replace('/status/', '/call/'); form.submit() }")


def priced_wrongly(page):
    """A page on which another price stands than the one in force."""
    page.eval_on_selector("main form:has([name=monthly]) [name=monthly]", "field => { field.value = '1' }")
    press(re.compile("^Buy Silver"))(page)


def of(name, end=""):
    return lambda market: f"/request/{market.token(name)}/{end}"


def profile_of(name, who):
    return lambda market: f"/request/{market.token(name)}/pros/{market.members[who].pro.public_id}/"


def lead(name, who="owner"):
    return lambda market: f"/pro/leads/{market.match(name, who).pk}/"


def about(name, what, who="charge0"):
    """What the homeowner of a request is asked about one of its pros."""
    return lambda market: f"/request/{market.token(name)}/pros/{market.match(name, who).pk}/{what}/"


def send_no_picture(page):
    """Send a file that is none."""
    page.set_input_files("[name=photo]", {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"nothing to see"})
    send("main form[enctype]")(page)


def offer(name):
    return lambda market: f"/pro/offers/{market.offer(name).pk}/"


def send_price(cents):
    """Press Accept with another price than the button shows, as a page that is old would."""

    def act(page):
        page.eval_on_selector("#accept [name=price]", "(field, cents) => { field.value = cents }", cents)
        with page.expect_navigation():
            page.eval_on_selector("#accept", "form => form.requestSubmit()")

    return act


def post(ending):
    """Post to an address under this page, with the form that signs out."""

    def act(page):
        with page.expect_navigation():
            page.eval_on_selector(".menu form", "(form, ending) => { form.action = location.pathname + ending; form.submit() }", ending)

    return act


def wish(name):
    """The page of a request for what is not listed."""
    return lambda market: f"/request/unlisted/{links.wish_token(market.wishes[name])}/"


def add_nothing(page):
    """Make a service of what waits first, without saying what it costs."""
    unfold(page)
    send("main article form")(page)


def why(name, pro="", **asked):
    """The staff's page of a lead, and there of a pro by its name."""
    query = urlencode({"pro": pro, **asked}) if pro or asked else ""
    return lambda market: f"/staff/leads/{market.leads[name].pk}/" + (f"?{query}" if query else "")


def settings_of_ashland(market):
    """A pro that staff have paused, for staff."""
    return f"/staff/pros/{market.ashland.public_id}/lead-purchase-settings/"


def credit(name, area="pro"):
    """The page of a credit request, of its pro or of staff."""
    return lambda market: f"/{area}/credits/{market.credits[name].pk}/"


def doubted(name, end=""):
    """A lead of the pro that has claims in every state."""
    return lambda market: f"/pro/leads/{market.match(name, 'claimant').pk}/{end}"


def asking(name):
    return doubted(name, "credit/")


def checks_of(who):
    return lambda market: f"/staff/pros/{market.members[who].pro.public_id}/checks/"


def filing(name):
    return lambda market: f"/staff/credits/for/{market.match(name, 'claimant').pk}/"


def choose(words, then):
    """Choose one of the large targets, and wait for what comes of it."""

    def act(page):
        page.get_by_role("radio", name=words).check()
        page.get_by_text(then).first.wait_for()

    return act


def another_rule(page):
    """Refuse by another rule: the draft follows."""
    page.get_by_role("radio", name="Refuse").check()
    page.select_option("[name=refuse_rule]", "hired_other")
    page.get_by_text("Something that was wrong with the lead itself would help.").wait_for()


def dial(page):
    """Dial a masked number: the caller's telephone is in use."""
    page.fill("[name=to]", page.locator("#ours option").first.get_attribute("value"))
    press("Dial")(page)
    page.get_by_role("button", name="Hang up").first.wait_for()


def team_of(who, of):
    from web.pros.team import reference

    return lambda market: f"/pro/account/team/members/{reference(market.members[of])}/"


VISITS = [
    # The platform and what stands when something is wrong.
    Visit("marketplaces", "homeowners:home", "/", slug="", labels=("Marketplaces", "Lead Manager")),
    Visit("no marketplace", "homeowners:home", "/", slug="nowhere", status=404),
    Visit("no page", "", "/nothing-here/", status=404),
    Visit("privacy", "privacy", "/privacy/"),
    Visit("terms", "terms", "/terms/"),
    Visit("outbox", "dev:outbox", "/dev/outbox/?to=sofia@pros.example"),
    Visit("outbox of nobody", "dev:outbox", "/dev/outbox/?to=nobody"),
    Visit("phone", "dev:phone", "/dev/phone/?from=%2B17735550150", labels=("Telephones", "You are", "You dial")),
    Visit("phone, wrong", "dev:phone", "/dev/phone/", act=press("Dial"), status=422),
    Visit("phone, in use", "dev:phone", "/dev/phone/?from=%2B17735550150", act=dial, labels=("Enter the 4-digit PIN", "Hang up")),
    Visit("letter", "dev:letter", lambda market: f"/dev/outbox/{market.letter()}/", locked=True),
    # Homeowners.
    Visit("home, language", "language", "/", act=speak_english, labels=("What do you need done?",)),
    Visit("home", "homeowners:home", "/", act=unfold),
    Visit("home, found", "homeowners:services", "/", act=find_on_home),
    Visit("home, begun", "homeowners:home", "/", "drafting"),
    Visit("home, soon", "homeowners:home", "/", slug="hearthline"),
    Visit("services", "homeowners:services", "/request/services?q=heater"),
    Visit("places", "homeowners:places", "/request/places?q=Oak+Park"),
    Visit("form 1", "homeowners:service", "/request/?q=leak&zip=60614"),
    Visit("form 1, city", "homeowners:places", "/request/", act=find_a_city),
    Visit("form 1, problems", "homeowners:service", "/request/", act=send("#f"), status=422),
    Visit("form 1, soon", "homeowners:service", "/request/", slug="hearthline"),
    Visit("form 2", "homeowners:job", "/request/job/", "begun"),
    Visit("form 2, typing", "homeowners:preview", "/request/job/", "begun", act=answer_the_job),
    Visit("form 2, problems", "homeowners:job", "/request/job/", "begun", act=send("#f"), status=422),
    Visit("form 2, preview", "homeowners:preview", "/request/job/", "drafting", act=send_to("/request/preview")),
    Visit("form 3", "homeowners:you", "/request/you/", "drafting"),
    Visit("form 3, problems", "homeowners:you", "/request/you/", "drafting", act=send("#f"), status=422),
    Visit("unlisted", "homeowners:unlisted", "/request/unlisted/?q=solar+tube", labels=("Not in the list?", "Your consent")),
    Visit("unlisted, problems", "homeowners:unlisted", "/request/unlisted/", act=send("#f"), status=422),
    Visit("wish, waiting", "homeowners:wish", wish("waiting"), labels=("A person looks at it", "Take it back")),
    Visit("wish, offered", "homeowners:wish", wish("offered"), labels=("We ask pros who could do it",)),
    Visit("wish, refused", "homeowners:wish", wish("refused"), labels=("We could not find a pro", "Nobody does this here.")),
    Visit("add a service", "pros:add_service", "/pro/services/tub-to-shower/add/", "owner", labels=("Add this service, $25.00 a lead",)),
    Visit("add a service, not me", "pros:add_service", "/pro/services/tub-to-shower/add/", "member", labels=("can add it",)),
    Visit("staff, unlisted", "staff:unlisted", "/staff/unlisted/", "staff", act=unfold, labels=(*STAFF, "Make a service of it")),
    Visit("staff, unlisted, wrong", "staff:wish", "/staff/unlisted/", "staff", act=add_nothing, status=422, labels=STAFF),
    Visit("choose", "homeowners:choose", of("choosing", "choose/"), labels=("Choose up to four pros", "How this order is made", "Nearest")),
    Visit(
        "choose, best rated",
        "homeowners:choose",
        of("choosing", "choose/?order=best"),
        labels=("Best rated", "New here: no reviews yet", "Came when they said", "Taken down by the marketplace: It speaks"),
    ),
    Visit("choose, ticked", "homeowners:choose", of("choosing", "choose/"), act=tick_two, labels=("You agree to this, and only this",)),
    Visit(
        "choose, filtered", "homeowners:choose", of("choosing", "choose/?badge=licence"), labels=("fit what you look for", "Show all pros")
    ),
    Visit("choose, compare", "homeowners:choose", of("choosing", "choose/"), act=compare_two, labels=("Side by side", "Back to all pros")),
    Visit("profile", "homeowners:profile", of("choosing", "choose/"), act=see_profile, labels=("What we have checked", "Tick this pro")),
    Visit("profile, seated", "homeowners:profile", profile_of("chosen", "owner"), labels=("In business since 1998", "License")),
    Visit("profile, of nobody", "", of("choosing", "pros/00000000-0000-7000-8000-000000000000/"), status=404),
    Visit("choose, nobody", "homeowners:choose", of("choosing", "choose/"), act=send("#f"), status=422, labels=("Choose at least one",)),
    Visit("choose, nobody fits", "homeowners:choose", of("lonely", "choose/"), labels=("No pro fits right now",)),
    Visit("request, choosing", "homeowners:request", of("choosing"), labels=("Choose your pros", "Stop all contact")),
    Visit("request, chosen", "homeowners:request", of("chosen"), labels=("Choose another pro", "You chose 1 pro")),
    Visit("lead, chosen", "pros:lead", lead("chosen"), "owner", labels=("Choice Match", "The homeowner picked you", "CM-")),
    Visit("request, draft", "homeowners:request", of("draft"), labels=("Confirm your phone", "Confirm by text", "Stop all contact")),
    Visit("code", "homeowners:code", of("draft", "code/"), labels=("Confirm your phone", "Text me the code", "Use another number")),
    Visit("code, sent", "homeowners:code", of("coded", "code/"), act=unfold, labels=("We texted a code to", "Confirm my phone")),
    Visit("code, wrong", "homeowners:code", of("coded", "code/"), act=fill(code="12"), labels=("This is not the newest code",)),
    Visit("code, again", "homeowners:code", of("coded again", "code/"), labels=("Text me a new code",)),
    Visit("code, optional", "homeowners:code", of("offered a code", "code/"), labels=("You need not do it",)),
    Visit("lead, confirmed", "pros:lead", lead("confirmed"), "owner", labels=("Phone confirmed",)),
    Visit("request, confirmed", "homeowners:request", of("confirmed"), labels=("Your phone was checked by code",)),
    Visit("request, filled", "homeowners:request", of("filled"), labels=("Stop all contact",)),
    Visit("request, open", "homeowners:request", of("open"), labels=("Stop all contact",)),
    Visit("request, stopped", "homeowners:request", of("stopped")),
    Visit("request, asking", "homeowners:stop", of("open"), act=ask_to_stop, labels=("Yes, stop", "Keep")),
    Visit("request, stop", "homeowners:stop", of("open", "stop/"), labels=("Yes, stop", "Keep")),
    Visit("charge, two seats", "homeowners:request", of("two seats"), labels=("Stop this pro", "More", "Chose someone?", "Add or remove")),
    Visit("charge, unfolded", "homeowners:request", of("two seats"), act=unfold, labels=("Show it my phone number", "I hired this pro")),
    Visit("charge, four seats", "homeowners:request", of("four seats"), labels=("Stop this pro", "Has not called yet.")),
    Visit("charge, one stopped", "homeowners:request", of("one stopped"), labels=("They are closed now.", "Stop this pro")),
    Visit("charge, silent", "homeowners:request", of("silent"), labels=("Replace this pro", "We warned it")),
    Visit("charge, replaced", "homeowners:request", of("replaced"), labels=("which never called", "Choose a pro")),
    Visit("charge, hired", "homeowners:request", of("hired"), labels=("You told your pros", "Change the answer")),
    Visit("charge, nobody fits", "homeowners:request", of("nobody fits"), labels=("You stay on our list until", "Correct it")),
    Visit("charge, unfilled", "homeowners:request", of("unfilled"), labels=("Keep me on the list for 30 days",)),
    Visit("charge, listed", "homeowners:request", of("listed"), labels=("You are on the list", "Take me off the list")),
    Visit(
        "charge, on or off the list",
        "homeowners:keep_on_list",
        of("unlisted"),
        act=send("form[action$='list/']"),
        labels=("Nobody gets your details before you send it again.",),
    ),
    Visit("charge, able", "homeowners:request", of("able"), labels=("Somebody in 60601 can take it now", "Send it again")),
    Visit("charge, again", "homeowners:send_again", of("able", "again/"), labels=("You agree to this by sending it",)),
    Visit("charge, stop one", "homeowners:one_pro", about("two seats", "stop"), labels=("Yes, stop", "The homeowner withdrew")),
    Visit("charge, replace one", "homeowners:one_pro", about("silent", "replace"), labels=("Yes, replace",)),
    Visit("charge, too early", "homeowners:one_pro", about("two seats", "replace"), act=send(), status=409, labels=("has called you",)),
    Visit("charge, show number", "homeowners:one_pro", about("two seats", "phone"), labels=("Show my number",)),
    Visit("charge, show address", "homeowners:one_pro", about("two seats", "address"), labels=("Show my address",)),
    Visit("charge, whom", "homeowners:hired", of("two seats", "hired/"), labels=("Whom did you hire?", "Tell my pros")),
    Visit(
        "charge, whom not", "homeowners:hired", of("two seats", "hired/"), act=send(), status=422, labels=("Choose one of the answers.",)
    ),
    Visit("charge, correct", "homeowners:correct", of("nobody fits", "correct/"), labels=("Save the corrections",)),
    Visit("charge, too late to correct", "homeowners:correct", of("two seats", "correct/"), labels=("A pro has your request already",)),
    Visit("charge, photos", "homeowners:photos", of("two seats", "photos/"), labels=("Take or choose photos", "Remove")),
    Visit("charge, no picture", "homeowners:photos", of("two seats", "photos/"), act=send_no_picture, status=422, labels=("as a picture",)),
    Visit("lead, hired", "pros:lead", lead("hired", "charge0"), "charge0", labels=("says that it hired you", "Shown to you alone")),
    Visit("lead, not hired", "pros:lead", lead("hired", "charge1"), "charge1", labels=("hired another pro",)),
    Visit("lead, warned", "pros:lead", lead("silent", "charge1"), "charge1", labels=("Nobody has called yet.",)),
    Visit("lead, replaced", "pros:lead", lead("replaced", "charge1"), "charge1", labels=("The homeowner replaced you",)),
    Visit("request, to review", "homeowners:request", of("to review"), labels=("How did it go?", "Review your pros")),
    Visit("review", "homeowners:review", of("to review", "review/"), labels=("A review is public", "Ned F., Chicago")),
    Visit(
        "review, problems",
        "homeowners:review",
        of("to review", "review/"),
        act=send("main form[method=post]"),
        status=422,
        labels=("Choose one to five stars.",),
    ),
    Visit("review, answered", "homeowners:review", of("answered", "review/"), labels=("4 of 5 stars", "Prairie State Plumbing answered:")),
    Visit("review, nothing to say", "homeowners:review", of("last period", "review/"), labels=("There was no call between you",)),
    Visit("request, new link", "homeowners:new_link", of("spare"), act=press("Make a new link")),
    # Signing in.
    Visit("sign in", "pros:sign_in", "/pro/sign-in/", labels=("Sign in to Lead Manager",)),
    Visit("sign in, wrong", "pros:sign_in", "/pro/sign-in/", act=fill(username="owner@pros.example", password="not this one")),
    Visit("signed out", "pros:sign_out", "/pro/leads/", "passing", act=sign_out),
    Visit("forgotten", "pros:forgotten", "/pro/password/"),
    Visit("forgotten, sent", "pros:forgotten", "/pro/password/", act=fill(email="nobody@pros.example")),
    Visit("new password", "pros:new_password", lambda market: market.link("/pro/password/", "forgetful@pros.example")),
    Visit("link gone", "pros:new_password", "/pro/password/abc-def/", status=404),
    Visit("join", "pros:join", lambda market: market.link("/pro/invitation/", "joining@pros.example")),
    Visit(
        "join, problems",
        "pros:join",
        lambda market: market.link("/pro/invitation/", "joining@pros.example"),
        act=fill(name="Joan", phone="12", password="short"),
        status=422,
    ),
    # Lead Manager.
    Visit("start", "pros:start", "/pro/", "owner"),
    Visit("inbox", "pros:leads", "/pro/leads/", "owner", labels=(*TABS, "AutoMatch", "Choice Match")),
    Visit("inbox, searched", "pros:leads", "/pro/leads/?q=nothing", "owner", labels=TABS),
    Visit("inbox, empty", "pros:leads", "/pro/leads/", "newcomer", labels=TABS),
    Visit("inbox, archived", "pros:leads", "/pro/leads/?show=archived", "owner", labels=(*TABS, "Archived")),
    Visit("inbox, follow up", "pros:leads", "/pro/leads/?show=follow-up", "owner", labels=(*TABS, "Follow up")),
    Visit("inbox, menu", "pros:leads", "/pro/leads/", "owner", act=open_menu, labels=TABS),
    Visit("lead", "pros:lead", lead("filled"), "owner", act=unfold, labels=(*CALL, "AutoMatch")),
    Visit("lead, running", "pros:lead", lead("running"), "owner", labels=CALL),
    Visit("lead, unfolded", "pros:lead", lead("running"), "owner", act=unfold, labels=(*CALL, "What counts", "and calls past this number")),
    Visit("lead, low", "pros:lead", lead("low"), "owner", labels=CALL),
    Visit("lead, waiting", "pros:lead", lead("waiting"), "owner", labels=(*CALL, "when Eve takes calls")),
    Visit(
        "lead, calling",
        "pros:lead",
        lead("calling"),
        "owner",
        labels=(*CALL, "We are calling your phone", "…-0110 now."),
    ),
    Visit("lead, call me first", "pros:call", lead("low"), "owner", act=call_me_first, labels=(*CALL, "We are calling your phone")),
    Visit("lead, one more number", "pros:caller", lead("low"), "owner", act=add_a_number, labels=(*CALL, "The PIN works from")),
    Visit("lead, wrong number", "pros:caller", lead("low"), "owner", act=add_a_wrong_number, status=422, labels=CALL),
    Visit("lead, status", "pros:status", lead("low"), "owner", act=say_it_is("quoted"), labels=(*CALL, "Saved: Quoted.")),
    Visit("lead, status, problems", "pros:status", lead("low"), "owner", act=say_it_is("won"), status=422, labels=CALL),
    Visit("lead, earned", "pros:lead", lead("earned"), "owner", act=unfold, labels=(*CALL, "20% earned: you pay")),
    Visit("lead, passed", "pros:lead", lead("passed"), "owner", labels=(*CALL, "30 minutes have passed")),
    Visit("lead, fault", "pros:lead", lead("fault"), "owner", labels=(*CALL, "20% earned", "our fault, it counts")),
    Visit("lead, called back", "pros:lead", lead("called back"), "owner", labels=(*CALL, "called you back at")),
    Visit("lead, expired", "pros:lead", lead("expired"), "owner", labels=(*TABS, "This number is closed")),
    Visit("lead, no phone", "pros:lead", lead("no phone"), "owner", labels=(*TABS, "Noa gave no phone number.")),
    Visit("lead, won", "pros:lead", lead("won"), "owner", labels=(*CALL, "Won")),
    Visit("lead, credited", "pros:lead", lead("credited"), "owner", labels=(*TABS, "The price was given back")),
    Visit("lead, no saved phone", "pros:lead", lead("running"), "member", labels=(*CALL, "Save it under My Account")),
    Visit("lead, reviewed", "pros:lead", lead("reviewed"), "owner", labels=("The homeowner’s review", "Publish the answer")),
    Visit("lead, no answer", "pros:review", lead("reviewed"), "owner", act=send("#answer-form"), status=422, labels=("Write your answer",)),
    Visit("lead, answered", "pros:lead", lead("answered"), "owner", labels=("4 of 5 stars", "You answered the review")),
    Visit("lead, withdrawn", "pros:lead", lead("withdrawn"), "owner", labels=(*TABS, "AutoMatch", "Closed by the homeowner")),
    Visit("lead of others", "pros:lead", lead("filled"), "newcomer", status=404),
    Visit("statement", "pros:statement", "/pro/billing/", "owner", labels=(*TABS, "AutoMatch")),
    Visit("statement, empty", "pros:statement", "/pro/billing/", "newcomer", labels=TABS),
    Visit("analytics", "pros:analytics", "/pro/analytics/", "owner", labels=(*ANALYTICS, "Cost per won job", "AutoMatch", "Choice Match")),
    Visit("analytics, unfolded", "pros:analytics", "/pro/analytics/?period=this", "owner", act=unfold, labels=(*ANALYTICS, "How we count")),
    Visit("analytics, own dates", "pros:analytics", "/pro/analytics/?period=own", "owner", labels=(*ANALYTICS, "From", "To")),
    Visit(
        "analytics, wrong dates",
        "pros:analytics",
        "/pro/analytics/?period=own&first=2026-02-30&last=2026-01-01",
        "owner",
        status=422,
        labels=("Analytics", "From", "To"),
    ),
    Visit("analytics, one type", "pros:analytics", "/pro/analytics/?type=choice-match", "owner", labels=("Choice Match", "All types")),
    Visit("analytics, without money", "pros:analytics", "/pro/analytics/", "member", labels=ANALYTICS),
    Visit("analytics, empty", "pros:analytics", "/pro/analytics/", "newcomer", labels=("Analytics", "No leads in these days")),
    Visit("statement, not open", "pros:statement", "/pro/billing/", "member", status=403, labels=("Leads", "My Account")),
    # Offers.
    *(
        Visit(name, route, path, who, "hearthline", **said)
        for name, route, path, who, said in (
            ("offers", "pros:offers", "/pro/offers/", "opter", {"act": unfold, "labels": (*OFFERS, "Accept for $", "Pass, free")}),
            ("offers, none", "pros:offers", "/pro/offers/", "broke", {"labels": OFFERS}),
            ("offer", "pros:offer", offer("offered"), "opter", {"act": unfold, "labels": ("Accept for $", "Opt-in", "Your wallet, $")}),
            ("offer, limited", "pros:offer", offer("offered"), "helper", {"labels": ("Offers", "You may accept offers up to $5.00")}),
            (
                "offer, price changed",
                "pros:offer_accept",
                offer("offered"),
                "opter",
                {"act": send_price(1), "status": 409, "labels": ("Nothing was charged. Accept again",)},
            ),
            (
                "offer, no reason",
                "pros:offer_decline",
                offer("offered"),
                "opter",
                {"act": send("form[action$='decline/']"), "status": 422, "labels": ("Say why",)},
            ),
            ("offer, kept", "pros:offer", offer("kept"), "opter", {"labels": (*OFFERS, "The first seats are taken.")}),
            ("offer, early", "pros:offer", offer("soon"), "opter", {"labels": (*OFFERS, "Opens for you at")}),
            (
                "offer, not in the draw",
                "pros:offer_leave_draw",
                offer("offered"),
                "opter",
                {"act": post("leave-draw/"), "status": 409, "labels": ("You are not in the draw",)},
            ),
            ("offer, in the draw", "pros:offer", offer("drawn"), "opter", {"labels": (*OFFERS, "is reserved")}),
            (
                "offer, accepted",
                "pros:offer",
                offer("may be undone"),
                "opter",
                {"labels": ("You have a seat for $", "Open the details", "Undo, $")},
            ),
            ("offer, opened", "pros:offer_open", offer("opted"), "opter", {"act": post("open/"), "labels": ("Dial this number", "Opt-in")}),
            ("offer, opened before", "pros:offer", offer("opted"), "opter", {"labels": (*OFFERS, "It can no longer be undone")}),
            (
                "offer, undone",
                "pros:offer_undo",
                offer("given back"),
                "opter",
                {"act": post("undo/"), "labels": (*OFFERS, "You gave it back")},
            ),
            ("offer, taken", "pros:offer", offer("gone"), "opter", {"labels": (*OFFERS, "Taken by others")}),
            ("offer, passed", "pros:offer", offer("passed on"), "opter", {"labels": (*OFFERS, "You passed: Too far away")}),
            (
                "offer, withdrawn",
                "pros:offer",
                offer("withdrawn offer"),
                "opter",
                {"labels": (*OFFERS, "The homeowner withdrew this request")},
            ),
            ("offer of others", "pros:offer", offer("offered"), "broke", {"status": 404}),
            ("inbox, offered", "pros:leads", "/pro/leads/", "opter", {"labels": (*OFFERS, "Undo until")}),
            ("statement, wallet", "pros:statement", "/pro/billing/", "opter", {"labels": (*OFFERS, "Your wallet", "Added to your wallet")}),
            ("team, who accepts", "pros:team", "/pro/account/team/", "opter", {"labels": ("accepts offers up to $5.00",)}),
            ("team member, offers", "pros:team_member", team_of("opter", "helper"), "opter", {"labels": ("Accepting offers",)}),
        )
    ),
    # Credits.
    Visit("lead, to ask", "pros:lead", doubted("doubtful"), "claimant", labels=("Something wrong with this lead?", "Request Credit")),
    Visit("lead, refused", "pros:lead", doubted("refused"), "claimant", labels=("Credit request", "Refused", "Appeal")),
    Visit("credit", "pros:credit", asking("doubtful"), "claimant", act=unfold, labels=CREDIT),
    Visit(
        "credit, chosen",
        "pros:credit",
        asking("doubtful"),
        "claimant",
        act=choose("Does not own the home", "A person decides"),
        labels=CREDIT,
    ),
    Visit(
        "credit, proven", "pros:credit", asking("dead"), "claimant", act=choose("Wrong or fake contact", "Granted at once"), labels=CREDIT
    ),
    Visit("credit, problems", "pros:credit", asking("doubtful"), "claimant", act=send("#f"), status=422, labels=CREDIT),
    Visit(
        "credit, over", "pros:credit", asking("too late"), "claimant", labels=(*TABS, "The time to ask for a credit on this lead is over.")
    ),
    Visit("credits", "pros:credits", "/pro/credits/", "claimant", labels=(*TABS, "Credit requests", "In review", "Granted", "Refused")),
    Visit("credits, empty", "pros:credits", "/pro/credits/", "newcomer", labels=(*TABS, "No credit requests yet")),
    Visit("credit, in review", "pros:credit_request", credit("in review"), "claimant", labels=(*TABS, "Your request is with a person")),
    Visit("credit, question", "pros:credit_request", credit("question"), "claimant", labels=(*TABS, "We have a question")),
    Visit(
        "credit, no answer",
        "pros:credit_answer",
        credit("question"),
        "claimant",
        act=send("form[action$='answer/']"),
        status=422,
        labels=TABS,
    ),
    Visit("credit, refused", "pros:credit_request", credit("refused"), "claimant", labels=(*TABS, "Not granted", "Send the appeal")),
    Visit("credit, no appeal", "pros:credit_appeal", credit("refused"), "claimant", act=send("#appeal"), status=422, labels=TABS),
    Visit("credit, appealed", "pros:credit_request", credit("appealed"), "claimant", labels=(*TABS, "Your appeal is with a person")),
    Visit("credit, granted", "pros:credit_request", credit("granted"), "claimant", labels=(*TABS, "given back", "Decided by rule")),
    Visit("account", "pros:account", "/pro/account/", "owner", labels=ACCOUNT),
    Visit("account, problems", "pros:account", "/pro/account/", "owner", act=fill(name="", phone="12"), status=422, labels=ACCOUNT),
    Visit("company", "pros:company", "/pro/account/profile/", "owner", labels=(*ACCOUNT, "What we have checked", "As homeowners see it")),
    Visit("company, seen by a member", "pros:company", "/pro/account/profile/", "member", labels=ACCOUNT),
    Visit(
        "company, problems",
        "pros:company",
        "/pro/account/profile/",
        "owner",
        act=fill(since_year="18"),
        status=422,
        labels=(*ACCOUNT, "Enter the year you started"),
    ),
    Visit("company, no picture", "pros:company", "/pro/account/profile/", "newcomer", act=press("Use this picture"), status=422),
    Visit(
        "preview",
        "pros:preview",
        "/pro/account/profile/preview/",
        "owner",
        labels=("Homeowners who may choose you", "[phone number hidden]"),
    ),
    Visit("password", "pros:password", "/pro/account/password/", "owner", labels=ACCOUNT),
    Visit("settings", "pros:purchase_settings", SETTINGS, "owner", labels=(*ACCOUNT, "Receive Choice Match Leads")),
    Visit("settings, edit", "pros:purchase_setting", SETTINGS, "owner", act=edit("Receive Choice Match Leads"), labels=("Save", "Cancel")),
    Visit("setting", "pros:purchase_setting", f"{SETTINGS}receiving-hours/", "owner", labels=ACCOUNT),
    Visit("setting, pause", "pros:purchase_setting", f"{SETTINGS}pause/", "owner", labels=(*ACCOUNT, "Until the day", "Pause")),
    Visit("setting, days off", "pros:purchase_setting", f"{SETTINGS}days-off/", "owner", labels=(*ACCOUNT, "Saturday", "Sunday")),
    Visit("setting, away", "pros:purchase_setting", f"{SETTINGS}time-away/", "owner", labels=(*ACCOUNT, "First day", "Last day")),
    Visit("setting, wrong", "pros:purchase_setting", f"{SETTINGS}budget-cap/", "owner", act=set_wrongly, refused=422, labels=ACCOUNT),
    Visit(
        "setting, refused", "pros:purchase_setting", f"{SETTINGS}budget-cap/", "member", act=raise_by_a_member, refused=422, labels=ACCOUNT
    ),
    Visit("area", "pros:area", "/pro/account/services-and-area/", "owner", act=unfold, labels=ACCOUNT),
    Visit("area, counting", "pros:area", "/pro/account/services-and-area/", "owner", act=count_area, labels=ACCOUNT),
    Visit("area, empty", "pros:area", "/pro/account/services-and-area/", "newcomer", labels=ACCOUNT),
    Visit("area, problems", "pros:area", "/pro/account/services-and-area/", "owner", act=save_a_wrong_area, status=422, labels=ACCOUNT),
    Visit("notices", "pros:notices", "/pro/account/notices/", "owner", labels=ACCOUNT),
    Visit(
        "membership", "pros:membership", MEMBERSHIP, "gold", "hearthline", labels=(*MEMBER, "Yours", "Cancel the membership", "Change to")
    ),
    Visit(
        "membership, none", "pros:membership", MEMBERSHIP, "outsider", "hearthline", labels=(*MEMBER, "Buy Gold for $79.00 now", "Add $")
    ),
    Visit(
        "membership, cancelled", "pros:membership", MEMBERSHIP, "leaving gold", "hearthline", labels=(*MEMBER, "It ends.", "Nadia Flores")
    ),
    Visit("membership, seen by a member", "pros:membership", MEMBERSHIP, "gold's helper", "hearthline", labels=MEMBER),
    Visit(
        "membership, refused",
        "pros:membership",
        MEMBERSHIP,
        "outsider",
        "hearthline",
        act=priced_wrongly,
        status=409,
        labels=(*MEMBER, "The price is now"),
    ),
    Visit("statement, membership", "pros:statement", "/pro/billing/", "gold", "hearthline", labels=(*TABS, "Membership")),
    Visit("team", "pros:team", "/pro/account/team/", "owner", labels=ACCOUNT),
    Visit("team, seen by a member", "pros:team", "/pro/account/team/", "member", labels=ACCOUNT),
    Visit(
        "team, sent again", "pros:invitation", "/pro/account/team/", "owner", act=press(re.compile("^Send again.*books@")), labels=ACCOUNT
    ),
    Visit("team member", "pros:team_member", team_of("owner", "leaving"), "owner", labels=ACCOUNT),
    Visit("leaving", "pros:team_member", team_of("leaving", "leaving"), "leaving", labels=ACCOUNT),
    # Staff.
    Visit("staff", "staff:home", "/staff/", "staff", labels=STAFF),
    Visit("staff, searched", "staff:home", "/staff/?q=nobody", "staff", labels=STAFF),
    Visit("staff, menu", "staff:home", "/staff/", "staff", act=open_menu, labels=STAFF),
    Visit("why", "staff:why", why("crowded"), "staff", labels=(*STAFF, "AutoMatch", "Decision unchanged")),
    Visit("why, shown", "staff:why", why("hired"), "staff", labels=(*STAFF, "The homeowner’s side", "the phone number")),
    Visit("why, several decisions", "staff:why", why("twice"), "staff", labels=(*STAFF, "Show all")),
    Visit("why not, budget", "staff:why", why("crowded", "Belmont"), "staff", labels=(*STAFF, "more budget left")),
    Visit("why not, paused", "staff:why", why("crowded", "Ashland"), "staff", labels=(*STAFF, "Not asked after that")),
    Visit("why not, too small", "staff:why", why("crowded", "Diversey", all="1"), "staff", labels=STAFF),
    Visit("why not, seated", "staff:why", why("filled", "Prairie State Plumbing"), "staff", labels=STAFF),
    Visit("why not, not looked at", "staff:why", why("crowded", "Clark Street Roofing"), "staff", labels=(*STAFF, "Today")),
    Visit("why not, several", "staff:why", why("crowded", "Avenue"), "staff", labels=(*STAFF, "Which one?")),
    Visit("why not, nobody", "staff:why", why("crowded", "Nobody at all"), "staff", labels=STAFF),
    Visit("staff settings", "staff:purchase_settings", settings_of_ashland, "staff", labels=(*STAFF, "On the pro’s behalf", "Paused")),
    Visit(
        "staff settings, edit",
        "staff:purchase_setting",
        lambda market: settings_of_ashland(market) + "choice-match/",
        "staff",
        labels=(*STAFF, "Receive Choice Match Leads"),
    ),
    Visit("staff credits", "staff:credits", "/staff/credits/", "renee", labels=(*STAFF, "Due first", "Only a person may refuse.")),
    Visit("staff credits, none", "staff:credits", "/staff/credits/?show=large", "renee", labels=(*STAFF, "None of these waits")),
    Visit("staff credit", "staff:credit", credit("in review", "staff"), "renee", labels=(*STAFF, "What the rules say", "Decide")),
    Visit(
        "staff credit, grant",
        "staff:credit",
        credit("in review", "staff"),
        "renee",
        act=choose("Grant", "What the pro will read"),
        labels=STAFF,
    ),
    Visit("staff credit, refuse", "staff:credit", credit("in review", "staff"), "renee", act=another_rule, labels=STAFF),
    Visit(
        "staff credit, ask",
        "staff:credit",
        credit("in review", "staff"),
        "renee",
        act=choose("Ask the pro", "What the pro is asked"),
        labels=STAFF,
    ),
    Visit("staff credit, problems", "staff:credit", credit("in review", "staff"), "renee", act=send("#decide"), status=422, labels=STAFF),
    Visit("staff credit, own pro", "staff:credit", credit("in review", "staff"), "staff", labels=(*STAFF, "Not yours to decide")),
    Visit("staff credit, appeal", "staff:credit", credit("appealed", "staff"), "renee", labels=(*STAFF, "Somebody else hears the appeal.")),
    Visit("staff credit, decided", "staff:credit", credit("granted", "staff"), "renee", labels=(*STAFF, "Evidence as it stood then")),
    Visit("staff file", "staff:file", filing("doubtful"), "renee", labels=(*STAFF, "Send request for $")),
    Visit("staff file, problems", "staff:file", filing("doubtful"), "renee", act=send("#f"), status=422, labels=STAFF),
    Visit("staff phoned", "staff:phoned", filing("phoned"), "renee", act=press("Keep the time"), labels=(*STAFF, "Noted by Renee Okafor")),
    Visit("staff reviews", "staff:reviews", "/staff/reviews/", "staff", act=unfold, labels=(*STAFF, "Take down", "Taken down by the")),
    Visit("staff review, no reason", "staff:review", "/staff/reviews/", "staff", act=send("main details form"), status=422, labels=STAFF),
    Visit("staff checks", "staff:checks", checks_of("owner"), "staff", labels=(*STAFF, "Record a check", "Ended")),
    Visit("staff checks, problems", "staff:checks", checks_of("owner"), "staff", act=press("Record it"), status=422, labels=STAFF),
    Visit("staff checks, withdrawn", "staff:withdraw_check", checks_of("owner"), "staff", act=press(re.compile("^Withdraw")), labels=STAFF),
    Visit("why, of nothing", "staff:why", "/staff/leads/00000000-0000-7000-8000-000000000000/", "staff", status=404),
]

# Routes that are no pages: (route, address, what it is). One request each says that they answer.
FILES = [
    ("homeowners:photo", lambda market: f"/photos/{market.photo}.webp", "", "image/webp"),
    ("livez", "/livez", "", "text/plain"),
    ("readyz", "/readyz", "", "text/plain"),
    ("brand", "/t/craftyard/brand.css", "", "text/css"),
    ("pros:statement_csv", "/pro/billing/statement.csv", "owner", "text/csv"),
    ("pros:analytics_csv", "/pro/analytics/performance.csv", "owner", "text/csv"),
    (
        "homeowners:job_photo",
        lambda market: f"/request/{market.token('two seats')}/photos/{market.job_photo('two seats')}/",
        "",
        "image/webp",
    ),
    (
        "staff:photo",
        lambda market: f"/staff/leads/{market.leads['hired'].pk}/photos/{market.job_photo('hired')}/",
        "staff",
        "image/webp",
    ),
    (
        "pros:photo",
        lambda market: f"/pro/leads/{market.match('hired', 'charge0').pk}/photos/{market.job_photo('hired')}/",
        "charge0",
        "image/webp",
    ),
]
