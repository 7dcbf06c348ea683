"""From promised to delivered, told with an injected clock (RULES 43, 44; INVARIANTS 15, 26, 27, 29, 39)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notifications import delivery, outbox, preferences, queries, stop
from notifications.channels import Accepted, NeverSeen, PermanentFailure, TemporaryFailure, Unknown
from notifications.models import Channel, FirstDelivery, LocalDelivery, Message
from notifications.policy import Notices
from tests.notifications.post import CONTEXT, Scripted, notice, promised

POLICY = Notices()
EMAIL, SMS = Channel.EMAIL, Channel.SMS


def after(now, seconds):
    return now + timedelta(seconds=seconds)


def test_a_promised_notice_arrives_and_is_confirmed(marketplace, now):
    outbox.promise([notice(), notice(channel=SMS)], now=now)
    delivery.drain(marketplace, now=now)
    assert {(row.channel, row.state, row.accepted_at) for row in Message.objects.all()} == {
        ("email", "accepted", now),
        ("sms", "accepted", now),
    }
    later = after(now, POLICY.look_up_after)
    delivery.drain(marketplace, now=later)
    assert {(row.state, row.confirmed_at, row.due_at) for row in Message.objects.all()} == {("confirmed", now, None)}
    assert sorted(LocalDelivery.objects.values_list("channel", "address")) == [("email", "dana@example.com"), ("sms", "+13125550142")]
    assert delivery.drain(marketplace, now=after(later, 1e6)) == 0


def test_the_first_acceptance_and_the_first_confirmation_about_a_subject_are_kept_once(marketplace, now):
    outbox.promise([notice(), notice(channel=SMS, due_at=after(now, 5))], now=now)
    delivery.drain(marketplace, now=now)
    first = FirstDelivery.objects.get()
    assert (first.subject, first.accepted_at, first.confirmed_at) == ("match-1", now, None)
    for seconds in (5, 40, 80):
        delivery.drain(marketplace, now=after(now, seconds))
    first = queries.first_delivery("match-1")
    assert (first.accepted_at, first.confirmed_at) == (now, now)
    assert Message.objects.filter(state="confirmed").count() == 2


@pytest.mark.parametrize("kind", ["invitation", "password_reset"])
def test_a_link_that_lets_somebody_in_is_forgotten_once_it_was_sent(kind, marketplace, now):
    message = promised(kind=kind, now=now)
    assert message.context["url"]
    delivery.drain(marketplace, now=now)
    message.refresh_from_db()
    assert (message.state, "url" in message.context) == ("accepted", False)
    assert CONTEXT[kind]["url"] in LocalDelivery.objects.get().text


def test_a_notice_is_held_back_until_it_is_due(marketplace, now):
    promised(now=now, due_at=after(now, 60))
    assert delivery.deliver_due(marketplace, now=after(now, 59)) == 0
    assert delivery.deliver_due(marketplace, now=after(now, 60)) == 1


def test_a_temporary_failure_is_tried_again_after_its_wait(marketplace, now):
    message = promised(now=now, channel=SMS, address="+13125550198")
    delivery.drain(marketplace, now=now)
    message.refresh_from_db()
    assert (message.state, message.reason, message.due_at) == ("queued", "busy", after(now, POLICY.backoff[0]))
    assert delivery.drain(marketplace, now=after(now, POLICY.backoff[0] - 1)) == 0
    delivery.drain(marketplace, now=after(now, POLICY.backoff[0]))
    message.refresh_from_db()
    assert (message.state, message.reason) == ("accepted", "")


def test_a_dead_address_fails_for_good_and_gets_nothing_more(marketplace, now):
    first = promised(now=now, address="Bounce@example.com".lower())
    delivery.drain(marketplace, now=now)
    first.refresh_from_db()
    assert (first.state, first.reason, first.failed_at, first.due_at) == ("failed", "no such address", now, None)
    second = promised(now=now, kind="budget_75", address="bounce@example.com")
    delivery.drain(marketplace, now=now)
    second.refresh_from_db()
    assert (second.state, second.reason) == ("suppressed", "bounced")
    assert not LocalDelivery.objects.exists()


def test_accepted_and_then_lost_is_failed(marketplace, now):
    message = promised(now=now, channel=SMS, address="+13125550197")
    delivery.drain(marketplace, now=now)
    delivery.drain(marketplace, now=after(now, POLICY.look_up_after))
    message.refresh_from_db()
    assert (message.state, message.reason, message.confirmed_at) == ("failed", "not delivered", None)


def test_stop_between_promise_and_sending_is_honoured(marketplace, now):
    outbox.promise([notice(channel=SMS), notice()], now=now)
    stop.stop(SMS, "+13125550142", reason="stop", now=now)
    delivery.drain(marketplace, now=now)
    assert sorted(Message.objects.values_list("channel", "state", "reason")) == [("email", "accepted", ""), ("sms", "suppressed", "stop")]
    stop.lift(SMS, "+13125550142", now=now)
    outbox.promise([notice("budget_75", channel=SMS)], now=now)
    delivery.drain(marketplace, now=now)
    assert Message.objects.get(kind="budget_75").state == "accepted"


def test_stop_is_honoured_between_two_tries(marketplace, now):
    message = promised(now=now, channel=SMS, address="+13125550198")
    delivery.drain(marketplace, now=now)
    stop.stop(SMS, "+13125550198", reason="stop", now=now)
    delivery.drain(marketplace, now=after(now, 60))
    message.refresh_from_db()
    assert (message.state, LocalDelivery.objects.count()) == ("suppressed", 0)


def test_a_homeowners_notice_waits_for_the_morning_but_an_answer_does_not(marketplace):
    night = datetime(2026, 5, 21, 3, 30, tzinfo=UTC)  # 10:30 PM in Chicago
    morning = datetime(2026, 5, 21, 13, 0, tzinfo=UTC)  # 8:00 AM
    zone = {"zone": "America/Chicago", "channel": SMS}
    waits = promised(now=night, kind="introduction", recipient="lead:1", respects_quiet_hours=True, **zone)
    answer = promised(now=night, kind="request_received", recipient="lead:1", **zone)
    delivery.drain(marketplace, now=night)
    waits.refresh_from_db()
    answer.refresh_from_db()
    assert (waits.state, waits.due_at, waits.attempts, answer.state) == ("queued", morning, 0, "accepted")
    assert LocalDelivery.objects.count() == 1
    delivery.drain(marketplace, now=morning)
    waits.refresh_from_db()
    assert (waits.state, waits.accepted_at) == ("accepted", morning)


def test_a_crash_between_handing_over_and_recording_sends_once(marketplace, now, monkeypatch):
    message = promised(now=now, channel=SMS)
    with monkeypatch.context() as broken, pytest.raises(SystemExit):
        broken.setattr(delivery, "_record", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
        delivery.deliver_due(marketplace, now=now)
    message.refresh_from_db()
    assert (message.state, LocalDelivery.objects.count()) == ("sending", 1)
    assert delivery.deliver_due(marketplace, now=after(now, POLICY.lease_seconds - 1)) == 0
    delivery.drain(marketplace, now=after(now, POLICY.lease_seconds))
    message.refresh_from_db()
    assert (message.state, message.confirmed_at, LocalDelivery.objects.count()) == ("confirmed", now, 1)


def test_a_crash_before_handing_over_sends_once_too(marketplace, now, provide):
    provider = provide(SMS, Scripted(SystemExit()))
    message = promised(now=now, channel=SMS)
    with pytest.raises(SystemExit):
        delivery.deliver_due(marketplace, now=now)
    delivery.drain(marketplace, now=after(now, POLICY.lease_seconds))
    message.refresh_from_db()
    assert (message.state, provider.kept[message.pk]) == ("accepted", 1)


class TimesOutAfterTaking(Scripted):
    """It takes the letter, and the answer is lost on the way."""

    def send(self, letters, *, now):
        super().send(letters, now=now)
        raise TimeoutError


class Forgetful(TimesOutAfterTaking):
    """The control: what would happen without a truthful look-up."""

    def look_up(self, letters, *, now):
        return [NeverSeen() for _ in letters]


@pytest.mark.parametrize(("provider", "sent"), [(TimesOutAfterTaking, 1), (Forgetful, 4)])
def test_an_unknown_outcome_is_looked_up_and_not_repeated(marketplace, now, provide, provider, sent):
    provider = provide(SMS, provider())
    message = promised(now=now, channel=SMS)
    for seconds in (0, 10, 700, 4000, 20000, 40000, 60000, 80000):
        delivery.drain(marketplace, now=after(now, seconds))
    message.refresh_from_db()
    assert provider.kept[message.pk] == sent
    assert message.state == ("confirmed" if sent == 1 else "failed")


@pytest.mark.parametrize(
    ("answer", "reason"), [(TemporaryFailure("busy"), "gave up: busy"), (PermanentFailure("landline"), "landline")], ids=repr
)
def test_attempts_are_bounded(marketplace, now, provide, answer, reason):
    provider = provide(SMS, Scripted(*[answer] * 50))
    message = promised(now=now, channel=SMS)
    for hour in range(60):
        delivery.drain(marketplace, now=after(now, 3600 * hour))
    message.refresh_from_db()
    assert (message.state, message.reason, message.due_at) == ("failed", reason, None)
    assert provider.calls[message.pk] == (POLICY.max_attempts if isinstance(answer, TemporaryFailure) else 1)


def test_what_nobody_can_tell_is_not_sent_twice_and_ends_visibly(marketplace, now, provide, monkeypatch):
    provider = provide(EMAIL, Scripted(TimeoutError()))
    monkeypatch.setattr(provider, "look_up", lambda letters, *, now: [Unknown("cannot be asked")] * len(letters))
    message = promised(now=now)
    for hour in range(60):
        delivery.drain(marketplace, now=after(now, 3600 * hour))
    message.refresh_from_db()
    assert (message.state, message.reason, provider.calls[message.pk]) == ("failed", "gave up: cannot be asked", 1)


def test_a_letter_that_cannot_be_written_fails_alone(marketplace, now):
    outbox.promise([notice(), notice(recipient="member:2")], now=now)
    Message.objects.filter(recipient="member:1").update(kind="no_such_kind")
    delivery.drain(marketplace, now=now)
    assert sorted(Message.objects.values_list("recipient", "state", "reason")) == [
        ("member:1", "failed", "cannot be written"),
        ("member:2", "accepted", ""),
    ]


def test_a_log_names_nobody(marketplace, now, provide, caplog):
    provide(SMS, Scripted(ValueError("+13125550142 is dead")))
    outbox.promise([notice(channel=SMS), notice()], now=now)
    Message.objects.filter(channel=EMAIL).update(context={"at": "Dana Ruiz"})
    delivery.drain(marketplace, now=now)
    assert len(caplog.records) == 2 and "5550142" not in caplog.text and "Dana" not in caplog.text


def test_a_failing_channel_does_not_hold_up_the_other(marketplace, now, provide):
    provide(EMAIL, Scripted(*[ConnectionError()] * 50))
    outbox.promise([notice(recipient=f"member:{n}", channel=channel) for n in range(5) for channel in (EMAIL, SMS)], now=now)
    for _ in range(5):
        delivery.deliver_due(marketplace, now=now)
    assert Message.objects.filter(channel=SMS, state="accepted").count() == 5
    assert Message.objects.filter(channel=EMAIL, state="sending").count() == 5


def test_the_statements_of_a_breath_do_not_grow_with_its_messages(marketplace, now):
    def statements(count, occurrence):
        outbox.promise([notice(recipient=f"member:{n}", occurrence=occurrence) for n in range(count)], now=now)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert delivery.deliver_due(marketplace, now=now, channels=[EMAIL]) == count
        return len(captured)

    statements(1, "warm")
    assert statements(2, "a") == statements(100, "b") <= 20


def test_what_does_not_leave_is_told_once(marketplace, now, provide):
    provide(SMS, Scripted(*[TemporaryFailure("busy")] * 50))
    tried = promised(now=now, channel=SMS)
    forgotten = promised(now=now, kind="budget_75")
    promised(now=now, kind="budget_used", due_at=after(now, 9999))
    delivery.deliver_due(marketplace, now=now, channels=[SMS])
    assert delivery.alarm(now=after(now, POLICY.alarm_after)) == []
    assert set(delivery.alarm(now=after(now, POLICY.alarm_after + 1))) == {tried.pk, forgotten.pk}
    assert delivery.alarm(now=after(now, POLICY.alarm_after + 2)) == []


def test_another_marketplaces_outbox_is_left_alone(opt_in, now):
    from core.models import Marketplace

    promised(now=now)
    assert delivery.drain(Marketplace.objects.get(slug="craftyard"), now=now) == 0
    assert Message.objects.get().state == "queued"


def test_a_switch_can_be_turned_back_on_and_only_where_there_is_one(marketplace):
    preferences.switch(recipient="member:1", kind="new_lead", channel="sms", wanted=False)
    assert [(s.kind, s.channel) for s in preferences.switches("member:1") if not s.wanted] == [("new_lead", "sms")]
    preferences.switch(recipient="member:1", kind="new_lead", channel="sms", wanted=True)
    assert all(switch.wanted for switch in preferences.switches("member:1"))
    for kind, channel in (("password_reset", "email"), ("invitation", "email"), ("introduction", "sms"), ("new_lead", "fax"), ("x", "sms")):
        with pytest.raises(preferences.NotSwitchable):
            preferences.switch(recipient="member:1", kind=kind, channel=channel, wanted=False)


def test_an_acceptance_without_report_is_looked_up_ever_more_rarely(marketplace, now, provide, monkeypatch):
    provider = provide(SMS, Scripted())
    looks = []
    monkeypatch.setattr(provider, "look_up", lambda letters, *, now: looks.append(now) or [Accepted()])
    promised(now=now, channel=SMS)
    moment = now
    while moment < after(now, 3 * POLICY.look_up_until):
        delivery.drain(marketplace, now=moment)
        due = Message.objects.get().due_at
        if due is None:
            break
        moment = due
    assert [round((look - now).total_seconds()) for look in looks[:4]] == [30, 60, 120, 240]
    assert len(looks) < 15 and Message.objects.get().state == "accepted"
