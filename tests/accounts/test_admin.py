"""Staff look at pros in the admin; what they can do there are use cases (DESIGN 10)."""

import pytest
from django.test import Client

from accounts.models import Invitation, Member, Pro, ProState, User
from core.models import Event, Marketplace
from core.tenancy import scope
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db
MODELS = {"pro": Pro, "prostate": ProState, "member": Member, "user": User, "invitation": Invitation}


@pytest.fixture
def renee(marketplace):
    return User.objects.create_user("renee@craftyard.example", "correct horse battery", name="Renee Okafor", is_staff=True)


@pytest.fixture
def browser(renee):
    client = Client(HTTP_HOST="craftyard.localhost")
    client.force_login(renee, backend="accounts.sign_in.MarketplaceBackend")
    return client


@pytest.fixture
def pro(marketplace, now):
    from accounts import team

    pro = a_pro("Prairie State Plumbing")
    owner = a_member(pro)
    team.invite(pro, email="joy@prairie.example", role="member", by=owner, now=now)
    return pro


@pytest.mark.parametrize("name", MODELS)
def test_lists_and_pages_are_there_to_look_at(browser, pro, name):
    row = MODELS[name].objects.first()
    assert browser.get(f"/admin/accounts/{name}/").status_code == 200
    assert browser.get(f"/admin/accounts/{name}/?q=prairie").status_code == 200
    assert browser.get(f"/admin/accounts/{name}/{row.pk}/change/").status_code == 200
    assert browser.get(f"/admin/accounts/{name}/add/").status_code == (200 if name == "pro" else 403)
    assert browser.post(f"/admin/accounts/{name}/{row.pk}/change/", {"name": "x"}).status_code == 403
    assert browser.post(f"/admin/accounts/{name}/{row.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("name", MODELS)
def test_secrets_are_not_shown(browser, pro, name):
    row = MODELS[name].objects.first()
    page = browser.get(f"/admin/accounts/{name}/{row.pk}/change/").content.decode()
    for secret in [user.password for user in User.objects.all()] + [one.token_hash for one in Invitation.objects.all()]:
        assert secret not in page


@pytest.mark.parametrize("name", MODELS)
def test_another_marketplaces_rows_do_not_exist(browser, name):
    with scope(Marketplace.objects.get(slug="hearthline")):
        foreign = a_pro("Foreign Roofing")
        a_member(foreign)
        pk = MODELS[name].objects.values_list("pk", flat=True).first() or 1
    missing = browser.get(f"/admin/accounts/{name}/{10**12}/change/")
    assert browser.get(f"/admin/accounts/{name}/{pk}/change/").status_code == missing.status_code == 302
    assert "Foreign" not in browser.get(f"/admin/accounts/{name}/").content.decode()


@pytest.mark.parametrize(
    ("action", "column", "value"),
    [
        ("suspend", "approved", False),
        ("approve", "approved", True),
        ("pause", "paused", True),
        ("opt_out_of_choice", "receives_choice", False),
    ],
)
def test_what_staff_do_on_a_pros_behalf(browser, renee, pro, action, column, value):
    ProState.objects.filter(pro=pro).update(approved=action != "approve")
    answer = browser.post("/admin/accounts/pro/", {"action": action, "_selected_action": [pro.pk]}, follow=True)
    assert answer.status_code == 200
    assert getattr(ProState.objects.get(pro=pro), column) is value
    assert Event.objects.filter(subject=pro.subject).latest("id").actor == f"staff:{renee.pk}"


def test_members_do_not_enter(pro):
    client = Client(HTTP_HOST="craftyard.localhost")
    client.force_login(a_member(pro).user, backend="accounts.sign_in.MarketplaceBackend")
    assert client.get("/admin/accounts/pro/").status_code == 302


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "id=" + "9" * 5000, "p=" + "9" * 5000])
def test_nonsense_in_the_address_is_answered(browser, pro, query):
    assert browser.get(f"/admin/accounts/pro/?{query}").status_code < 500
