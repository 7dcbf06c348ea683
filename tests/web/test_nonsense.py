"""Whatever is posted to any page of the site, it is refused or taken like anything else: never a 500, and what is refused leaves nothing
behind. The fields are those of the page itself, so that a new form is attacked as soon as it is there."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from core.tenancy import scope
from leads.models import Photo
from tests.factories import a_photo
from tests.routes import IN, ROWS, address
from tests.world import Browser, build

pytestmark = pytest.mark.django_db
A_MEGABYTE = "x" * 1_000_000
MIXED = "multipart/form-data; boundary=xx"
JSON = "application/json"
HUGE = str(10**40)
NONSENSE = {
    "nul": "a\x00b",
    "much": "x" * 20_000,
    "below zero": "-1",
    "huge": HUGE,
    "not a number": "NaN",
    "infinite": "1e999",
    "other digits": "٣٤٥",
    "a formula": "=cmd|' /C calc'!A0",
    "a tag": "<script>alert(1)</script>",
    "nothing": "",
    "spaces": "\u200b \u2028\u202e\u3000",
    "an id of nothing": "00000000-0000-7000-8000-000000000000",
    "a date that is none": "2026-02-30",
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "surrogate": "%ED%A0%80",
}
POSTS = [route for route, row in ROWS.items() if "POST" in row.methods and not row.in_admin]
NAMES = re.compile(r'<(?:input|select|textarea|button)[^>]*\bname="([^"]+)"')
GUESSES = set("do price reason words pro fill code phone zip service stars until photo remove seen".split())


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield build()


@pytest.fixture(autouse=True)
def _clock_stands_still():
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture
def here(world):
    return world[0]


def who(row, here):
    """Somebody who may post there."""
    viewers = row.post or row.viewers
    name = next((name for name in ("owner", "other", "staff", "anonymous") if viewers[name] == IN), "anonymous")
    return Browser(here.host, here.sessions.get(name, ""))


def names_of(browser, path, row) -> set:
    """The fields of the page of that address, of what its row sends, and some that others have."""
    known = GUESSES | (set(row.body) if isinstance(row.body, dict) else set())
    if "GET" in row.methods:
        known |= set(NAMES.findall(browser.get(path).content.decode(errors="replace")))
    return known - {"csrfmiddlewaretoken"}


def post(browser, path, body, **options):
    """The status of a post that leaves nothing behind."""
    with transaction.atomic():
        answer = browser.post(path, body, **options)
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.parametrize("route", POSTS)
def test_nonsense_in_every_field_is_never_a_fault_of_ours(route, here):
    row, path = ROWS[route], address(route, here)
    browser = who(row, here)
    names = names_of(browser, path, row)
    wrong = []
    for what, text in NONSENSE.items():
        for body in (dict.fromkeys(names, text), {name: [text, text, "1"] for name in names}):
            status = post(browser, path, body)
            if status >= 500:
                wrong.append((what, status))
    proper = row.body if isinstance(row.body, dict) else {}
    for name in sorted(names - GUESSES | set(proper)):  # one field wrong, the others as they should be
        for what in ("nul", "huge", "the last day"):
            if (status := post(browser, path, proper | {name: NONSENSE[what]})) >= 500:
                wrong.append((name, what, status))
    for name in names:
        file = SimpleUploadedFile("=1.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "image/png")
        if (status := post(browser, path, {name: file})) >= 500:
            wrong.append((name, "a file", status))
    if post(browser, path, proper | dict.fromkeys(sorted(names)[:3], A_MEGABYTE)) >= 500:
        wrong.append("three megabytes")
    for body, kind in (("{" * 5_000, JSON), ("null", JSON), ("--xx", MIXED), ("\xff\xfe", "text/plain"), ("a=%00&a=%FF", "x/y"), ("", "")):
        if (status := post(browser, path, body, content_type=kind)) >= 500:
            wrong.append((kind, body[:8], status))
    assert wrong == []


@pytest.mark.parametrize("route", [route for route in POSTS if not route.startswith("hooks/") and route not in ("dev/phone/",)])
def test_without_the_token_of_the_form_nothing_is_done(route, here):
    row, path = ROWS[route], address(route, here)
    browser = who(row, here)
    browser.handler.enforce_csrf_checks = True
    assert post(browser, path, row.body if isinstance(row.body, dict) else {}) == 403


BAD_PICTURES = {
    "nothing": b"",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "cut": a_photo()[:300],
    "gif": a_photo(format="GIF"),
    "a page": b"GIF89a/*<script>alert(1)</script>*/",
    "a bomb": a_photo(5_100, 5_000, format="PNG"),
    "a zip": b"PK\x03\x04" + b"\x00" * 400,
}


@pytest.mark.parametrize("what", BAD_PICTURES)
def test_a_file_that_is_no_picture_is_refused_beside_one_that_is(what, here):
    """All or none: the good one of the same post is not kept either."""
    browser = Browser(here.host)
    files = [
        SimpleUploadedFile("good.jpg", a_photo(color=(1, 2, 3)), "image/jpeg"),
        SimpleUploadedFile("b.jpg", BAD_PICTURES[what], "image/jpeg"),
    ]
    before = _photos(here)
    answer = browser.post(f"/request/{here.mine.token}/photos/", {"photo": files})
    assert 400 <= answer.status_code < 500 and _photos(here) == before


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "JPEG"])
def test_an_odd_picture_is_drawn_anew_without_what_it_carried(kind, here):
    """A picture with a page behind it, of four inks, or that moves."""
    frames = [Image.new("RGB", (40, 30), color) for color in ("red", "blue")]
    file = BytesIO()
    match kind:
        case "WEBP":
            frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], duration=100)
        case "TIFF":
            Image.new("CMYK", (40, 30)).save(file, "JPEG")
        case "JPEG":
            frames[0].save(file, "JPEG", comment=b"<script>")
            file.write(b"<?php system($_GET[0]); ?><script>alert(1)</script>")
    with transaction.atomic():
        answer = Browser(here.host).post(f"/request/{here.mine.token}/photos/", {"photo": SimpleUploadedFile("a.jpg", file.getvalue())})
        assert answer.status_code == 302
        with scope(here.marketplace):
            kept = bytes(Photo.objects.filter(lead=here.mine.lead).latest("at").webp)
        transaction.set_rollback(True)
    assert kept[:4] == b"RIFF" and b"script" not in kept and b"php" not in kept
    seen = Image.open(BytesIO(kept))
    assert (seen.mode, getattr(seen, "n_frames", 1)) == ("RGB", 1)


def _photos(here) -> int:
    with scope(here.marketplace):
        return Photo.objects.count()
