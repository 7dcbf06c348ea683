"""The company's own page: what homeowners read of it, its picture, what was checked; and how they see it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import checks
from accounts.models import Member, Pro, ProPhoto
from accounts.policy import Pros
from core.policy import publish
from tests.factories import a_member, a_picture, a_staff_user
from tests.web.pros.test_inbox import text_of

HERE = "/pro/account/profile/"
PREVIEW = f"{HERE}preview/"


def upload(data, name="logo.png"):
    return {"do": "photo", "photo": SimpleUploadedFile(name, data)}


def test_the_owner_says_what_homeowners_read_and_sees_it_as_they_do(browser, prairie):
    answer = browser.post(HERE, {"do": "save", "since_year": "1998", "about": "Call us: 312 555 0142.\r\nWe come."}, follow=True)
    assert "Saved." in text_of(answer) and "312 555 0142" in answer.content.decode(), "as it was typed"
    page = text_of(browser.get(PREVIEW))
    assert "In business since 1998" in page and "Call us: [phone number hidden]. We come." in page and "312 555 0142" not in page
    assert "Nothing yet. Ask the pro for its license and insurance." in page and "No reviews yet." in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"since_year": "98"}, "Enter the year you started"),
        ({"since_year": "2099"}, "Enter the year you started"),
        ({"since_year": "١٩٩٨"}, "Enter the year you started"),
        ({"about": "x" * 601}, "Shorten this to 600 characters. It has 601."),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(browser, prairie, said, words):
    answer = browser.post(HERE, {"do": "save", "since_year": "", "about": ""} | said)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Pro.objects.values_list("since_year", "about").get(pk=prairie.pk) == (None, "")


def test_a_picture_is_shown_replaced_and_removed(browser, prairie):
    assert "Without one homeowners see these letters." in text_of(browser.get(HERE))
    browser.post(HERE, upload(a_picture(1)))
    first = Pro.objects.get(pk=prairie.pk).photo_key
    assert f'src="/photos/{first}.webp"' in browser.get(HERE).content.decode()
    browser.post(HERE, upload(a_picture(2, kind="JPEG"), "IMG 1.HEIC.exe"))
    assert Pro.objects.get(pk=prairie.pk).photo_key not in ("", first)
    answer = browser.post(HERE, {"do": "remove"}, follow=True)
    assert "Homeowners see your initials." in text_of(answer) and not ProPhoto.objects.exists()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"do": "photo"}, "Choose a picture first."),
        (upload(b"<svg/>", "a.svg"), "We cannot read this file as a picture."),
        (upload(b"\0\0\0\x18ftypheic" + b"\0" * 40), "save it as a JPEG"),
        (upload(b"\0" * 12_000_001), "This picture is too big"),
        (upload(a_picture(), "x" * 300 + ".png"), "at most 200 characters"),
    ],
)
def test_what_is_no_picture_is_refused_beside_its_field(browser, prairie, sent, words):
    answer = browser.post(HERE, sent)
    assert answer.status_code == 422 and words in answer.content.decode() and not ProPhoto.objects.exists()


@pytest.mark.parametrize("role", [Member.Role.BILLING, Member.Role.MEMBER])
def test_who_is_no_owner_reads_and_changes_nothing(prairie, owner, signed_in, role):
    browser = signed_in(a_member(prairie, role=role))
    assert "Only owners of your company account change it." in text_of(browser.get(HERE))
    for said in ({"do": "save", "since_year": "1998", "about": ""}, upload(a_picture()), {"do": "remove"}, {"do": "x" * 99}):
        assert browser.post(HERE, said).status_code == 403
    assert Pro.objects.get(pk=prairie.pk).since_year is None


def test_the_pro_reads_what_was_checked_and_what_keeps_its_leads_away(browser, prairie, now):
    staff = a_staff_user()
    checks.record(prairie, "licence", by=staff, now=now, fact="IL 055-012345", valid_until=now.date() + timedelta(days=9))
    publish([Pros(pause_without=("licence", "insurance"))], now=now)
    page = text_of(browser.get(HERE))
    assert "License IL 055-012345 Checked May 20, 2026 by Renee Okafor, valid until May 29, 2026" in page
    assert "New leads pause while one of these is not checked or has ended: License, Insurance." in page
    inbox = text_of(browser.get("/pro/leads/"))
    assert "Leads are paused Your insurance is not checked yet. Leads come again as soon as we have checked your papers." in inbox


def test_something_else_that_is_sent_is_the_form_that_was_not_filled_in(browser, prairie):
    assert browser.post(HERE, {"do": "dance", "since_year": "1998"}).status_code == 422
    assert browser.post(HERE, b"\xff\xfe", content_type="multipart/form-data; boundary=x").status_code in (400, 422)
