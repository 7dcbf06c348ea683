"""Signing in, and the Lead Manager: inbox, leads, statement, analytics."""

from tests.browser.pages.visit import TABS, Visit, fill, open_menu, press, send, unfold

ANALYTICS = ("Analytics", "Response rate", "Time to first contact", "Win rate", "From lead to job", "By lead type", "By service")
CALL = (
    "Dial this number",
    "Then enter the PIN",
    "Call Lead Within 30 Minutes",
    "Follow Up That Week",
    "Send An Email",
    "AutoMatch",
    "You pay",
)


def sign_out(page):
    open_menu(page)
    press("Sign out")(page)


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


def lead(name, who="owner"):
    return lambda market: f"/pro/leads/{market.match(name, who).pk}/"


VISITS = [
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
    Visit("start", "pros:start", "/pro/", "owner"),
    Visit("inbox", "pros:leads", "/pro/leads/", "owner", labels=(*TABS, "AutoMatch", "Choice Match")),
    Visit("inbox, searched", "pros:leads", "/pro/leads/?q=nothing", "owner", labels=TABS),
    Visit("inbox, empty", "pros:leads", "/pro/leads/", "newcomer", labels=TABS),
    Visit("inbox, archived", "pros:leads", "/pro/leads/?show=archived", "owner", labels=(*TABS, "Archived")),
    Visit("inbox, follow up", "pros:leads", "/pro/leads/?show=follow-up", "owner", labels=(*TABS, "Follow up")),
    Visit("inbox, menu", "pros:leads", "/pro/leads/", "owner", act=open_menu, labels=TABS),
    Visit("lead, chosen", "pros:lead", lead("chosen"), "owner", labels=("Choice Match", "The homeowner picked you", "CM-")),
    Visit("lead, confirmed", "pros:lead", lead("confirmed"), "owner", labels=("Phone confirmed",)),
    Visit("lead, hired", "pros:lead", lead("hired", "charge0"), "charge0", labels=("says that it hired you", "Shown to you alone")),
    Visit("lead, not hired", "pros:lead", lead("hired", "charge1"), "charge1", labels=("hired another pro",)),
    Visit("lead, warned", "pros:lead", lead("silent", "charge1"), "charge1", labels=("Nobody has called yet.",)),
    Visit("lead, replaced", "pros:lead", lead("replaced", "charge1"), "charge1", labels=("The homeowner replaced you",)),
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
]
