"""The Lead Manager where leads are offered."""

from tests.browser.pages.visit import Visit, send, team_of, unfold

OFFERS = ("Leads", "Offers", "Statement", "My Account")


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


VISITS = [
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
]
