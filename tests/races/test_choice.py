"""Two open pages of one homeowner and two workers at the same instant: never a fifth seat, and each choice is whole or nothing.

INVARIANTS 1, 2: the control shows that without the lock on the lead they run into each other.
"""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError

from core.tenancy import scope
from leads import choice, lifecycle, matching
from leads.models import Lead, LeadType, Match, PickConsent
from tests.factories import a_lead, a_pro
from tests.races.processes import race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)  # the window has ended: AutoMatch may come at any moment
LEADS = 12


def market(fresh):
    """A marketplace with eight pros, and requests whose homeowners are still choosing."""
    marketplace = fresh()
    with scope(marketplace):
        pros = [a_pro(budget=100_000_000).pk for _ in range(8)]
        leads = [a_lead(now=NOW, way="choose", then_automatch=True, phone="") for _ in range(LEADS)]
    return marketplace, pros, leads


def jobs(marketplace, pros, leads):
    """Two pages that pick three pros each, none the same, and two workers."""

    def page(picks):
        def work():
            said = []
            for lead in leads:
                try:
                    with scope(marketplace):
                        said.append(len(choice.choose(lead, picks, fill=False, now=LATER)))
                except (choice.TooManyPicked, choice.ChoosingOver, choice.PickGone) as refusal:
                    said.append(refusal.code)
                except IntegrityError:
                    said.append("broken")
            return said

        return work

    def worker():
        said = []
        for lead in leads:
            try:
                with scope(marketplace):
                    said.append(len(matching.route(lead_id=lead.pk, now=LATER)))
            except IntegrityError:
                said.append("broken")
        return said

    return [page(pros[:3]), page(pros[3:6]), worker, worker]


def test_choosing_twice_and_automatch_at_once_never_make_a_fifth_seat(fresh):
    marketplace, pros, leads = market(fresh)
    for said in race(jobs(marketplace, pros, leads)):
        assert "broken" not in said
    with scope(marketplace):
        for lead in leads:
            seats = list(Match.objects.filter(lead=lead).order_by("slot"))
            assert [match.slot for match in seats] in ([1, 2, 3], [1, 2, 3, 4])
            chosen = sorted(match.pro_id for match in seats if match.lead_type == LeadType.CHOICE)
            assert chosen in ([], pros[:3], pros[3:6]), "whole or nothing"
            assert PickConsent.objects.filter(consent__lead=lead).count() == bool(chosen)
            assert bool(chosen) or Lead.objects.get(pk=lead.pk).outcome == Lead.Outcome.FILLED


def test_control_without_the_lock_on_the_lead_they_run_into_each_other(fresh, monkeypatch):
    def read_only(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent").get(pk=lead_id)

    monkeypatch.setattr(lifecycle, "lock", read_only)
    marketplace, pros, leads = market(fresh)
    broken = ["broken" in said for said in race(jobs(marketplace, pros, leads))]
    with scope(marketplace):
        halves = [
            lead
            for lead in leads
            if {match.lead_type for match in Match.objects.filter(lead=lead)} == {LeadType.CHOICE, LeadType.AUTOMATCH}
        ]
    assert any(broken) or halves
