"""STOP, START and HELP (RULES 44, INVARIANTS 27)."""

from datetime import timedelta

import pytest

from notifications import stop
from notifications.models import Channel, Suppression

NUMBER = "+13125550142"


@pytest.mark.parametrize(
    ("words", "wish"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Stop!!", "stop"),
        ("STOPALL", "stop"),
        ("stop all", "stop"),
        ("please STOP", "stop"),
        ("Unsubscribe", "stop"),
        ("quit", "stop"),
        ("end", "stop"),
        ("opt-out", "stop"),
        ("START", "start"),
        ("unstop", "start"),
        ("Help?", "help"),
        ("info", "help"),
        ("Please stop by at 5", ""),
        ("can you start on Monday", ""),
        ("yes", ""),
        ("", ""),
        ("\u200b", ""),
        ("\u0405TOP", ""),
        ("stop" * 500, ""),
    ],
)
def test_what_a_text_asks_for(words, wish):
    assert stop.wish(words) == wish


def test_stop_and_start(marketplace, now):
    assert not stop.is_stopped(Channel.SMS, NUMBER)
    for _ in range(2):
        assert stop.hear(address=NUMBER, words="STOP", now=now) == ""
    assert stop.is_stopped(Channel.SMS, NUMBER)
    assert not stop.is_stopped(Channel.EMAIL, NUMBER)
    assert Suppression.objects.count() == 1
    assert stop.hear(address=NUMBER, words="start", now=now + timedelta(hours=1)) == ""
    assert not stop.is_stopped(Channel.SMS, NUMBER)
    stop.hear(address=NUMBER, words="stop", now=now + timedelta(hours=2))
    assert Suppression.objects.count() == 2


def test_start_brings_no_dead_number_back(marketplace, now):
    stop.stop(Channel.SMS, NUMBER, reason="bounced", now=now)
    stop.hear(address=NUMBER, words="START", now=now)
    assert stop.is_stopped(Channel.SMS, NUMBER)
    assert stop.lift(Channel.SMS, NUMBER, now=now, reason="bounced")


def test_the_case_of_an_address_does_not_matter(marketplace, now):
    stop.stop(Channel.EMAIL, "Dana@Example.com ", reason="complained", now=now)
    assert stop.is_stopped(Channel.EMAIL, "dana@example.COM")


def test_help_is_answered_with_who_we_are(marketplace, now):
    marketplace.email = "hello@craftyard.example"
    sentence = stop.hear(address=NUMBER, words="HELP", now=now)
    assert sentence.startswith(marketplace.name) and "hello@craftyard.example" in sentence and sentence.endswith("Reply STOP to end them.")
    assert stop.hear(address=NUMBER, words="Tuesday works", now=now) == ""


def test_a_stop_holds_in_its_own_marketplace_only(opt_in, now):
    from core.models import Marketplace
    from core.tenancy import scope

    stop.stop(Channel.SMS, NUMBER, reason="stop", now=now)
    with scope(Marketplace.objects.get(slug="craftyard")):
        assert not stop.is_stopped(Channel.SMS, NUMBER)
