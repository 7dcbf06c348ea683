"""Staff record what they have checked of a pro, and withdraw it."""

import pytest

from accounts.models import Check
from core.models import Event
from tests.factories import a_pro
from tests.web.staff.conftest import text_of


@pytest.fixture
def pro(marketplace):
    return a_pro("Prairie State Plumbing")


def page_of(pro):
    return f"/staff/pros/{pro.public_id}/checks/"


LICENCE = {"kind": "licence", "fact": "IL 055-012345", "valid_until": "2027-08-31"}


def test_a_check_is_recorded_once_with_who_did_it_and_withdrawn(browser, renee, pro, now):
    assert "Nothing is checked yet." in text_of(browser.get(page_of(pro)))
    for _twice in range(2):
        assert browser.post(page_of(pro), LICENCE).status_code == 302
    check = Check.objects.get()
    assert (check.pro, check.checked_by, check.checked_at, check.fact) == (pro, renee, now, "IL 055-012345")
    page = text_of(browser.get(page_of(pro)))
    assert "License IL 055-012345 Checked May 20, 2026 by Renee Okafor, valid until Aug 31, 2027" in page
    for _twice in range(2):
        assert browser.post(f"/staff/checks/{check.pk}/withdraw/").status_code == 302
    assert "Nothing is checked yet." in text_of(browser.get(page_of(pro)))
    assert Event.objects.filter(kind="check.withdrawn").count() == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": ""}, "This field is required."),
        ({"kind": "charm"}, "charm is not one of the available choices."),
        ({"valid_until": ""}, "Enter the last day it is valid."),
        ({"valid_until": "2026-05-19"}, "Enter a day from today on"),
        ({"valid_until": "9999-12-31"}, "Enter a day from today on"),
        ({"valid_until": "31.8.2027"}, "Enter a valid date."),
        ({"fact": "x" * 81}, "at most 80 characters"),
        ({"fact": "\0"}, "Null characters are not allowed."),
    ],
)
def test_what_is_no_check_is_said_beside_its_field(browser, pro, said, words):
    answer = browser.post(page_of(pro), LICENCE | said)
    assert answer.status_code == 422 and words in answer.content.decode() and not Check.objects.exists()


def test_the_admin_leads_to_the_page(browser, pro):
    page = browser.get(f"/admin/accounts/pro/{pro.pk}/change/").content.decode()
    assert f'href="{page_of(pro)}"' in page and "Record or withdraw a check" in page
