"""The pages of staff."""

import re
from urllib.parse import urlencode

from tests.browser.pages.visit import Visit, choose, credit, open_menu, press, send, unfold

STAFF = ("Staff", "Leads", "Credits", "Reviews", "Unlisted", "Admin")


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


def checks_of(who):
    return lambda market: f"/staff/pros/{market.members[who].pro.public_id}/checks/"


def filing(name):
    return lambda market: f"/staff/credits/for/{market.match(name, 'claimant').pk}/"


def another_rule(page):
    """Refuse by another rule: the draft follows."""
    page.get_by_role("radio", name="Refuse").check()
    page.select_option("[name=refuse_rule]", "hired_other")
    page.get_by_text("Something that was wrong with the lead itself would help.").wait_for()


VISITS = [
    Visit("staff, unlisted", "staff:unlisted", "/staff/unlisted/", "staff", act=unfold, labels=(*STAFF, "Make a service of it")),
    Visit("staff, unlisted, wrong", "staff:wish", "/staff/unlisted/", "staff", act=add_nothing, status=422, labels=STAFF),
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
