"""Seats are sold, statuses set and requests stopped at the same instant: the open work of a pro is what its matches say, and no seat goes
past its capacity (RULES 10, INVARIANTS 6). The controls show that without the locks both break."""

from datetime import UTC, datetime
from random import Random

import pytest
from django.db import IntegrityError

from accounts.models import Member, ProState
from accounts.seat_counters import lock_waiting
from core.tenancy import scope
from credits import stopping
from leads import matching, progress
from leads.models import Lead, Match
from leads.queries import due_leads
from tests.factories import a_lead, a_member, a_pro
from tests.races.processes import race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
OPEN = ("new", "contacted", "quoted")


def market(fresh, *, pros=6, leads=40, cap=None):
    marketplace = fresh()
    with scope(marketplace):
        for _ in range(pros):
            a_member(a_pro(budget=100_000_000))
        ProState.objects.update(open_cap=cap)
        for _ in range(leads):
            a_lead(now=NOW, phone="", agreed_sms=False)
    return marketplace


def routing(marketplace, number, workers):
    with scope(marketplace):
        mine = due_leads(now=NOW, limit=1_000)[number::workers]

    def work():
        for lead_id in mine:
            with scope(marketplace):
                matching.route(lead_id=lead_id, now=NOW)

    return work


def saying(marketplace, seed, *, words, times):
    """A member of each pro says of its matches, in an order of its own, how far they are."""

    def work():
        said, broken = Random(seed), 0
        for _ in range(times):
            with scope(marketplace):
                ids = list(Match.objects.values_list("pk", flat=True))
            for pk in said.sample(ids, len(ids)):
                try:
                    with scope(marketplace):
                        match = Match.objects.get(pk=pk)
                        member = Member.objects.get(pro=match.pro_id)
                        progress.set_progress(match, said.choice(words), by=member, now=NOW)
                except progress.MatchClosed:
                    pass
                except IntegrityError:
                    broken += 1
        return broken

    return work


def stopping_some(marketplace):
    def work():
        with scope(marketplace):
            leads = list(Lead.objects.order_by("pk"))[::3]
        for lead in leads:
            with scope(marketplace):
                stopping.stop_all_contact(lead, now=NOW)

    return work


def miscounted(marketplace) -> int:
    with scope(marketplace):
        return sum(
            state.open_work != Match.objects.filter(pro=state.pro_id, state="live", progress__in=OPEN).count()
            for state in ProState.objects.all()
        )


def test_seats_statuses_and_stops_at_once_are_counted_right(fresh):
    marketplace = market(fresh, cap=8)
    with scope(marketplace):
        for lead_id in due_leads(now=NOW, limit=12):
            matching.route(lead_id=lead_id, now=NOW)
    jobs = [routing(marketplace, number, 3) for number in range(3)]
    jobs += [saying(marketplace, seed, words=("contacted", "archived", "quoted"), times=3) for seed in range(3)]
    race([*jobs, stopping_some(marketplace)])
    assert miscounted(marketplace) == 0


def test_two_members_say_different_things_of_the_same_matches(fresh):
    marketplace = market(fresh, leads=6)
    race([routing(marketplace, 0, 1)])
    assert race([saying(marketplace, seed, words=("new", "archived"), times=6) for seed in range(4)]) == [0] * 4
    assert miscounted(marketplace) == 0


def test_control_when_the_match_is_not_held_a_status_is_counted_twice(fresh, monkeypatch):
    monkeypatch.setattr(progress, "hold", lambda match: Match.objects.get(pk=match.pk))
    marketplace = market(fresh, leads=6)
    race([routing(marketplace, 0, 1)])
    broken = sum(race([saying(marketplace, seed, words=("new", "archived"), times=6) for seed in range(4)]))
    assert broken or miscounted(marketplace)


@pytest.mark.parametrize("guarded", [True, False], ids=["held", "control"])
def test_eight_workers_sell_no_seat_past_the_capacity(fresh, monkeypatch, guarded):
    def hold_whatever_changed(contest):
        lock_waiting(sorted(contest.decided.winners))
        return True

    if not guarded:
        monkeypatch.setattr(matching, "hold", hold_whatever_changed)
    marketplace = market(fresh, pros=16, leads=120, cap=7)
    race([routing(marketplace, number, 8) for number in range(8)])
    assert miscounted(marketplace) == 0
    with scope(marketplace):
        most = max(ProState.objects.values_list("open_work", flat=True))
        assert (most == 7 and Match.objects.count() == 16 * 7) if guarded else most > 7
