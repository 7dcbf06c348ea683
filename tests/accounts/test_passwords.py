"""Signing in and new passwords. Nobody learns which e-mails are known; whatever is typed gets an answer."""

from datetime import timedelta

import pytest
from django.contrib.auth import authenticate

from accounts import passwords
from accounts.models import User
from accounts.passwords import BadPassword, LinkGone
from core.models import Marketplace
from core.tenancy import scope
from notifications.models import Message
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.django_db
OLD, NEW = "correct horse battery", "a long walk home"


@pytest.fixture
def user(marketplace):
    return a_member(a_pro(), email="marcus@prairie.example").user


def reset_link():
    return Message.objects.filter(kind="password_reset").latest("created_at").context["url"].split("/")[-2]


def sign_in(password, email="marcus@prairie.example"):
    return authenticate(None, username=email, password=password)


def test_a_forgotten_password(user, now):
    before = user.get_session_auth_hash()
    passwords.request_reset("Marcus@Prairie.example ", now=now)
    token = reset_link()
    assert passwords.user_of(token, now=now) == user
    passwords.reset(token, password=NEW, now=now)
    assert sign_in(NEW) == user and sign_in(OLD) is None
    assert User.objects.get(pk=user.pk).get_session_auth_hash() != before
    with pytest.raises(LinkGone):
        passwords.reset(token, password=OLD, now=now)


def test_a_link_lasts_24_hours(user, now):
    passwords.request_reset(user.email, now=now)
    assert passwords.user_of(reset_link(), now=now + timedelta(hours=24)) == user
    with pytest.raises(LinkGone):
        passwords.user_of(reset_link(), now=now + timedelta(hours=24, seconds=1))


def test_asked_twice_it_is_sent_once(user, now):
    passwords.request_reset(user.email, now=now)
    passwords.request_reset(user.email, now=now + timedelta(seconds=20))
    assert Message.objects.filter(kind="password_reset").count() == 1
    passwords.request_reset(user.email, now=now + timedelta(minutes=5))
    assert Message.objects.filter(kind="password_reset").count() == 2


@pytest.mark.parametrize("email", ["nobody@prairie.example", "", None, "\x00", "\ud800@x.com", "x" * 10_000])
def test_an_unknown_address_is_answered_the_same(user, now, email):
    assert passwords.request_reset(email, now=now) is None
    assert not Message.objects.filter(kind="password_reset").exists()


def test_a_disabled_user_gets_no_link_and_the_old_one_is_dead(user, now):
    passwords.request_reset(user.email, now=now)
    User.objects.filter(pk=user.pk).update(is_active=False)
    with pytest.raises(LinkGone):
        passwords.user_of(reset_link(), now=now)
    passwords.request_reset(user.email, now=now + timedelta(hours=1))
    assert Message.objects.filter(kind="password_reset").count() == 1


def test_a_link_of_another_marketplace_is_none(user, now):
    passwords.request_reset(user.email, now=now)
    token = reset_link()
    with scope(Marketplace.objects.get(slug="hearthline")), pytest.raises(LinkGone):
        passwords.user_of(token, now=now)


@pytest.mark.parametrize("token", ["", None, "-", "1-", "zzzzzzzzzzzzz-x", "é-x", "\x00-\x00", "\ud800-x", "9" * 5000, "1-abc-def"])
def test_a_wrong_link(user, now, token):
    with pytest.raises(LinkGone):
        passwords.reset(token, password=NEW, now=now)


def test_changing_a_known_password(user, now):
    with pytest.raises(BadPassword) as refused:
        passwords.change(user, old="wrong", new=NEW, now=now)
    assert list(refused.value.fields) == ["old_password"]
    with pytest.raises(BadPassword) as refused:
        passwords.change(user, old=OLD, new="short", now=now)
    assert list(refused.value.fields) == ["password"]
    with pytest.raises(BadPassword):
        passwords.change(user, old=OLD, new="marcus@prairie.example", now=now)
    passwords.change(user, old=OLD, new=NEW, now=now)
    assert sign_in(NEW) == user


@pytest.mark.parametrize("password", ["", None, "wrong", "\x00", "\ud800", "x" * 100_000, 5, ["a"]])
def test_a_wrong_password_is_wrong(user, password):
    assert sign_in(password) is None


@pytest.mark.parametrize("email", ["", None, "\x00", "\ud800", "x" * 100_000, "marcus", 5, "marcus@prairie.example\x00"])
def test_a_wrong_address_is_nobody(user, email):
    assert sign_in(OLD, email=email) is None


def test_users_of_another_marketplace_cannot_sign_in_here(user):
    with scope(Marketplace.objects.get(slug="hearthline")):
        assert sign_in(OLD) is None
    assert sign_in(OLD) == user
