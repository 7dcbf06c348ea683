"""The telephones of a development site."""

import re

import pytest

from accounts.models import Homeowner
from contact.carriers import door
from contact.carriers.local import LocalCarrier
from contact.models import LocalCall, Number
from core.models import Marketplace
from core.tenancy import scope
from tests.contact.canned import HOMEOWNER, OURS, PRO, CannedSite

HOST = {"host": "craftyard.localhost"}
PAGE = "/dev/phone/"
DIAL = {"do": "dial", "from": "(708) 555-0117", "to": "(312) 555-0110"}
HTMX = HOST | {"HX-Request": "true"}


@pytest.fixture
def craftyard(db, now, monkeypatch):
    """Craftyard with a masked number and a homeowner; its site answers with canned TwiML."""
    found = Marketplace.objects.get(slug="craftyard")
    site = CannedSite(found)
    monkeypatch.setattr(door, "over_http", lambda marketplace: site)
    with scope(found):
        Number.objects.get_or_create(number=OURS, defaults={"added_at": now, "heard_until": now})
        Homeowner.objects.create(name="Dana Whitfield", phone=HOMEOWNER, zone="America/Chicago")
    return found


@pytest.fixture
def post(client, craftyard, django_capture_on_commit_callbacks):
    """Post, and let the carrier act afterwards, as in life."""

    def send(path=PAGE, headers=HOST, **said):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(path, said, headers=headers)

    return send


def page(client, headers=HOST, **asked):
    answer = client.get(PAGE, asked, headers=headers)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def the_call(craftyard, **fields):
    with scope(craftyard):
        return LocalCall.objects.get(**fields)


def test_nothing_yet(client, craftyard):
    shown = page(client)
    assert "Nobody has called yet" in shown and f'<option value="{HOMEOWNER}">Dana Whitfield</option>' in shown


def test_both_sides_of_a_call(client, craftyard, post):
    answer = post(**DIAL)
    assert (answer.status_code, answer["Location"]) == (302, "/dev/phone/?from=%2B17085550117&to=%2B13125550110")
    shown = page(client)
    assert "Enter your PIN." in shown and "Waiting for digits" in shown and 'name="keys" value="#"' in shown
    caller = the_call(craftyard).provider_id
    for key in "482":
        post(do="press", call=caller, keys=key)
    assert "3 keys pressed" in page(client)
    post(do="press", call=caller, keys="7")
    shown = page(client)
    assert "Dana Whitfield" in shown and "Let a machine answer" in shown and "with (312) 555-0110" in shown
    other = the_call(craftyard, to_number=HOMEOWNER).provider_id
    post(do="answer", call=other)
    shown = page(client)
    assert "Bell Plumbing." in shown and shown.count("Connected") == 2 and shown.count("Hang up") == 2
    post(do="hang up", call=other)
    shown = page(client)
    assert "Recent calls" in shown and "Hang up" not in shown
    assert "0 seconds" in shown or "1 second" in shown, "the carrier's own clock runs on"


@pytest.mark.parametrize("to", ["tel:+13125550110,,4827", "(312) 555-0110 , 4827", "3125550110;4827"])
def test_a_link_with_its_pin_dials_and_enters_it(client, craftyard, post, to):
    post(**DIAL | {"to": to})
    assert the_call(craftyard, to_number=HOMEOWNER).waits == "ring"


@pytest.mark.parametrize(("do", "status", "words"), [("decline", "busy", "Busy"), ("machine", "in-progress", "Connected")])
def test_what_else_the_dialled_side_can_do(client, craftyard, post, do, status, words):
    post(**DIAL | {"to": "+13125550110,4827"})
    post(do=do, call=the_call(craftyard, to_number=HOMEOWNER).provider_id)
    assert the_call(craftyard, to_number=HOMEOWNER).status == status and words in page(client)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"from": ""}, "Enter a US phone number"),
        ({"from": "\u0663" * 10}, "Enter a US phone number"),
        ({"from": "+442071838750"}, "not in the United States"),
        ({"to": ""}, "Enter a US phone number"),
        ({"to": "3125550110 please"}, "Enter a US phone number"),
        ({"to": "(312) 555-0199"}, "no masked number"),
        ({"to": "9" * 5000}, "Enter a US phone number"),
        ({"from": "\x00", "to": "\x00"}, "Enter a US phone number"),
        ({"from": "<b>", "to": '"><script>'}, "Enter a US phone number"),
    ],
    ids=lambda said: ascii(said)[:30],
)
def test_a_number_that_is_none_is_said_at_its_field(client, craftyard, post, said, words):
    answer = post(**DIAL | said)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not re.search(r'value="<b>|"><script>', answer.content.decode())
    with scope(craftyard):
        assert not LocalCall.objects.exists()


@pytest.mark.parametrize("keys", ["", "x", "\u0664", "\x00", "1" * 5000])
def test_keys_that_no_telephone_has(client, craftyard, post, keys):
    post(**DIAL)
    assert post(do="press", call=the_call(craftyard).provider_id, keys=keys).status_code == 400


@pytest.mark.parametrize(
    "said", [{}, {"do": "dance"}, {"do": "answer"}, {"do": "answer", "call": "CA" + "0" * 32}, {"do": "decline", "call": "\x00"}]
)
def test_what_is_not_there_is_not_found(client, craftyard, post, said):
    assert post(**said).status_code == 404


def test_another_marketplaces_call_is_not_found(client, craftyard, post):
    post(**DIAL)
    there = {"host": "hearthline.localhost"}
    sid = the_call(craftyard).provider_id
    for do in ("answer", "decline", "machine", "hang up", "press"):
        assert post(headers=there, do=do, call=sid, keys="1").status_code == 404
    shown = page(client, headers=there)
    assert "Nobody has called yet" in shown and "Dana" not in shown
    assert "no masked number" in post(headers=there, **DIAL).content.decode()


def test_the_part_that_lives_comes_alone_and_only_when_it_changed(client, craftyard, post):
    post(**DIAL)
    part = client.get(PAGE, headers=HTMX)
    assert part.content.decode().lstrip().startswith('<div class="stack wide" id="live"') and "HX-Request" in part["Vary"]
    again = HTMX | {"If-None-Match": part["ETag"]}
    assert client.get(PAGE, headers=again).status_code == 304
    post(do="press", call=the_call(craftyard).provider_id, keys="1")
    assert client.get(PAGE, headers=again).status_code == 200


def test_what_time_has_brought_comes_first(client, craftyard, post, now, django_capture_on_commit_callbacks):
    """A Gather whose time is over."""
    LocalCarrier(craftyard).dial(from_number=PRO, to_number=OURS, at=now)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.get(PAGE, {"to": OURS}, headers=HOST)
    assert (answer.status_code, answer["Location"]) == (302, "/dev/phone/?to=%2B13125550110")
    assert "Recent calls" in page(client)


def test_the_fields_are_filled_from_the_address(client, craftyard):
    shown = page(client, to=f"{OURS},,4827", **{"from": PRO})
    assert f'value="{OURS},,4827"' in shown and f'value="{PRO}"' in shown
    assert client.get(PAGE + "?to=" + "9" * 5000, headers=HOST).status_code == 200
    assert client.get(PAGE + "?to=%00", headers=HOST).status_code == 400


def test_only_in_development(client, craftyard, post, settings):
    settings.DEVELOPMENT = False
    assert client.get(PAGE, headers=HOST).status_code == post(**DIAL).status_code == 404


def test_the_platforms_own_host_points_to_the_marketplaces(client, craftyard):
    assert "Each marketplace has its own telephones" in client.get(PAGE, headers={"host": "localhost"}).content.decode()


def test_a_post_needs_its_token(craftyard):
    from django.test import Client

    assert Client(enforce_csrf_checks=True).post(PAGE, DIAL, headers=HOST).status_code == 403
