"""With the broker stopped or frozen a homeowner waits for nothing; with it back, the work is done within a minute (INVARIANTS 38)."""

import signal
import time

import pytest

from core.tenancy import scope
from leads.models import Lead
from tests.endurance.site import Site, Visitor, wait_for
from tests.factories import a_member, a_pro

pytestmark = pytest.mark.endurance

SUBMITS = 20
JOB = {
    "description": "It leaks.", "answer_kind": "gas_tank", "answer_heaters": "1", "answer_place": "garage", "timing": "week",
    "ownership": "owner", "reach": "any",
}  # fmt: skip


def submit(site, host, number) -> float:
    """One homeowner's whole form; returns the seconds the last step took, answer page included."""
    visitor = Visitor(site, host)
    page = visitor.get("/request/")
    page = visitor.post("/request/", page, service="water-heater", zip="60614")
    page = visitor.post("/request/job/", page, **JOB)
    started = time.perf_counter()
    page = visitor.post(
        "/request/you/",
        page,
        name="Dana Whitfield",
        phone=f"(312) 555-01{number:02}",
        email=f"d{number}@homeowners.example",
        way="match",
        agreed="on",
    )
    took = time.perf_counter() - started
    assert "Stop all contact" in page
    return took


@pytest.mark.parametrize("silence", ["stopped", "frozen"])
def test_submits_answer_in_a_second_and_are_matched_within_a_minute(fresh, silence):
    marketplace = fresh()
    with scope(marketplace):
        for _ in range(8):
            a_member(a_pro(budget=100_000_000))
    with Site() as site:
        site.start_broker()
        site.start_web()
        site.start_worker("--beat", "--schedule", f"/tmp/beat-{site.port}")
        submit(site, marketplace.host, SUBMITS)

        site.kill("broker", signal.SIGKILL if silence == "stopped" else signal.SIGSTOP)
        waits = [submit(site, marketplace.host, number) for number in range(SUBMITS)]
        print(f"{silence}: slowest {max(waits):.3f} s, median {sorted(waits)[SUBMITS // 2]:.3f} s")
        assert max(waits) < 1.0

        if silence == "stopped":
            site.start_broker()
        else:
            site.kill("broker", signal.SIGCONT)

        def all_matched():
            with scope(marketplace):
                return Lead.objects.filter(outcome="filled").count() == SUBMITS + 1

        print(f"{silence}: all matched after {wait_for(all_matched, seconds=60, what='every lead is matched'):.1f} s")
