"""What one visit of a page is, and what is done on many of them."""

from collections.abc import Callable
from dataclasses import dataclass

TABS = ("Leads", "Statement", "My Account")


@dataclass(frozen=True)
class Visit:
    """`path` is where it begins (of the market, when it is a function), `act` what is then done; some request of the visit goes to `route`.
    `labels` are exact words the page shows (design system, 6)."""

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


def open_menu(page):
    page.locator(".menu summary").click()


def of(name, end=""):
    return lambda market: f"/request/{market.token(name)}/{end}"


def credit(name, area="pro"):
    """The page of a credit request, of its pro or of staff."""
    return lambda market: f"/{area}/credits/{market.credits[name].pk}/"


def choose(words, then):
    """Choose one of the large targets, and wait for what comes of it."""

    def act(page):
        page.get_by_role("radio", name=words).check()
        page.get_by_text(then).first.wait_for()

    return act


def team_of(who, of):
    from web.pros.team import reference

    return lambda market: f"/pro/account/team/members/{reference(market.members[of])}/"
