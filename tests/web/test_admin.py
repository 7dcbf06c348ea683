"""The admin: quick lists, pages that tell everything, no door to another marketplace, no 500 (INVARIANTS 30, "Bad input")."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Member, Pro, ProState, User
from billing.models import Charge, Transfer
from catalog.models import Zip
from core.models import Event, Marketplace
from core.tenancy import scope
from leads.models import Consent, Decision, Lead, Match
from notifications.models import Message
from tests.world import Browser, build, session_of

pytestmark = pytest.mark.django_db
MODELS = [model for model in admin.site._registry if model is not Marketplace]
MAIN = [Lead, Match, Decision, Charge, Message, Event, Pro, Zip]
PASSWORD = "correct horse battery"
HUGE = "9" * 5000


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture
def side(world):
    return world[0]


@pytest.fixture
def staff(side):
    return Browser(side.host, side.sessions["staff"])


@pytest.fixture
def ops(db):
    """One of the platform's own staff."""
    return User.objects.create_user("ops@platform.example", PASSWORD, name="Ola Platform", is_staff=True)


@pytest.fixture
def platform(ops):
    return Browser("localhost", session_of(ops))


def address(model, *rest):
    return "/".join(["/admin", model._meta.app_label, model._meta.model_name, *map(str, rest), ""])


def ids(models):
    return [model._meta.label for model in models]


def first(side, model):
    with scope(side.marketplace):
        return model._default_manager.first()


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("model", MODELS, ids=ids(MODELS))
def test_lists_take_few_queries_and_pages_show_their_row(staff, side, model):
    with CaptureQueriesContext(connection) as queries:
        assert staff.get(address(model)).status_code == 200
    assert len(queries) <= 12
    row = first(side, model)
    assert staff.get(address(model, row.pk, "change")).status_code == 200
    assert staff.get(address(model, row.pk, "history")).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=ids(MODELS))
def test_nothing_is_written_but_by_use_cases(staff, side, model):
    row = first(side, model)
    adds = 200 if model is Pro else 403  # a company is brought in by a use case (accounts.enrolling)
    assert staff.get(address(model, "add")).status_code == adds
    assert staff.post(address(model, "add"), {}).status_code == adds
    assert staff.post(address(model, row.pk, "change"), {"name": "x"}).status_code == 403
    assert staff.post(address(model, row.pk, "delete"), {"post": "yes"}).status_code == 403
    assert staff.post(address(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}).status_code in (200, 302)
    assert first(side, model).pk == row.pk


def test_a_lists_length_does_not_change_its_queries(staff, side):
    counts = []
    staff.get(address(Event))  # the policy is read once a process
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            staff.get(address(Event))
        counts.append(len(queries))
        with scope(side.marketplace):
            Event.objects.bulk_create(Event(kind="x", subject="y", at=side.mine.lead.submitted_at) for _ in range(40))
    assert counts[0] == counts[1]


def test_the_page_of_a_lead_tells_its_whole_story(staff, side):
    page = text(staff.get(address(Lead, side.mine.lead.pk, "change")))
    for told in (side.mine.email, side.mine.street, side.one.name, side.match.code, "has a seat", "I agree that up to four pros",
                 "introduction", "new_lead", "lead.submitted", "Where is it?", "Owed"):  # fmt: skip
        assert told in page, told
    assert side.theirs.email not in page


def test_the_page_of_a_decision_shows_what_each_candidate_was_owed(staff, side):
    page = text(staff.get(address(Decision, first(side, Decision).pk, "change")))
    assert all(word in page for word in ("Entitled", "Received", "Owed", "has a seat", "Part of a seat", "1.000000"))


def test_the_page_of_a_pro_shows_its_state_and_members(staff, side):
    page = text(staff.get(address(Pro, side.one.pk, "change")))
    members = [side.users[name].email for name in ("owner", "member", "removed")]
    assert all(told in page for told in (*members, "Receives automatch", "Areas (service and cell)", "60614", "$600.00", "team.invited"))
    assert side.users["other"].email not in page


def test_the_page_of_a_charge_shows_its_transfers(staff, side):
    page = text(staff.get(address(Charge, side.match.pk, "change")))
    assert f"charge:{side.match.pk}" in page


def test_messages_do_not_say_what_they_said(staff, side):
    """Their links sign in, as long as they are not sent and forgotten."""
    with scope(side.marketplace):
        kept = Message.objects.filter(kind="invitation").first()
        assert "url" not in kept.context
        Message.objects.filter(pk=kept.pk).update(context={"url": "http://craftyard.localhost/pro/invitation/abc/"})
    assert "/pro/invitation/" not in text(staff.get(address(Message, kept.pk, "change")))


@pytest.mark.parametrize(
    ("model", "said", "found"),
    [
        (Lead, lambda side: side.mine.email, lambda side: side.mine.lead),
        (Lead, lambda side: side.mine.phone, lambda side: side.mine.lead),
        (Lead, lambda side: f"({side.mine.phone[2:5]}) {side.mine.phone[5:8]}-{side.mine.phone[8:]}", lambda side: side.mine.lead),
        (Lead, lambda side: side.mine.last.lower(), lambda side: side.mine.lead),
        (Lead, lambda side: str(side.mine.lead.pk), lambda side: side.mine.lead),
        (Lead, lambda side: "60614", lambda side: side.mine.lead),
        (Match, lambda side: side.match.code, lambda side: side.match),
        (Match, lambda side: side.one.name, lambda side: side.match),
        (Transfer, lambda side: f"charge:{side.match.pk}", None),
        (Event, lambda side: str(side.mine.lead.pk), None),
    ],
)
def test_what_staff_search_for_is_found(staff, side, model, said, found):
    results = staff.get(address(model), {"q": said(side)}).context["cl"].result_list
    assert len(results) >= 1
    if found:
        assert [row.pk for row in results] == [found(side).pk]


def test_people_of_another_marketplace_are_not_found(staff, world):
    for said in (world[1].mine.email, world[1].mine.phone, str(world[1].mine.lead.pk), world[1].mine.last):
        assert len(staff.get(address(Lead), {"q": said}).context["cl"].result_list) == 0


BAD = ["q=%00", "q=%ED%A0%80", "q=" + "a" * 5000, f"q={HUGE}", f"id={HUGE}", "p=9999999", f"p={HUGE}", "p=-1", "p=abc", "p=%00", "o=x.--9",
       "o=99", "state__exact=nonsense", "state__exact=%00", "test__exact=abc", "foo=bar", "id__in=1,x", "pk__regex=(", "pro=abc",
       f"pro={HUGE}", "lead=abc", "subject=%00", "subject=x", "homeowner__phone__startswith=1", "homeowner__password=x",
       "submitted_at__year=9999", "submitted_at__year=9999&submitted_at__month=12", "submitted_at__year=0", "submitted_at__year=abc",
       "submitted_at__month=13", "submitted_at__gte=x", "_to_field=password", "_to_field=%00", "all=", "e=1", "_facets=1", "_popup=1",
       "marketplace=1", "marketplace__slug=x", "_changelist_filters=%2500", "%00=1"]  # fmt: skip


@pytest.mark.parametrize("query", BAD, ids=lambda query: query[:30])
def test_nonsense_in_the_address_of_a_list_is_answered(staff, query):
    for model in MAIN:
        answer = staff.get(f"{address(model)}?{query}", follow=False)
        assert answer.status_code in (200, 302, 400), model
        if answer.status_code == 302:
            assert staff.get(answer["Location"]).status_code == 200


KEYS = ["0", "-1", HUGE, "9" * 25, "abc", "%00", "1%00", "a%2Fb", "00000000-0000-7000-8000-000000000000", "_5F", "%F0%28"]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key[:20])
def test_nonsense_instead_of_a_key_is_answered(staff, key):
    for model in MAIN:
        for page in ("change", "history", "delete"):
            assert staff.get(f"{address(model)}{key}/{page}/").status_code in (302, 400, 403, 404)


@pytest.mark.parametrize("keys", [[HUGE], ["9" * 19], ["abc"], ["1\0"], [""], ["-1", "1"], []], ids=lambda keys: str(keys)[:20])
def test_nonsense_in_an_action_is_answered(staff, keys):
    answer = staff.post(address(Pro), {"action": "suspend", "_selected_action": keys, "index": "x"})
    assert answer.status_code in (200, 302, 400)


ELSEWHERE = ["search/?s=lead&page=abc", "search/?s=%00", "search/?s=" + "x" * 3000, "jsi18n/?x=%00", "%00/", "leads/%00/", "r/1/abc/",
             "r/%00/1/", "autocomplete/?app_label=leads&model_name=lead&field_name=marketplace&term=%00", "login/?next=%00",
             "auth/group/", "nothing/"]  # fmt: skip


@pytest.mark.parametrize("path", ELSEWHERE)
def test_nonsense_elsewhere_in_the_admin_is_answered(staff, path):
    assert staff.get(f"/admin/{path}").status_code < 500


def test_an_action_reaches_only_rows_that_were_chosen_here(staff, world):
    here, there = world
    chosen = {"action": "suspend", "_selected_action": [there.one.pk, here.one.pk], "select_across": "1"}
    answer = staff.post(address(Pro), chosen, follow=True)
    assert answer.status_code == 200
    for side, pro, approved in ((here, here.one, False), (here, here.two, True), (there, there.one, True), (there, there.two, True)):
        with scope(side.marketplace):
            assert ProState.objects.get(pro=pro).approved is approved


# The platform's own host


@pytest.mark.parametrize("model", MODELS, ids=ids(MODELS))
def test_the_platform_has_nothing_of_tenants(platform, side, model):
    row = first(side, model)
    shown = 200 if model is User else 403
    assert platform.get(address(model)).status_code == shown
    for page in (("add",), (row.pk, "change"), (row.pk, "history"), (row.pk, "delete")):
        for answer in (platform.get(address(model, *page)), platform.post(address(model, *page), {"post": "yes"})):
            assert answer.status_code in ((302, 403) if model is User else (403,))
    assert row._meta.model_name == "user" or address(model) not in text(platform.get("/admin/"))


def test_the_platform_sees_its_own_users_alone(platform, ops, world):
    page = text(platform.get(address(User)))
    assert ops.email in page
    assert not any(user.email in page for side in world for user in side.users.values())
    assert platform.post(address(User), {"action": "send_new_password", "_selected_action": [ops.pk]}).status_code in (200, 302)


def test_the_platform_changes_a_marketplaces_name_and_brand(platform, ops, side):
    form = {"name": "Alder  Home\u200b", "tagline": "Four pros.", "colour_brand": "#0b6e4f", "colour_brand_dark": "#7fd8b4",
            "colour_on_brand": "#ffffff", "colour_on_brand_dark": "#06251a", "radius": "4", "logo_height": "26"}  # fmt: skip
    page = address(Marketplace, side.marketplace.pk, "change")
    assert text(platform.get(page)).count("colour_brand_dark") > 0
    assert platform.post(page, form).status_code == 302
    changed = Marketplace.objects.get(pk=side.marketplace.pk)
    assert (changed.name, changed.tagline) == ("Alder Home", "Four pros.")
    assert changed.brand == {"brand": "#0b6e4f", "brand_dark": "#7fd8b4", "on_brand_dark": "#06251a", "radius": 4}
    assert (changed.slug, changed.host) == (side.marketplace.slug, side.host)
    with scope(side.marketplace):
        event = Event.objects.get(kind="marketplace.changed")
        assert (event.actor, event.data) == (f"platform:{ops.pk}", {"changed": ["name", "tagline", "brand"]})
    assert LogEntry.objects.get().user_id == ops.pk


@pytest.mark.parametrize(
    "wrong",
    [{"colour_brand": "#ffff00"}, {"colour_brand": "red"}, {"radius": "99"}, {"radius": HUGE}, {"name": "\u200b\u200b"}, {"name": ""},
     {"logo_height": "x"}, {"tagline": "x" * 200}, {"colour_brand": "#00\0000"}],
    ids=str,
)  # fmt: skip
def test_a_brand_nobody_could_read_is_refused(platform, side, wrong):
    form = {"name": "Alder", "tagline": "", "colour_brand": "#0b6e4f", "colour_brand_dark": "#7fd8b4", "colour_on_brand": "#ffffff",
            "colour_on_brand_dark": "#06251a", "radius": "4", "logo_height": "26"} | wrong  # fmt: skip
    answer = platform.post(address(Marketplace, side.marketplace.pk, "change"), form)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors
    assert Marketplace.objects.get(pk=side.marketplace.pk).name == side.marketplace.name


def test_marketplaces_are_the_platforms_alone(staff, side):
    for page in (address(Marketplace), address(Marketplace, side.marketplace.pk, "change"), address(Marketplace, "add")):
        assert staff.get(page).status_code == 403
    assert address(Marketplace) not in text(staff.get("/admin/"))


# Who enters


def test_signing_in_is_for_staff_of_the_host(world, ops):
    here, there = world
    with scope(here.marketplace):
        staff = User.objects.create_user("ana@desk.example", PASSWORD, name="Ana Desk", is_staff=True)
        member = User.objects.create_user("joe@pro.example", PASSWORD, name="Joe Pro")
        Member.objects.create(user=member, pro=here.one, joined_at=here.mine.lead.submitted_at)
    for host, email, enters in (
        (here.host, staff.email, True),
        (there.host, staff.email, False),
        ("localhost", staff.email, False),
        (here.host, member.email, False),
        (here.host, ops.email, False),
        ("localhost", ops.email, True),
    ):
        browser = Client(HTTP_HOST=host)
        answer = browser.post("/admin/login/?next=/admin/", {"username": email, "password": PASSWORD})
        assert (answer.status_code == 302) is enters, (host, email)
        assert (browser.get("/admin/").status_code == 200) is enters


@pytest.mark.parametrize("host", ["alder", "localhost"])
def test_wrong_passwords_are_counted_there_too(side, ops, host):
    host = side.host if host == "alder" else host
    browser = Client(HTTP_HOST=host)
    said = {"username": ops.email, "password": "wrong"}
    for _ in range(10):
        assert browser.post("/admin/login/", said).status_code == 200
    assert browser.post("/admin/login/", said | {"password": PASSWORD}).status_code == 429
    other = side.host if host == "localhost" else "localhost"
    assert Client(HTTP_HOST=other).post("/admin/login/", said).status_code == 200


def test_staff_change_their_own_password(side, ops):
    with scope(side.marketplace):
        ana = User.objects.create_user("ana@desk.example", PASSWORD, name="Ana Desk", is_staff=True)
    for host, user in ((side.host, ana), ("localhost", ops)):
        browser, elsewhere = Browser(host, session_of(user)), Browser(host, session_of(user))
        said = {"old_password": PASSWORD, "new_password1": "x" * 300, "new_password2": "x" * 300}
        assert browser.post("/admin/password_change/", said).status_code == 200
        new = {"new_password1": "another horse battery", "new_password2": "another horse battery"}
        assert browser.post("/admin/password_change/", said | new).status_code == 302
        assert elsewhere.get("/admin/").status_code == 302
    with scope(side.marketplace):
        assert Event.objects.filter(kind="password.changed", subject=ana.subject).exists()


def test_djangos_own_tables_are_not_in_the_admin():
    assert {model._meta.app_label for model in admin.site._registry}.isdisjoint({"auth", "contenttypes", "sessions", "admin"})


def test_the_log_of_one_marketplace_is_not_anothers(world, ops):
    """Django's table names no marketplace: the database shows an entry where its user is shown."""
    kind = ContentType.objects.get_for_model(Pro)
    for side in world:
        with scope(side.marketplace):
            entry = {"content_type": kind, "object_id": str(side.one.pk), "action_flag": CHANGE}
            LogEntry.objects.create(user=side.users["staff"], object_repr=f"Log of {side.host}", **entry)
    LogEntry.objects.create(user=ops, object_repr="Log of ops", **entry)
    here, there = world
    with scope(here.marketplace):
        assert [entry.object_repr for entry in LogEntry.objects.all()] == [f"Log of {here.host}"]
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["Log of ops"]
    browser = Browser(here.host, here.sessions["staff"])
    index = text(browser.get("/admin/")) + text(browser.get(address(Pro, here.one.pk, "history")))
    assert f"Log of {here.host}" in index
    assert there.host not in index
    assert "Log of ops" not in index


def test_consent_is_shown_with_its_names(staff, side):
    page = text(staff.get(address(Consent, first(side, Consent).pk, "change")))
    assert "203.0.113.7" in page
    assert "I agree that up to four pros" in page
