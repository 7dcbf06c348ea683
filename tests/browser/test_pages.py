"""Every page in four renderings, phone and desk, light and dark, and every other state of it in two of them (design system, 5 and 10)."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import Resolver404, URLPattern, get_resolver, resolve

from tests.browser.chromium import DEVICES, Turned, Watch, visitor
from tests.browser.pages import FILES, VISITS

pytestmark = pytest.mark.browser
# Every rule of WCAG A and AA and of good practice; the size of targets, new in WCAG 2.2, has to be asked for.
AXE = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
IN_COLOUR = AXE | {"runOnly": ["color-contrast", "link-in-text-block"]}  # whatever else axe looks at is the same, light or dark
NARROW = 320
LIGHT, DARK = ("light", AXE), ("dark", IN_COLOUR)
FIRST = {visit.route: visit for visit in reversed(VISITS)}  # the first visit to each page

# Goes to every control as the Tab key would, and says which does not show it, or is hidden by a bar that sticks.
FOCUS = """() => {
    const ringed = (element, part) => {
        const style = getComputedStyle(element, part);
        return style.outlineStyle === "auto" || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
    };
    const name = (element) => element.outerHTML.slice(0, 120);
    const hidden = (element) => !element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    const bars = [...document.querySelectorAll(".top, .dock, .act")].filter((bar) => !hidden(bar));
    const wrong = [];
    for (const element of document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")) {
        if (element.disabled || element.tabIndex < 0 || element.type === "hidden" || hidden(element)) continue;
        element.focus();
        if (document.activeElement !== element) { wrong.push(`takes no focus: ${name(element)}`); continue; }
        const holder = element.closest(".pick");
        if (!(ringed(element) || ringed(element, "::after") || (holder && ringed(holder)))) wrong.push(`shows no focus: ${name(element)}`);
        const box = element.getBoundingClientRect();
        const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
        if (bars.some((bar) => bar.contains(seen) && !bar.contains(element))) wrong.push(`hidden by a bar: ${name(element)}`);
    }
    return wrong;
}"""

# Where the visit has led the focus, if that is out of the window.
IN_SIGHT = """() => {
    const element = document.activeElement;
    const box = element.getBoundingClientRect();
    return element === document.body || (box.bottom > 0 && box.top < innerHeight) ? [] : [element.outerHTML.slice(0, 120)];
}"""

# What is wider than the window, leaving out what scrolls by itself.
SIDEWAYS = """(width) => {
    if (document.documentElement.scrollWidth <= width) return [];
    const scrolls = (element) => element && (["auto", "scroll", "clip", "hidden"].includes(getComputedStyle(element).overflowX)
        || scrolls(element.parentElement));
    return [...document.querySelectorAll("body *")].filter((element) =>
        element.getBoundingClientRect().right > width + 1 && !scrolls(element)).map((element) => element.outerHTML.slice(0, 120));
}"""


def test_every_route_has_a_row():
    """A new page needs a row in tests/browser/pages: this test fails until it has one."""
    visited = {visit.route for visit in VISITS} | {row[0] for row in FILES}
    assert sorted(_routes(get_resolver().url_patterns) - visited) == []


@pytest.fixture(scope="package")
def visitors(browser, market):
    """The page of each person, and who watches it: cookies stay apart, sheets are fetched once and scripts read once. A page that nobody
    looks at shows nothing that asks for itself."""
    known, shown = {}, []

    def of(who="", *, allowed=(), **options):
        key = (who, *options)
        if key not in known:
            context = visitor(browser, "phone", **options)
            if who:
                market.enter(context, who)
            page = context.new_page()
            known[key] = page, Watch(page), Turned(page)
        page, watch, turned = known[key]
        while shown and shown[-1] is not page:
            shown.pop().goto("about:blank")
        shown[:] = [page]
        turned.hold("phone")
        page.emulate_media(color_scheme="light")
        watch.begin(allowed)
        return page, watch, turned

    yield of
    for page, *_others in known.values():
        page.context.close()


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_a_page_can_be_read_and_used_by_everybody(visit, market, visitors):
    """Opened on the phone, and then held as a desk: what a page answers does not depend on the window."""
    page, watch, turned = visitors(visit.who, allowed={visit.status, visit.refused})
    page.goto(visit.address(market))
    if visit.act:
        visit.act(page)
    assert watch.status == visit.status
    assert visit.route in {_route(path) for path in watch.asked}
    if visit.locked:
        assert watch.troubles == []
        page, _watch, turned = visitors(bypass_csp=True)
        page.goto(visit.address(market))
    assert page.evaluate(IN_SIGHT) == []
    for device in DEVICES:
        turned.hold(device)
        words = f"{page.title()} {page.inner_text('body')}"
        assert [label for label in visit.labels if label not in words] == [], device
        # In a window as long as the page nothing is under a bar that sticks, and all of it is measured.
        turned.hold(device, height=page.evaluate("document.documentElement.scrollHeight"))
        renderings = (LIGHT, DARK) if visit is FIRST[visit.route] else (LIGHT,) if device == "phone" else (DARK,)
        for scheme, rules in renderings:
            page.emulate_media(color_scheme=scheme)
            assert _barriers(page, rules) == [], (device, scheme)
        turned.hold(device)
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) == [], device
        turned.hold(device, width=NARROW, height=600)
        assert page.evaluate(SIDEWAYS, NARROW) == [], device
    assert watch.troubles == []


@pytest.mark.parametrize(("route", "path", "who", "kind"), FILES)
def test_what_is_no_page_answers(route, path, who, kind, market, visitors):
    path = path if isinstance(path, str) else path(market)
    assert _route(path) == route
    page, *_others = visitors(who)
    page.goto(market.site.url("/privacy/"))
    answer = page.evaluate("async (path) => { const a = await fetch(path); return [a.status, a.headers.get('content-type')] }", path)
    assert answer[0] == 200 and answer[1].startswith(kind)


def _barriers(page, rules) -> list[str]:
    """What axe finds: each rule that is broken, how often, and where first."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    broken = page.evaluate("async (options) => (await axe.run(options)).violations", rules)
    return [f"{rule['id']} x{len(rule['nodes'])}: {rule['nodes'][0]['html']} {rule['nodes'][0]['failureSummary']}" for rule in broken]


def _routes(patterns, before=""):
    """The names of all routes whose view stands under web/."""
    names = set()
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            names |= {before + pattern.name} if pattern.callback.__module__.startswith("web.") else set()
        elif pattern.namespace != "admin":  # drawn by unfold
            names |= _routes(pattern.url_patterns, before + (f"{pattern.namespace}:" if pattern.namespace else ""))
    return names


def _route(path):
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
