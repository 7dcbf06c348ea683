"""A third marketplace is set up in the admin alone: choice and offers, a flat price, three seats, a window of its own."""

import re

import pytest
from django.test import Client

from accounts.models import Invitation, Member, Pro, User
from billing.models import Terms
from catalog.models import Service
from core.models import Marketplace
from core.policy import read
from core.tenancy import scope
from leads.policy import Choice, Leads, OptIn
from notifications.models import Message

pytestmark = pytest.mark.django_db
HOST, PASSWORD = "northgate.localhost", "correct horse battery"
FOUNDING = {
    "name": "Northgate", "tagline": "Three pros, no more.", "slug": "northgate", "host": "", "preset": "opt_in", "zone": "America/Denver",
    "phone": "", "email": "help@northgate.example", "owner": "Mia Torres", "owner_email": "mia@northgate.example",
}  # fmt: skip


def filled(page, **changes):
    """What the form of an admin page sends, with `changes`."""
    form, said = page.context["adminform"].form, {}
    for bound in form:
        value, widget = bound.value(), bound.field.widget
        if hasattr(widget, "decompress"):
            said |= {f"{bound.html_name}_{n}": part for n, part in enumerate(widget.decompress(value))}
        elif value is True:
            said[bound.html_name] = "on"
        elif value is not None and value is not False:
            said[bound.html_name] = value
    return said | changes


def problems(answer):
    return {name: " ".join(sentences) for name, sentences in answer.context["adminform"].form.errors.items()}


@pytest.fixture
def platform(db):
    User.objects.create_user("ops@platform.example", PASSWORD, name="Ola Platform", is_staff=True)
    client = Client(HTTP_HOST="localhost")
    assert client.login(username="ops@platform.example", password=PASSWORD)
    return client


@pytest.fixture
def northgate(platform):
    answer = platform.post("/admin/core/marketplace/add/", FOUNDING)
    assert answer.status_code == 302, problems(answer)
    return Marketplace.objects.get(slug="northgate")


@pytest.fixture
def owner(northgate):
    """Mia, who runs it, after she has chosen her password by the link of the mail."""
    with scope(northgate):
        mail = Message.objects.get(kind="password_reset")
    assert mail.address == "mia@northgate.example"
    client = Client(HTTP_HOST=HOST)
    page = client.get(re.sub(r"^https?://[^/]+", "", mail.context["url"]), follow=True)
    answer = client.post(page.request["PATH_INFO"], {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302, answer.content
    client = Client(HTTP_HOST=HOST)
    assert client.post("/admin/login/", {"username": "mia@northgate.example", "password": PASSWORD}).status_code == 302
    return client


def test_it_is_founded_with_host_catalogue_terms_and_texts(northgate, platform):
    assert (northgate.host, northgate.preset, northgate.zone) == (HOST, "opt_in", "America/Denver")
    with scope(northgate):
        assert Service.objects.count() > 50 and Terms.objects.get().basis_points == 100
        assert User.objects.get().owns_marketplace
    assert Client(HTTP_HOST=HOST).get("/").status_code == 200
    again = platform.post("/admin/core/marketplace/add/", FOUNDING)
    assert again.status_code == 200 and set(problems(again)) == {"slug"}
    wrong = platform.post("/admin/core/marketplace/add/", FOUNDING | {"slug": "Ümlaut", "owner_email": "nobody", "zone": "Mars/Olympus"})
    assert set(problems(wrong)) == {"slug", "owner_email", "zone"}


def test_its_numbers_are_published_as_a_version(owner, northgate):
    page = owner.get("/admin/core/policyversion/add/")
    said = filled(
        page, leads__lead_types="choice, opt_in", leads__seats="3", choice__window="1200", choice__remind="900", choice__longest="2400"
    )
    answer = owner.post("/admin/core/policyversion/add/", said)
    assert answer.status_code == 302, problems(answer)
    northgate.refresh_from_db()
    with scope(northgate):
        assert (read(Leads).lead_types, read(Leads).seats, read(Choice).window) == (["choice", "opt_in"], 3, 1200)
        assert read(OptIn).delays == [900, 600, 300, 0]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("leads__seats", "5", "never goes to more than four pros"),
        ("leads__lead_types", "choice, raffle", "Choose among automatch, choice and opt_in."),
        ("leads__retry_seconds", "300, soon", "Enter whole numbers"),
        ("choice__remind", "99999", "before the window ends"),
        ("opt_in__delays", "0, 300", "a higher tier never waits longer"),
        ("opt_in__early_seats", "-1", "Enter 0 or more."),
        ("contact__hours", "{", "Enter a valid JSON."),
        ("contact__hours", "", "do not fit together"),
        ("contact__hours", '{"any": [20, 8], "evenings": [17, 20], "message_first": [8, 20]}', "from 0 to 24"),
        ("contact__hours", '{"any": 8}', "from 0 to 24"),
        ("memberships__tiers", '[{"name": "Silver", "price": "29 dollars"}]', "a price in whole cents"),
        ("memberships__tiers", "[1]", "do not fit together"),
        ("memberships__tiers", '[{"nmae": "Silver", "price": 2900}]', "do not fit together"),
        ("memberships__tiers", '{"a": 1}', "do not fit together"),
    ],
)
def test_a_slip_is_said_at_the_number_and_nothing_is_published(owner, northgate, name, value, sentence):
    page = owner.get("/admin/core/policyversion/add/")
    answer = owner.post("/admin/core/policyversion/add/", filled(page, **{name: value}))
    assert answer.status_code == 200 and sentence in problems(answer)[name]
    northgate.refresh_from_db()
    assert northgate.policy_version == 1


def test_its_prices_are_announced(owner, northgate):
    page = owner.get("/admin/billing/terms/add/")
    said = filled(
        page,
        effective_from_0="2026-01-01", effective_from_1="00:00:00", pricing="flat", discount="20", minutes="30", hours="720",
        **{"price__water-heater": "31.50"},
    )  # fmt: skip
    answer = owner.post("/admin/billing/terms/add/", said)
    assert answer.status_code == 302, problems(answer)
    with scope(northgate):
        terms = Terms.objects.get(version=2)
        assert (terms.pricing, terms.prices, terms.discount_bp) == ("flat", {"water-heater": 3150}, 2000)
        assert (terms.discount_seconds, terms.claim_seconds) == (1_800, 2_592_000)
    none = owner.post("/admin/billing/terms/add/", said | {"price__water-heater": "", "hours": "0"})
    assert set(problems(none)) == {"__all__", "hours"}


def test_a_company_is_brought_in_and_its_owner_invited(owner, northgate):
    page = owner.get("/admin/accounts/pro/add/")
    with scope(northgate):
        service = Service.objects.get(code="water-heater").pk
    said = filled(page, name="Mesa Plumbing", zip="80202", miles="20", services=[service], owner_email="ann@mesa.example")
    answer = owner.post("/admin/accounts/pro/add/", said)
    assert answer.status_code == 302, problems(answer)
    with scope(northgate):
        pro = Pro.objects.get()
        assert (pro.place, pro.zone, pro.account_manager.name) == ("Denver", "America/Denver", "Mia Torres")
        assert Invitation.objects.get().role == Member.Role.OWNER
    for name, value in (("zip", "00000"), ("owner_email", "x"), ("miles", "9999"), ("services", [])):
        wrong = owner.post("/admin/accounts/pro/add/", said | {name: value})
        assert wrong.status_code == 200 and problems(wrong), name
    with scope(northgate):
        assert Pro.objects.count() == 1


def test_only_who_runs_it_publishes(northgate):
    with scope(northgate):
        clerk = User.objects.create_user("clerk@northgate.example", PASSWORD, name="Cy Clerk", is_staff=True)
    client = Client(HTTP_HOST=HOST)
    assert client.post("/admin/login/", {"username": clerk.email, "password": PASSWORD}).status_code == 302
    for address in ("core/policyversion", "billing/terms"):
        assert client.get(f"/admin/{address}/add/").status_code == 403
        assert client.post(f"/admin/{address}/add/", {}).status_code == 403
    assert client.get("/admin/accounts/pro/add/").status_code == 200
