"""My Account: company, settings, area, team, membership."""

import re

from tests.browser.pages.visit import TABS, Visit, fill, press, team_of, unfold

ACCOUNT = ("My Account", "Profile", "Company", "Lead Purchase Settings", "Services and area", "Notices", "Team")
MEMBERSHIP = "/pro/account/membership/"
MEMBER = (*ACCOUNT, "Membership", "What it never does", "How it is charged")
SETTINGS = "/pro/account/lead-purchase-settings/"


def edit(label):
    def act(page):
        page.get_by_role("link", name=re.compile(f"^Edit.*{label}$")).click()
        page.locator(".set .open").get_by_role("button", name="Save").wait_for()

    return act


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


def priced_wrongly(page):
    """A page on which another price stands than the one in force."""
    page.eval_on_selector("main form:has([name=monthly]) [name=monthly]", "field => { field.value = '1' }")
    press(re.compile("^Buy Silver"))(page)


VISITS = [
    Visit("add a service", "pros:add_service", "/pro/services/tub-to-shower/add/", "owner", labels=("Add this service, $25.00 a lead",)),
    Visit("add a service, not me", "pros:add_service", "/pro/services/tub-to-shower/add/", "member", labels=("can add it",)),
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
]
