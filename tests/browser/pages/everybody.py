"""The platform, what stands when something is wrong, and the outbox and telephones of a development site."""

from tests.browser.pages.visit import Visit, press


def dial(page):
    """Dial a masked number: the caller's telephone is in use."""
    page.fill("[name=to]", page.locator("#ours option").first.get_attribute("value"))
    press("Dial")(page)
    page.get_by_role("button", name="Hang up").first.wait_for()


VISITS = [
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
]
