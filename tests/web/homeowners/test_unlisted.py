"""Asking for what is not in the list, on one page; and the page that says what became of it (RULES 9)."""

import pytest

from accounts.models import User
from leads import links, unlisted
from leads.models import Lead, Wish
from notifications.models import Message
from tests.web.homeowners.conftest import Visitor

SAID = {
    "words": "Solar tube for the hall",
    "trade": "roofing",
    "description": "The hall is dark. Call (312) 555-0142.",
    "zip": "60614",
    "timing": "week",
    "ownership": "owner",
    "reach": "any",
    "name": "Dana Whitfield",
    "phone": "(312) 555-0142",
    "email": "dana@homeowners.example",
    "way": "match",
    "agreed": "on",
}


@pytest.fixture
def staff(marketplace):
    return User.objects.create_user("grace@desk.example", "x", name="Grace Oduya", is_staff=True)


def ask(visitor, **changes):
    visitor.look("unlisted")
    return visitor.say("unlisted", SAID | changes)


def test_what_is_not_in_the_list_waits_for_a_person(visitor, now):
    assert "Not in the list?" in visitor.get("/request/services", {"q": "xylophone"}, headers={"HX-Request": "true"}).content.decode()
    answer = ask(visitor)
    wish = Wish.objects.get()
    assert answer.url == f"/request/unlisted/{links.wish_token(wish)}/"
    assert (wish.words, wish.zip, wish.at, wish.ip) == (SAID["words"], "60614", now, "127.0.0.1")
    assert wish.page == "craftyard.localhost/request/unlisted/"
    page = visitor.get(answer.url).content.decode()
    assert "A person looks at it" in page and "By Thu, May 21 we write to you." in page  # asked on a Wednesday
    assert "[phone number hidden]" in page and "555-0142" not in page
    assert not Lead.objects.exists() and Message.objects.get().kind == "wish_received"


def test_a_double_click_is_one_request(visitor):
    visitor.look("unlisted")
    assert visitor.say("unlisted", SAID).url == visitor.say("unlisted", SAID).url
    assert Wish.objects.count() == 1
    ask(visitor, description="Another one.")
    assert Wish.objects.count() == 2


def test_somebody_else_s_key_opens_nothing(visitor):
    first = ask(visitor).url
    stranger = Visitor()
    stranger.look("unlisted")
    assert stranger.say("unlisted", SAID | {"key": Wish.objects.get().submit_key, "submit_key": Wish.objects.get().submit_key}).url != first


@pytest.mark.parametrize(
    ("field", "value"),
    [("words", ""), ("words", "x"), ("words", "x" * 81), ("words", "\u200b"), ("zip", "00000"), ("zip", ""), ("trade", "nothing"),
     ("agreed", ""), ("phone", "911"), ("email", ""), ("way", ""), ("timing", "x"), ("ownership", "thief"), ("reach", ""),
     ("name", "\x00")],
)  # fmt: skip
def test_nonsense_is_said_at_its_field_and_nothing_is_kept(visitor, field, value):
    answer = ask(visitor, **{field: value})
    assert answer.status_code == 422 and "data-problems" in answer.content.decode()
    assert not Wish.objects.exists()


def test_it_is_taken_back_with_one_tap(visitor):
    address = ask(visitor).url
    for _ in range(2):
        assert visitor.post(address).url == address
    page = visitor.get(address).content.decode()
    assert Wish.objects.get().state == "withdrawn" and "You took it back" in page and "Take it back" not in page


def test_what_became_of_it(visitor, staff, now):
    address = ask(visitor).url
    unlisted.refuse(Wish.objects.get().pk, "Nobody does this here.", by=staff, now=now)
    assert "Nobody does this here." in visitor.get(address).content.decode()
    address = ask(visitor, description="Another one.").url
    sent = unlisted.send_as(Wish.objects.get(state="waiting").pk, "water-heater", by=staff, now=now)
    assert visitor.get(address).url == f"/request/{links.token(sent.lead)}/"


@pytest.mark.parametrize("token", ["x", "no-such-token", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"])
def test_a_token_that_is_none_opens_nothing(visitor, token):
    assert visitor.get(f"/request/unlisted/{token}/").status_code == 404
