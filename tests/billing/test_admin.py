"""Staff and memberships in the admin: they look, give a month away, and cancel on a pro's behalf; they spend nobody's money (RULES 31)."""

import pytest
from django.test import Client

from accounts.models import ProState, User
from billing.models import Membership, Transfer
from billing.queries import membership_of
from core.events import history
from core.tenancy import scope
from tests.factories import a_funded_pro, a_member, a_membership

pytestmark = pytest.mark.django_db
PAGE = "/admin/billing/membership/"


@pytest.fixture
def nadia(opt_in):
    return User.objects.create_user("nadia@hearthline.example", "x", name="Nadia Flores", is_staff=True)


@pytest.fixture
def browser(nadia):
    client = Client(HTTP_HOST="hearthline.localhost")
    client.force_login(nadia, backend="accounts.sign_in.MarketplaceBackend")
    return client


@pytest.fixture
def owner(nadia):
    return a_member(a_funded_pro("Barton Creek Plumbing"))


def test_a_month_is_given_by_the_name_of_the_company(browser, owner, nadia):
    assert "Platinum" in browser.get(f"{PAGE}add/").content.decode()
    answer = browser.post(f"{PAGE}add/", {"company": "barton creek plumbing", "number": "2"})
    assert answer.status_code == 302
    held = membership_of(owner.pro)
    assert (held.tier, held.price, held.next_tier) == (2, 0, 0) and ProState.objects.get(pro=owner.pro).tier == 2
    assert history(held.subject).get().actor == f"staff:{nadia.pk}"
    assert not Transfer.objects.filter(reference__startswith="membership:").exists()
    page = browser.get(f"{PAGE}{held.pk}/change/").content.decode()
    assert "Gold" in page and "membership.given" in page and "ends" in page


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"company": "Nobody at all", "number": "2"},
        {"company": "Barton Creek Plumbing", "number": "4"},
        {"company": "Barton Creek Plumbing", "number": "0"},
        {"company": "\0", "number": "2"},
        {"company": "9" * 5_000, "number": "2"},
    ],
)
def test_nonsense_is_said_in_the_form(browser, owner, sent):
    answer = browser.post(f"{PAGE}add/", sent)
    assert answer.status_code == 200 and "error" in answer.content.decode().lower() and not Membership.objects.exists()


def test_a_member_is_not_given_a_second_one(browser, owner, now):
    a_membership(owner, 1, now=now)
    answer = browser.post(f"{PAGE}add/", {"company": "Barton Creek Plumbing", "number": "3"})
    assert answer.status_code == 200 and "has a membership by now" in answer.content.decode() and Membership.objects.count() == 1


def test_staff_cancel_on_the_pros_behalf(browser, owner, now):
    held = a_membership(owner, 1, now=now)
    answer = browser.post(PAGE, {"action": "cancel", "_selected_action": [str(held.pk)]}, follow=True)
    assert answer.status_code == 200 and not membership_of(owner.pro).renews
    assert membership_of(owner.pro).tier == 1


def test_what_was_bought_is_only_to_look_at(browser, owner, now):
    held = a_membership(owner, 1, now=now)
    assert browser.get(PAGE).status_code == 200
    page = browser.get(f"{PAGE}{held.pk}/change/").content.decode()
    assert f"membership:{held.pk}:1:1" in page and "$29.00" in page
    assert browser.post(f"{PAGE}{held.pk}/change/", {"tier": "3"}).status_code == 403
    assert browser.post(f"{PAGE}{held.pk}/delete/", {"post": "yes"}).status_code == 403


def test_another_marketplace_neither_sees_nor_gives(browser, owner, marketplace):
    with scope(marketplace):
        renee = User.objects.create_user("renee@craftyard.example", "x", name="Renee", is_staff=True)
    client = Client(HTTP_HOST="craftyard.localhost")
    with scope(marketplace):
        client.force_login(renee, backend="accounts.sign_in.MarketplaceBackend")
    assert client.get(f"{PAGE}add/").status_code == 403


def test_whoever_looks_after_a_pro_is_named_on_it(browser, owner, nadia):
    browser.post("/admin/accounts/pro/", {"action": "look_after", "_selected_action": [owner.pro_id]})
    owner.pro.refresh_from_db()
    assert owner.pro.account_manager == nadia
    assert history(owner.pro.subject).get(kind="pro.assigned").data == {"manager": nadia.pk}
