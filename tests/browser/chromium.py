"""The system's Chromium, without a screen and without calls home, and what a page may not do in it."""

import os
import shutil
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

MISSING = "Chromium is not installed: apt-get install chromium"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DEVICES = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "desk": {"viewport": {"width": 1280, "height": 900}},
}
PATIENCE = 30_000  # milliseconds
TELL_OF_VIOLATIONS = """
    document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`CSP: ${event.violatedDirective} blocked ${event.blockedURI} in ${event.sourceFile}:${event.lineNumber}`))
"""


def path() -> str | None:
    return shutil.which("chromium")


@contextmanager
def chromium():
    """A running browser. While it runs, Django lets this thread use the database: playwright keeps an event loop in it."""
    root = os.geteuid() == 0  # whom Chromium refuses its sandbox
    former = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path(), args=list(QUIET), chromium_sandbox=not root)
            yield browser
            browser.close()
    finally:
        if former is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
        else:
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = former


def visitor(browser, device, **options):
    """A visitor with a device and cookies of its own. Nothing moves by itself: what is measured stays where it is."""
    context = browser.new_context(**DEVICES[device], locale="en-US", timezone_id="America/Chicago", reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(TELL_OF_VIOLATIONS)
    return context


class Turned:
    """A page that can be held as one device and as another without being asked for anew."""

    def __init__(self, page):
        self.page, self.session = page, page.context.new_cdp_session(page)

    def hold(self, device, **size):
        """As `device`; in a window of another `width` or `height`, where one is given."""
        mobile = DEVICES[device].get("is_mobile", False)
        self.session.send(
            "Emulation.setDeviceMetricsOverride", {**DEVICES[device]["viewport"], **size, "mobile": mobile, "deviceScaleFactor": 1}
        )
        self.session.send("Emulation.setTouchEmulationEnabled", {"enabled": mobile})


class Watch:
    """Writes down what goes wrong in a page while somebody looks at it: `troubles`. Refusals that belong to the story are in `allowed`."""

    def __init__(self, page, allowed=()):
        self.page = page
        self.begin(allowed)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def begin(self, allowed=()):
        """A story begins in which nothing has gone wrong yet."""
        self.allowed = {200, 204, 301, 302, 304, *allowed}
        self.troubles = []
        self.asked = []  # the paths of all requests
        self.status = None  # of the page itself

    def _said(self, message):
        # Refused answers are judged below, by their status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.troubles.append(f"console: {message.text}")

    def _request(self, request):
        url = urlsplit(request.url)
        self.asked.append(url.path)
        if url.scheme in ("http", "https") and url.netloc != urlsplit(self.page.url).netloc and not request.is_navigation_request():
            self.troubles.append(f"another host: {request.url}")

    def _failed(self, request):
        if request.failure != "net::ERR_ABORTED":  # whoever goes on to the next page breaks off what was under way
            self.troubles.append(f"failed: {request.url} {request.failure}")

    def _response(self, response):
        if response.request.is_navigation_request():
            self.status = response.status
        if response.status not in self.allowed:
            self.troubles.append(f"{response.status}: {response.url}")
