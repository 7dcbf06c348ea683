"""No request as one pro, homeowner or marketplace reads, changes or infers anything of another (INVARIANTS 30, 32, 33).

Every route of the resolver, every method, every viewer; what is expected stands in tests/routes.py.
"""

import re
from datetime import UTC, datetime
from itertools import product
from urllib.parse import unquote

import pytest
import time_machine
from django.db import transaction

from accounts.models import Coverage, Member, ProService, ProState, User
from core.tenancy import scope
from notifications.models import Preference
from tests.routes import ADMIN_SIGN_IN, IN, METHODS, ROWS, SIGN_IN, VIEWERS, address, on_platform, routes
from tests.world import Browser, build, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture(autouse=True)
def _clock_stands_still():
    """Two answers to the same question are the same."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture(scope="module")
def here(world):
    return world[0]


@pytest.fixture(scope="module")
def there(world):
    return world[1]


@pytest.fixture(scope="module")
def browsers(here, there):
    """A browser of each viewer, at the host of `here`."""
    sessions = {name: here.sessions[name] for name in ("owner", "member", "removed", "other", "staff")}
    sessions |= {"foreign": there.sessions["owner"], "foreign_staff": there.sessions["staff"]}
    return {viewer: Browser(here.host, sessions.get(viewer, "")) for viewer in VIEWERS}


def ask(browser, method, path, body=None):
    """The answer to a request that leaves nothing behind."""
    with transaction.atomic():
        if method == "POST":
            answer = browser.post(path, body or {})
        else:
            answer = browser.generic(method, path)
        transaction.set_rollback(True)
    return answer


def outcome(answer):
    """What became of a request: "in", sent to sign in, or refused with a status."""
    if answer.status_code == 302:
        to = answer["Location"].split("?")[0]
        return {"/pro/sign-in/": SIGN_IN, "/admin/login/": ADMIN_SIGN_IN}.get(to, IN)
    if answer.status_code in (403, 404, 405):
        return answer.status_code
    assert answer.status_code < 500
    return IN


def readable(answer):
    """Everything an answer says."""
    return answer.content.decode(errors="replace").replace("<wbr>", "") + str(dict(answer.headers))


def secrets(here, there, viewer, row):
    """What `viewer` must not read in the answers of `row`."""
    hidden = set(_all_of(there))
    if "mine" not in row.shows:
        hidden |= set(here.mine.secrets)
    if "theirs" not in row.shows:
        hidden |= set(here.theirs.secrets)
    if viewer != "staff" and "one" not in row.shows and viewer not in ("owner", "member"):
        hidden.add(here.one.name)
    if viewer != "staff" and "two" not in row.shows and viewer != "other":
        hidden.add(here.two.name)
    return hidden


def _all_of(side):
    yield from (*side.mine.secrets, *side.theirs.secrets, side.one.name, side.two.name, side.marketplace.name, side.host)
    yield from (user.email for user in side.users.values())
    yield from map(str, (side.mine.lead.pk, side.theirs.lead.pk, side.match.pk, side.other_match.pk))


def test_the_markers_can_be_read_where_they_may_be(here, browsers):
    """Else their absence elsewhere would say nothing."""
    page = readable(browsers["staff"].get(f"/admin/leads/lead/{here.mine.lead.pk}/change/"))
    assert all(secret in page for secret in (here.mine.last, here.mine.phone, here.mine.email, here.mine.street, here.one.name))
    page = readable(browsers["owner"].get(f"/pro/leads/{here.match.pk}/"))
    assert f"Dana {here.mine.last[0]}." in page
    page = readable(browsers["holder"].get(f"/request/{here.theirs.token}/"))
    assert here.two.name in page


def test_every_route_is_in_the_table_and_nothing_else_is():
    known = routes()
    assert sorted(set(known) - set(ROWS)) == [], "routes in no row of tests/routes.py"
    assert sorted(set(ROWS) - set(known)) == [], "rows of no route"
    assert len(known) == len(set(known))


@pytest.mark.parametrize("route", ROWS)
def test_who_gets_in_and_what_they_read(route, here, there, browsers):
    row, path = ROWS[route], address(route, here)
    wrong, told, answers = [], [], {}
    for viewer, browser in browsers.items():
        hidden = secrets(here, there, viewer, row)
        for method in METHODS:
            sent = (browser.session_key, method)  # the anonymous and the holder of another link send the same
            answer = answers.get(sent) or answers.setdefault(sent, ask(browser, method, path, row.body))
            if outcome(answer) != row.expected(method, viewer):
                wrong.append((method, viewer, outcome(answer), row.expected(method, viewer)))
            said = readable(answer)
            told += [(method, viewer, secret) for secret in hidden if secret in said]
    assert wrong == []
    assert told == []


STRANGE = [route for route, row in ROWS.items() if row.strangers]


@pytest.mark.parametrize("route", STRANGE)
def test_a_strange_thing_and_a_missing_one_answer_the_same(route, here, there, browsers):
    row = ROWS[route]
    paths = ["/" + path for path in row.strangers(here, there)]
    viewers, methods = (["staff"], ["GET", "POST"]) if row.in_admin else (["owner", "staff", "anonymous"], row.methods)
    for viewer, method in product(viewers, methods):
        answers = [ask(browsers[viewer], method, path, row.body) for path in paths]
        first = plain(answers[0], paths[0])
        for answer, path in zip(answers[1:], paths[1:], strict=True):
            assert plain(answer, path) == first, (method, viewer, path)
        if row.viewers[viewer] == IN:
            assert outcome(answers[0]) in (403, 404, 405) or answers[0].status_code == 302


def plain(answer, path):
    """An answer without what differs from one request to the next: the address asked for, and tokens."""
    said = answer.content.decode(errors="replace").replace("<wbr>", "")
    for part in sorted({path, *path.strip("/").split("/")}, key=len, reverse=True):
        if len(part) > 2:
            said = re.sub(rf"(?<![\w#]){re.escape(part)}(?!\w)", "#", said)
    said = re.sub(r'csrf[^>]*value="[^"]*"|"x-csrftoken": "[^"]*"', "", said)
    location = answer.get("Location", "")
    return answer.status_code, "#" if path in unquote(location) else location, said


@pytest.mark.parametrize("route", ROWS)
def test_the_platforms_host_has_nothing_of_marketplaces(route, here, there):
    ops = User.objects.create_user("ops@platform.example", "x", name="Ola Platform", is_staff=True)
    path = address(route, here)
    public = {side.marketplace.name for side in (here, there)} | {side.host for side in (here, there)}
    hidden = {secret for side in (here, there) for secret in _all_of(side)} - public - set(path.split("/"))
    for viewer, session in (("nobody", ""), ("tenant", here.sessions["staff"]), ("platform", session_of(ops))):
        browser = Browser("localhost", session)
        for method in METHODS:
            answer = ask(browser, method, path, ROWS[route].body)
            assert outcome(answer) == on_platform(route, method, viewer), (method, viewer)
            said = readable(answer)
            assert not [secret for secret in hidden if secret in said], (method, viewer)


# What cannot be read must not be found either


@pytest.mark.parametrize("viewer", ["owner", "other"])
def test_the_inbox_finds_only_what_its_pro_can_see(here, there, browsers, viewer):
    def found(words):
        answer = browsers[viewer].get("/pro/leads/", {"q": words})
        return answer.context["page"].rows

    assert len(found("Dana")) == 1
    for person in (here.mine, here.theirs, there.mine):
        for secret in (*person.secrets, person.last[:4], person.phone[-4:], person.email.split("@")[0], person.street.split()[0]):
            assert found(secret) == [], secret
    mine, theirs = (here.match, here.other_match) if viewer == "owner" else (here.other_match, here.match)
    assert len(found(mine.code)) == 1
    assert found(theirs.code) == found(there.match.code) == []


@pytest.mark.parametrize("viewer", ["owner", "other"])
def test_counts_statements_and_files_hold_only_what_is_ones_own(here, browsers, viewer):
    own, others = (here.match, here.other_match) if viewer == "owner" else (here.other_match, here.match)
    inbox = browsers[viewer].get("/pro/leads/")
    assert {chip["name"]: chip["count"] for chip in inbox.context["chips"]}["All"] == 1
    file = browsers[viewer].get("/pro/billing/statement.csv", {"period": own.charge.period}).content.decode()
    assert own.code in file
    assert others.code not in file


def test_what_a_pro_changes_is_its_own(here, there, browsers):
    """The ids that forms carry are looked up among one's own."""
    browser = browsers["other"]
    before = _picture(here), _picture(there)
    for path, body in (
        ("/pro/account/team/", {"email": here.users["owner"].email, "role": "owner"}),
        ("/pro/account/services-and-area/", {"services": ["water-heater"], "all-zips": "60614", "pro": here.one.pk}),
        ("/pro/account/notices/", {"recipient": here.users["owner"].member.subject}),
        ("/pro/account/", {"name": "Dana New", "phone": "", "user": here.users["owner"].pk, "pro": here.one.pk}),
    ):
        assert browser.post(path, body).status_code in (200, 302, 422)
    assert _picture(here) == before[0]
    assert _picture(there) == before[1]


def _picture(side):
    """Pro one and its people as the database has them."""
    with scope(side.marketplace):
        members = Member.objects.filter(pro=side.one)
        wanted = Preference.objects.filter(recipient__in=[each.subject for each in members])
        of_pro = [model.objects.filter(pro=side.one) for model in (ProState, Coverage, ProService)]
        return [list(found.order_by("pk").values()) for found in (members, User.objects.filter(member__pro=side.one), wanted, *of_pro)]
