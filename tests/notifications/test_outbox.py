"""Promising, and taking back (RULES 26, 42, 43; INVARIANTS 8, 26)."""

from dataclasses import replace

import pytest

from core import doorbell
from notifications import outbox, preferences
from notifications.models import Channel, Message
from tests.notifications.post import CONTEXT, notice


def test_a_notice_is_written_once_however_often_it_is_promised(marketplace, now):
    for _ in range(3):
        outbox.promise([notice(), notice(channel=Channel.SMS)], now=now)
    assert sorted(Message.objects.values_list("channel", "state")) == [("email", "queued"), ("sms", "queued")]


def test_an_occurrence_tells_repeats_apart(marketplace, now):
    outbox.promise([notice("budget_75", occurrence="2026-05-01"), notice("budget_75", occurrence="2026-05-31")], now=now)
    assert Message.objects.count() == 2


@pytest.mark.parametrize("count", [1, 12, 200])
def test_promising_takes_two_statements_whatever_the_number(marketplace, now, count, django_assert_num_queries):
    notices = [notice(recipient=f"member:{number}") for number in range(count)]
    with django_assert_num_queries(2):
        outbox.promise(notices, now=now)
    assert Message.objects.count() == count


def test_homeowners_have_no_switches_so_nobody_asks_for_them(marketplace, now, django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.promise([notice("introduction"), notice("introduction", channel=Channel.SMS)], now=now)
    with django_assert_num_queries(0):
        outbox.promise([], now=now)


def test_a_switched_off_notice_is_left_out_for_that_member_kind_and_channel_only(marketplace, now):
    preferences.switch(recipient="member:1", kind="new_lead", channel="sms", wanted=False)
    outbox.promise(
        [
            notice(),
            notice(channel=Channel.SMS),
            notice(channel=Channel.SMS, recipient="member:2"),
            notice("budget_75", channel=Channel.SMS),
        ],
        now=now,
    )
    assert sorted(Message.objects.values_list("kind", "recipient", "channel")) == [
        ("budget_75", "member:1", "sms"),
        ("new_lead", "member:1", "email"),
        ("new_lead", "member:2", "sms"),
    ]


def test_test_traffic_is_written_down_and_never_due(marketplace, now):
    outbox.promise([notice()], now=now, test=True)
    row = Message.objects.get()
    assert (row.state, row.reason, row.due_at, row.test) == ("suppressed", "test", None, True)


def test_who_has_no_address_gets_nothing(marketplace, now):
    outbox.promise([notice(address="")], now=now)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "no_such_kind"},
        {"kind": "password_reset", "channel": "sms"},
        {"context": {key: value for key, value in CONTEXT["new_lead"].items() if key != "price"}},
        {"zone": "Mars/Olympus"},
    ],
)
def test_a_notice_that_could_not_be_written_is_a_bug_and_says_so(marketplace, now, wrong):
    with pytest.raises((ValueError, KeyError)):
        outbox.promise([replace(notice(), **wrong)], now=now)
    assert not Message.objects.exists()


def test_the_bell_rings_once_for_each_channel(marketplace, now, monkeypatch):
    rung = []
    monkeypatch.setattr(doorbell, "ring", lambda task, *ids: rung.append(task.name))
    outbox.promise([notice(), notice(recipient="member:2"), notice(channel=Channel.SMS)], now=now)
    assert rung == ["notifications.deliver_email", "notifications.deliver_sms"]


def test_a_replay_rings_no_bell(marketplace, now, monkeypatch):
    monkeypatch.setattr(doorbell, "ring", lambda *_: pytest.fail("rang"))
    marketplace.replay = True
    outbox.promise([notice()], now=now)


def test_cancelling_takes_back_what_was_not_handed_over(marketplace, now):
    outbox.promise(
        [notice("introduction", recipient="lead:1", subject="lead-1"), notice(subject="lead-1"), notice(subject="lead-2")], now=now
    )
    Message.objects.filter(subject="lead-1", kind="new_lead").update(state="sending")
    assert outbox.cancel(subjects=["lead-1"], reason="withdrawn", now=now) == 1
    assert outbox.cancel(subjects=["lead-1"], reason="withdrawn", now=now) == 0
    states = {(row.subject, row.kind): (row.state, row.reason, row.cancelled_at) for row in Message.objects.all()}
    assert states == {
        ("lead-1", "introduction"): ("cancelled", "withdrawn", now),
        ("lead-1", "new_lead"): ("sending", "", now),  # it may still arrive; it is not tried again
        ("lead-2", "new_lead"): ("queued", "", None),
    }
