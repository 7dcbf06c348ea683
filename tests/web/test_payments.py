"""Staff record a payment in the admin: it is in the wallet once, whatever is typed or sent twice (RULES 2, INVARIANTS 10, 13)."""

import pytest
from django.test import Client

from accounts.models import ProState, User
from billing.models import Transfer
from core.events import history
from tests.factories import a_funded_pro, a_member, a_pro

pytestmark = pytest.mark.django_db
ADD = "/admin/billing/transfer/add/"


@pytest.fixture
def staff():
    return User.objects.create_user("nadia@hearthline.example", "x", name="Nadia Flores", is_staff=True)


def signed_in(user, host="hearthline.localhost"):
    browser = Client(HTTP_HOST=host)
    browser.force_login(user, backend="accounts.sign_in.MarketplaceBackend")
    return browser


def wallet_of(pro):
    return ProState.objects.get(pro=pro).wallet


def test_a_payment_is_recorded_from_the_page_of_the_pro(opt_in, staff):
    pro, browser = a_pro("Saltgrass Plumbing"), signed_in(staff)
    assert f'{ADD}?pro={pro.pk}"' in browser.get(f"/admin/accounts/pro/{pro.pk}/change/").content.decode()
    page = browser.get(ADD, {"pro": pro.pk}).content.decode()
    assert "What Saltgrass Plumbing has paid." in page and 'name="dollars"' in page
    said = {"pro": pro.pk, "dollars": "250.00", "payment": "wire 77"}
    for _ in range(2):
        answer = browser.post(ADD, said)
        kept = Transfer.objects.get(reference="topup:wire 77")
        assert answer["Location"] == f"/admin/billing/transfer/{kept.pk}/change/"
    assert (wallet_of(pro), kept.amount) == (25_000, 25_000)
    assert browser.get(answer["Location"]).status_code == 200
    assert history(pro.subject).filter(kind="wallet.topped_up", actor=f"staff:{staff.pk}").count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"dollars": "0"}, "from $0.01 to"),
        ({"dollars": "9999999"}, "from $0.01 to"),
        ({"dollars": "2,5"}, "like 600 or 600.00"),
        ({"dollars": "٣"}, "like 600 or 600.00"),
        ({"dollars": "9" * 5000}, "like 600 or 600.00"),
        ({"dollars": ""}, "required"),
        ({"payment": "\u200b"}, "which payment this is"),
        ({"payment": "a\x00b"}, "Null characters"),
        ({"pro": "0"}, "greater than or equal to 1"),
        ({"pro": "9" * 18}, "no such pro"),
        ({"pro": "x"}, "whole number"),
    ],
)
def test_what_cannot_be_a_payment_is_told_and_changes_nothing(opt_in, staff, said, words):
    pro, browser = a_pro("Saltgrass Plumbing"), signed_in(staff)
    answer = browser.post(ADD, {"pro": pro.pk, "dollars": "250.00", "payment": "wire 77"} | said, follow=True)
    assert answer.status_code == 200 and words in answer.content.decode().replace("&#x27;", "'")
    assert wallet_of(pro) == 0 and not Transfer.objects.exists()


def test_a_reference_of_another_pro_is_refused(opt_in, staff):
    a_funded_pro(cents=25_000)
    taken = Transfer.objects.get().reference.removeprefix("topup:")
    pro = a_pro("Saltgrass Plumbing")
    answer = signed_in(staff).post(ADD, {"pro": pro.pk, "dollars": "250.00", "payment": taken}, follow=True)
    assert "was recorded before" in answer.content.decode() and wallet_of(pro) == 0


def test_nobody_else_records_one(opt_in, staff):
    pro = a_pro("Saltgrass Plumbing")
    answer = signed_in(a_member(pro).user).post(ADD, {"pro": pro.pk, "dollars": "250.00", "payment": "wire 77"})
    assert answer.status_code == 302 and "/admin/login/" in answer["Location"] and wallet_of(pro) == 0


def test_where_pros_pay_afterwards_there_is_no_such_page(marketplace):
    staff = User.objects.create_user("grace@craftyard.example", "x", name="Grace Oduya", is_staff=True)
    browser, pro = signed_in(staff, "craftyard.localhost"), a_pro()
    assert browser.get(ADD).status_code == 403
    assert "Record a payment" not in browser.get(f"/admin/accounts/pro/{pro.pk}/change/").content.decode()
