"""kill -9 of a replay with callers at fifty random points: it goes on when run again, and ends as one that nobody disturbed."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Count

from contact.models import Call, Leg, LocalCall, LocalEvent
from core.models import Event
from core.tenancy import scope
from credits.models import CreditRequest
from operations.loading import contractors, load_pros
from operations.prove import prove
from operations.replay import replay
from operations.replay.records import rows
from tests.conftest import BEFORE_RECORDS
from tests.endurance.site import LOGS, ROOT, Site

pytestmark = pytest.mark.endurance

SAMPLE = Path(settings.BASE_DIR) / "demo"
RECORDS, KILLS = int(os.environ.get("RECORDS", 150)), int(os.environ.get("KILLS", 50))
FIGURES = ["leads", "matches", "calls", "dead numbers", "claims", "charged cents"]


def test_a_replay_that_dies_fifty_times_loses_and_doubles_nothing(fresh):
    disturbed, quiet = (market(fresh) for _each in range(2))
    draw, kills = random.Random(11), 0
    while kills < KILLS and not lives_for(disturbed, draw):
        kills += 1
    print(f"killed {kills} times")
    assert kills == KILLS, "the replay ended before it was killed often enough: give it more RECORDS"

    given = rows(SAMPLE / "permits.csv.gz", limit=RECORDS)
    reports = []
    for marketplace in (disturbed, quiet):
        tally = replay(marketplace, given, call=True)
        with scope(marketplace):
            reports.append(tally.report())
            assert not LocalCall.objects.filter(ended_at=None).exists() and not LocalEvent.objects.exists()
            assert not Call.objects.filter(closed_at=None).exists()
            assert not doubled(LocalCall.objects.filter(parent=None), "from_number", "to_number", "started_at")
            assert not doubled(Call.objects.filter(line__isnull=False), "line", "opened_at")
            assert not doubled(Leg.objects.all(), "call", "side")
            assert not doubled(CreditRequest.objects.filter(filed_by__startswith="member:"), "match", "reason")
        assert not [finding for finding in prove(marketplace, now=BEFORE_RECORDS) if finding.broken]
    one, other = ({name: report[name] for name in (*FIGURES, "discounts", "credited cents")} for report in reports)
    print(f"disturbed {one}\nquiet     {other}")
    assert {name: one[name] for name in FIGURES} == {name: other[name] for name in FIGURES}


def market(fresh):
    marketplace = fresh(replay=True, now=BEFORE_RECORDS)
    with scope(marketplace):
        load_pros(contractors(SAMPLE / "contractors.csv"), now=BEFORE_RECORDS, budget=30_000, per_day=5)
    return marketplace


def lives_for(marketplace, draw) -> bool:
    """Let it replay in a process of its own until it has done something new, and then some moments more. True when it came to its end."""
    before = events(marketplace)
    file, limit = str(SAMPLE / "permits.csv.gz"), str(RECORDS)
    command = [sys.executable, "manage.py", "replay", file, "--limit", limit, "--marketplace", marketplace.slug, "--call"]
    environment = Site().environment | {"PORT": str(settings.PORT)}  # the addresses of calls under way stay the same
    with open(LOGS / "endurance-replay.log", "ab") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        while process.poll() is None and events(marketplace) == before:
            time.sleep(0.05)
        process.wait(timeout=draw.uniform(0, 1))
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()
        process.wait()
    return process.returncode == 0


def events(marketplace) -> int:
    with scope(marketplace):
        return Event.objects.count()


def doubled(rows, *columns):
    return list(rows.order_by().values(*columns).annotate(n=Count("pk")).filter(n__gt=1))
