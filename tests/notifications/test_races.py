"""Two deliverers at once, with real transactions - and the control that shows the test can see the bug (INVARIANTS 17, 26, 29)."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection

from core.due import only_one
from core.tenancy import scope
from notifications import delivery, outbox, stop, tasks
from notifications.channels import Accepted
from notifications.models import Channel, FirstDelivery, LocalDelivery, Message
from tests.notifications.post import Scripted, notice

WORKERS, MESSAGES = 4, 40


class Counting:
    """Counts what it is given, from any thread, and refuses to be called inside a transaction."""

    at_once = 5

    def __init__(self):
        self.given = Counter()
        self.inside = 0

    def send(self, letters, *, now):
        self.inside += connection.in_atomic_block
        self.given.update(letter.id for letter in letters)
        return [Accepted(provider_id=str(letter.id), at=now) for letter in letters]

    look_up = send


def together(job):
    """Run `job` in WORKERS threads that start at one instant. Returns what they raised."""
    start, raised = threading.Barrier(WORKERS), []

    def run():
        try:
            start.wait(10)
            job()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


@pytest.fixture
def town(fresh, now):
    """A committed marketplace with 40 notices about 10 subjects due."""
    marketplace = fresh()
    with scope(marketplace):
        outbox.promise([notice(channel=Channel.SMS, subject=f"match-{n % 10}", recipient=f"member:{n}") for n in range(MESSAGES)], now=now)
    return marketplace


def test_deliverers_at_once_hand_each_notice_over_once(town, now, provide):
    provider = provide(Channel.SMS, Counting())

    def work():
        while delivery.deliver_due(town, now=now, channels=[Channel.SMS]):
            pass

    assert together(work) == []
    with scope(town):
        assert Message.objects.filter(state="accepted", attempts=1).count() == MESSAGES
        assert FirstDelivery.objects.count() == 10
    assert set(provider.given.values()) == {1} and len(provider.given) == MESSAGES
    assert provider.inside == 0


def test_nothing_needs_a_marketplace_in_force(fresh, now):
    """The whole way with the local provider as a worker goes it: promised, handed over, confirmed, reported stuck to nobody."""
    marketplace = fresh()
    with scope(marketplace):
        outbox.promise([notice(), notice(channel=Channel.SMS), notice(address="busy@example.com", recipient="member:2")], now=now)
    for minute in range(4):
        delivery.drain(marketplace, now=now + timedelta(minutes=minute))
    with scope(marketplace):
        assert list(Message.objects.values_list("state", flat=True)) == ["confirmed"] * 3
        assert LocalDelivery.objects.count() == 3
    connection.close()


def test_the_control_without_locks_hands_over_twice(town, now, provide, monkeypatch):
    """The same story with a claim that reads, waits for the others, and takes: the test above would see it."""
    provider = provide(Channel.SMS, Counting())
    read = threading.Barrier(WORKERS)

    def naive(due, *, now, lease, limit):
        rows = list(due.filter(due_at__lte=now).order_by("due_at")[:limit])
        read.wait(60)
        return rows

    monkeypatch.setattr(delivery, "claim", naive)
    together(lambda: delivery.deliver_due(town, now=now, channels=[Channel.SMS]))
    assert max(provider.given.values()) > 1


def test_a_stop_that_is_committed_before_sending_wins(town, now, provide):
    """STOP from one connection, sending from others: whoever begins after it sends nothing."""
    provider = provide(Channel.SMS, Counting())
    with scope(town):
        stop.stop(Channel.SMS, "+13125550142", reason="stop", now=now)
    together(lambda: delivery.deliver_due(town, now=now, channels=[Channel.SMS]))
    delivery.drain(town, now=now)
    with scope(town):
        assert Message.objects.filter(state="suppressed").count() == MESSAGES
    assert not provider.given


def test_reports_records_and_cancelling_at_once_lock_nothing_up(town, now, provide):
    provide(Channel.SMS, Counting())
    turn = iter(range(WORKERS))

    def work():
        mine = next(turn)
        for n in range(10):
            if mine == 0:
                with scope(town):
                    outbox.cancel(subjects=[f"match-{9 - n}", f"match-{n}", "match-5"], reason="withdrawn", now=now)
            elif mine == 1:
                delivery.confirm_accepted(town, now=now + timedelta(hours=1))
            else:
                delivery.deliver_due(town, now=now)

    assert together(work) == []
    delivery.drain(town, now=now)
    with scope(town):
        assert set(Message.objects.values_list("state", flat=True)) <= {"accepted", "cancelled"}


def test_whoever_cancels_waits_for_a_deliverer_with_nothing_in_hand(town, now):
    """Stop all contact is about a lead and its matches: were they cancelled one after the other, it would hold what the deliverer
    wants next, while it waits for what the deliverer has."""
    cancelled = []

    def stop_all():
        try:
            with scope(town):
                cancelled.append(outbox.cancel(subjects=[last.subject, first.subject], reason="withdrawn", now=now))
        finally:
            connection.close()

    with scope(town):
        ordered = Message.objects.order_by("pk")
        first = ordered.first()
        last = ordered.exclude(subject=first.subject).last()
        locking = Message.objects.select_for_update(no_key=True, nowait=True)
        locking.get(pk=first.pk)
        thread = threading.Thread(target=stop_all)
        thread.start()
        while thread.is_alive() and not somebody_waits():
            pass
        locking.get(pk=last.pk)
    thread.join(10)
    assert cancelled == [MESSAGES // 10 * 2]


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select exists (select from pg_locks where not granted)")
        return cursor.fetchone()[0]


def test_a_channel_has_one_process_and_the_other_channel_its_own(town, now):
    """While one worker hangs in the mail provider, a second finds e-mail taken and text messages free."""
    seen = {}

    def other():
        try:
            with only_one(tasks._LOCK[Channel.EMAIL]) as email, only_one(tasks._LOCK[Channel.SMS]) as sms:
                seen.update(email=email, sms=sms)
        finally:
            connection.close()

    with only_one(tasks._LOCK[Channel.EMAIL]) as mine:
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(10)
    assert (mine, seen) == (True, {"email": False, "sms": True})
    with only_one(tasks._LOCK[Channel.EMAIL]) as again:
        assert again
    connection.close()


def test_the_tasks_deliver_what_is_due_in_live_marketplaces_only(fresh, provide, monkeypatch):
    from django.utils import timezone

    provider = provide(Channel.SMS, Scripted())
    live, replay = fresh(), fresh(replay=True)
    for marketplace in (live, replay):
        with scope(marketplace):
            outbox.promise([notice(channel=Channel.SMS)], now=timezone.now())
    monkeypatch.setattr(tasks, "live", lambda: type(live).objects.filter(pk__in=[live.pk, replay.pk], replay=False))
    tasks.deliver_sms()
    states = []
    for marketplace in (live, replay):
        with scope(marketplace):
            states.append(Message.objects.get().state)
    assert (states, len(provider.kept)) == (["accepted", "queued"], 1)
    connection.close()


def test_the_sweep_rings_for_every_channel_and_tells_what_is_stuck_once(fresh, now, monkeypatch, caplog):
    rung = []
    for channel, task in tasks.DELIVER.items():
        monkeypatch.setattr(task, "apply_async", lambda channel=channel, **options: rung.append(channel))
    marketplace = fresh()
    monkeypatch.setattr(tasks, "live", lambda: [marketplace])
    with scope(marketplace):
        outbox.promise([notice()], now=now)
        message = Message.objects.get()
    later = now + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    tasks.sweep()
    tasks.sweep()
    assert rung == [Channel.EMAIL, Channel.SMS] * 2
    assert [str(message.pk) in record.getMessage() for record in caplog.records] == [True]
    connection.close()
