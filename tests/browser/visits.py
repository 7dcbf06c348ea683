"""What everybody does on the site, whoever they are."""

from tests.browser.market import PASSWORD


def see(page, *words):
    """Wait until a page shows all of these words."""
    for each in words:
        page.get_by_text(each).locator("visible=true").first.wait_for()


def letters(page, market, to):
    """The outbox of one address."""
    page.goto(market.site.url(f"/dev/outbox/?to={to.replace('+', '%2B')}"))
    return page.locator(".outbox > li")


def link(mail, path):
    """Where the link of a mail leads that begins with this path."""
    return mail.locator(f'a[href*="{path}"]').first.get_attribute("href")


def sign_in(page, email, password=PASSWORD):
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
