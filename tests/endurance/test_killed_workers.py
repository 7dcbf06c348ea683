"""kill -9 of the worker at fifty random points: no lead lost, nothing charged or sent twice (INVARIANTS 10, 17, 26, 40)."""

import os
import random
import time

import pytest
from celery import Celery
from django.db.models import Count
from django.utils import timezone

from billing.models import Charge, Transfer
from contact.models import Line
from core.tenancy import scope
from leads.models import Lead, Match
from notifications.models import LocalDelivery, Message
from operations.prove import prove
from tests.endurance.site import Site, wait_for
from tests.factories import a_lead, a_member, a_pro

pytestmark = pytest.mark.endurance

LEADS, KILLS = int(os.environ.get("LEADS", 500)), int(os.environ.get("KILLS", 50))
PENDING = [Message.State.QUEUED, Message.State.SENDING]


def test_a_worker_that_dies_fifty_times_loses_and_doubles_nothing(fresh):
    marketplace = fresh()
    with scope(marketplace):
        for _ in range(40):
            a_member(a_pro(budget=100_000_000))
    draw = random.Random(7)
    with Site() as site:
        site.start_broker()
        bell = Celery(broker=site.environment["REDIS_URL"])
        waiting = LEADS
        for _kill in range(KILLS):
            now = timezone.now()
            with scope(marketplace):
                for _ in range(LEADS // KILLS):
                    a_lead(now=now, phone="")
                    waiting -= 1
            site.start_worker()
            begun, end = time.monotonic(), draw.uniform(1.5, 5.0)
            while time.monotonic() - begun < end:
                for task in ("leads.sweep", "leads.fold", "notifications.sweep", "contact.sweep"):
                    bell.send_task(task, expires=5)
                time.sleep(0.2)
            site.kill("worker")
        assert waiting == 0
        site.start_worker("--beat", "--schedule", f"/tmp/beat-kill-{site.broker_port}")

        left = [0] * 4

        def drained():
            with scope(marketplace):
                left[:] = [
                    Lead.objects.filter(state=Lead.State.NEW).count(),
                    *(Message.objects.filter(state=state, due_at__lte=timezone.now()).count() for state in PENDING),
                    Line.objects.filter(due_at__lte=timezone.now()).count(),
                ]
                return not any(left)

        try:
            print(f"drained {wait_for(drained, seconds=120, what='the backlog drains'):.1f} s after the last kill")
        finally:
            messages = dict(zip(PENDING, left[1:3], strict=True))
            print(f"left: {left[0]} new leads, {messages} messages, {left[3]} lines to be looked at")

    with scope(marketplace):
        assert Lead.objects.count() == LEADS
        assert Lead.objects.filter(outcome=Lead.Outcome.FILLED).count() == LEADS
        assert Match.objects.count() == Charge.objects.count() == Transfer.objects.count() == LEADS * 4
        doubled = LocalDelivery.objects.order_by().values("message").annotate(n=Count("id")).filter(n__gt=1).count()
        tries = Message.objects.filter(attempts__gt=1).count()
        print(f"messages {Message.objects.count()}, needed more than one attempt {tries}, sent twice {doubled}")
        assert doubled == 0
    assert not [finding for finding in prove(marketplace, now=timezone.now()) if finding.broken]
