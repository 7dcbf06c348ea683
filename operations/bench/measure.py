"""Running product and floor in turns, and telling the ratio."""

import multiprocessing
import statistics
import time

from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from billing.models import Charge, LedgerAccount
from core.policy import read
from core.tenancy import scope
from leads import matching
from leads.models import Decision, Lead, LeadType, Match
from leads.policy import Leads
from notifications.models import Message
from operations.bench import floor
from operations.bench.market import NOW, add_leads, fill
from operations.bench.scratch import scratch_database
from operations.upkeep import refresh

ROUNDS = 5
LOOKS = 200
FORK = multiprocessing.get_context("fork")


def bench_matching(*, pros=10_000, leads=400, connections_=8, sizes=(1_000, 100_000), say=lambda text: None) -> dict:
    """Seats per second against the floor (median of interleaved rounds), statements of one lead, and narrow + decide at two `sizes` of a
    marketplace at equal density. Times in seconds unless named."""
    with scratch_database():
        say("filling the scratch database")
        market = fill("bench", pros=pros, first_id=1)
        small = fill("bench-small", pros=sizes[0], first_id=10_000_000)
        large = fill("bench-large", pros=sizes[1], first_id=20_000_000)
        refresh()
        statements = _statements(market)
        model = _model(market)
        looks = _looks(small, large)
        rounds = []
        for number in range(ROUNDS):
            product = _timed(market, add_leads(market, leads), connections_, _route)
            bare = _timed(market, add_leads(market, leads), connections_, lambda m, ids: floor.write_leads(m, ids, model, NOW))
            rounds.append({"product": leads / product, "floor": leads / bare, "ratio": bare / product})
            say(f"round {number + 1}: {leads / product:.0f} leads/s, floor {leads / bare:.0f} leads/s, ratio {bare / product:.3f}")
        with scope(market.marketplace):
            seated = Match.objects.count()
        return {
            "pros": pros,
            "leads a round": leads,
            "processes": connections_,
            "leads/s (median)": round(statistics.median(r["product"] for r in rounds), 1),
            "floor leads/s (median)": round(statistics.median(r["floor"] for r in rounds), 1),
            "of the floor (median)": round(statistics.median(r["ratio"] for r in rounds), 3),
            "statements for four seats": statements,
            "narrow + decide p50 ms": {str(size): round(1000 * p50, 3) for size, p50 in looks.items()},
            f"{sizes[1]:,} over {sizes[0]:,} pros": round(looks[sizes[1]] / looks[sizes[0]], 2),
            "seats": seated,
        }


def _route(market, lead_ids):
    for lead_id in lead_ids:
        with scope(market.marketplace):
            matching.route(lead_id=lead_id, now=NOW)


def _timed(market, lead_ids, processes, work) -> float:
    """Seconds until `processes` processes have worked off their shares, from a common start."""
    connections.close_all()
    barrier = FORK.Barrier(processes + 1)

    def share(number):
        connections.close_all()
        barrier.wait()
        work(market, lead_ids[number::processes])
        connections.close_all()

    workers = [FORK.Process(target=share, args=(number,)) for number in range(processes)]
    for worker in workers:
        worker.start()
    barrier.wait()
    started = time.perf_counter()
    for worker in workers:
        worker.join()
    if any(worker.exitcode for worker in workers):
        raise RuntimeError("A worker of the measurement failed; its traceback stands above.")
    return time.perf_counter() - started


def _statements(market) -> int:
    """The captured statements of one lead with four seats, once its pros' accounts exist or not."""
    [lead_id] = add_leads(market, 1)
    with CaptureQueriesContext(connection) as captured, scope(market.marketplace):
        assert len(matching.route(lead_id=lead_id, now=NOW)) == 4
    return len(captured)


def _model(market) -> dict:
    with scope(market.marketplace):
        charge = Charge.objects.select_related("terms").first()
        accounts = dict(LedgerAccount.objects.values_list("pro_id", "pk"))
        context = Message.objects.filter(kind="new_lead").first().context
        return floor.model_of(Decision.objects.latest("at"), charge, accounts, charge.terms_id, context)


def _looks(*markets) -> dict:
    """Median seconds of narrow + decide in each market, looked at in turns."""
    seen = {market: [] for market in range(len(markets))}
    waiting = [add_leads(market, LOOKS) for market in markets]
    for number in range(LOOKS):
        for place, market in enumerate(markets):
            with scope(market.marketplace):
                lead = Lead.objects.select_related("service", "homeowner").get(pk=waiting[place][number])
                situation = matching.situate(lead, matching.Seats(), lead_type=LeadType.AUTOMATCH, policy=read(Leads), now=NOW)
                started = time.perf_counter()
                matching.look(situation)
                seen[place].append(time.perf_counter() - started)
    sizes = [sum(len(segment.pros) for segment in market.segments) for market in markets]
    return {size: statistics.median(seen[place]) for place, size in enumerate(sizes)}
