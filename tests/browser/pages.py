"""Every page of the site, in every state worth looking at: where it is, who opens it, what is done there, what it must say.

A row is one visit. `path` is where it begins (of the market, when it is a function), `act` what is then done; some request of the
visit goes to `route`. `labels` are exact words the page shows (design system, 6).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

TABS = ("Leads", "Statement", "My Account")
ACCOUNT = ("My Account", "Profile", "Lead Purchase Settings", "Services and area", "Notices", "Team")
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
    page.fill("[name=budget]", "900")
    page.locator(".set .open").get_by_role("button", name="Save").click()
    page.get_by_text("This would raise spending").wait_for()


def count_area(page):
    page.fill("[name=all-zips]", "60614 60625 60618")
    page.locator("[name=all-zips]").blur()
    page.get_by_text("This covers more than what is saved").wait_for()


def save_a_wrong_area(page):
    page.fill("[name=all-zips]", "00000 abc")
    press("Save")(page)


def of(name, end=""):
    return lambda market: f"/request/{market.token(name)}/{end}"


def lead(name):
    return lambda market: f"/pro/leads/{market.match(name).pk}/"


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
    Visit("outbox", "dev:outbox", "/dev/outbox/"),
    Visit("outbox of nobody", "dev:outbox", "/dev/outbox/?to=nobody"),
    Visit("letter", "dev:letter", lambda market: f"/dev/outbox/{market.letter()}/", locked=True),
    # Homeowners.
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
    Visit("request, filled", "homeowners:request", of("filled"), labels=("Stop all contact",)),
    Visit("request, open", "homeowners:request", of("open"), labels=("Stop all contact",)),
    Visit("request, stopped", "homeowners:request", of("stopped")),
    Visit("request, asking", "homeowners:stop", of("open"), act=ask_to_stop, labels=("Yes, stop", "Keep")),
    Visit("request, stop", "homeowners:stop", of("open", "stop/"), labels=("Yes, stop", "Keep")),
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
    Visit("inbox, menu", "pros:leads", "/pro/leads/", "owner", act=open_menu, labels=TABS),
    Visit("lead", "pros:lead", lead("filled"), "owner", act=unfold, labels=(*TABS, "AutoMatch", "You pay")),
    Visit("lead, withdrawn", "pros:lead", lead("withdrawn"), "owner", labels=(*TABS, "AutoMatch", "Closed by the homeowner")),
    Visit("lead of others", "pros:lead", lead("filled"), "newcomer", status=404),
    Visit("statement", "pros:statement", "/pro/billing/", "owner", labels=(*TABS, "AutoMatch")),
    Visit("statement, empty", "pros:statement", "/pro/billing/", "newcomer", labels=TABS),
    Visit("statement, not open", "pros:statement", "/pro/billing/", "member", status=403, labels=("Leads", "My Account")),
    Visit("account", "pros:account", "/pro/account/", "owner", labels=ACCOUNT),
    Visit("account, problems", "pros:account", "/pro/account/", "owner", act=fill(name="", phone="12"), status=422, labels=ACCOUNT),
    Visit("password", "pros:password", "/pro/account/password/", "owner", labels=ACCOUNT),
    Visit("settings", "pros:purchase_settings", SETTINGS, "owner", labels=(*ACCOUNT, "Receive Choice Match Leads")),
    Visit("settings, edit", "pros:purchase_setting", SETTINGS, "owner", act=edit("Receive Choice Match Leads"), labels=("Save", "Cancel")),
    Visit("setting", "pros:purchase_setting", f"{SETTINGS}receiving-hours/", "owner", labels=ACCOUNT),
    Visit("setting, wrong", "pros:purchase_setting", f"{SETTINGS}budget-cap/", "owner", act=set_wrongly, refused=422, labels=ACCOUNT),
    Visit(
        "setting, refused", "pros:purchase_setting", f"{SETTINGS}budget-cap/", "member", act=raise_by_a_member, refused=422, labels=ACCOUNT
    ),
    Visit("area", "pros:area", "/pro/account/services-and-area/", "owner", act=unfold, labels=ACCOUNT),
    Visit("area, counting", "pros:area", "/pro/account/services-and-area/", "owner", act=count_area, labels=ACCOUNT),
    Visit("area, empty", "pros:area", "/pro/account/services-and-area/", "newcomer", labels=ACCOUNT),
    Visit("area, problems", "pros:area", "/pro/account/services-and-area/", "owner", act=save_a_wrong_area, status=422, labels=ACCOUNT),
    Visit("notices", "pros:notices", "/pro/account/notices/", "owner", labels=ACCOUNT),
    Visit("team", "pros:team", "/pro/account/team/", "owner", labels=ACCOUNT),
    Visit("team, seen by a member", "pros:team", "/pro/account/team/", "member", labels=ACCOUNT),
    Visit(
        "team, sent again", "pros:invitation", "/pro/account/team/", "owner", act=press(re.compile("^Send again.*books@")), labels=ACCOUNT
    ),
    Visit("team member", "pros:team_member", team_of("owner", "leaving"), "owner", labels=ACCOUNT),
    Visit("leaving", "pros:team_member", team_of("leaving", "leaving"), "leaving", labels=ACCOUNT),
]

# Routes that are no pages: (route, address, what it is). One request each says that they answer.
FILES = [
    ("livez", "/livez", "", "text/plain"),
    ("readyz", "/readyz", "", "text/plain"),
    ("brand", "/t/craftyard/brand.css", "", "text/css"),
    ("pros:statement_csv", "/pro/billing/statement.csv", "owner", "text/csv"),
]
