"""Open work: counted with each seat, given back when the pro is done with it, a limit of the decision (RULES 10)."""

from importlib import import_module
from pkgutil import iter_modules

import pytest

from accounts import purchase_settings as buying
from accounts.models import ProState
from core import sql
from credits import stopping
from leads import matching, migrations, offers, withdrawal
from leads.models import Decision, Match, Offer
from leads.offers import NoLongerEligible
from leads.progress import set_progress
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro

pytestmark = pytest.mark.django_db


def open_work(pro) -> int:
    """The counter, which is always what the rows say."""
    kept = ProState.objects.get(pro=pro).open_work
    live = Match.objects.filter(pro=pro, state="live", test=False, progress__in=["new", "contacted", "quoted"])
    assert kept == live.count()
    return kept


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro())


def match_of(owner, **said):
    return Match.objects.get(lead=a_matched_lead(**said), pro=owner.pro)


def test_every_status_moves_it_and_only_the_way_from_open_to_done_and_back(owner, now):
    match = match_of(owner, now=now)
    won, lost = {"won_amount": 100_000}, {"lost_reason": "price"}
    for progress, said, count in [
        ("contacted", {}, 1), ("quoted", {}, 1), ("won", won, 0), ("won", {"won_amount": 5}, 0), ("lost", lost, 0), ("archived", {}, 0),
        ("new", {}, 1), ("archived", {}, 0), ("archived", {}, 0), ("quoted", {}, 1),
    ]:  # fmt: skip
        set_progress(match, progress, by=owner, now=now, **said)
        assert open_work(owner.pro) == count, progress


def test_at_its_capacity_nothing_comes_until_some_are_done(owner, now):
    buying.set_open_cap(owner.pro, 2, by=owner, now=now)
    first, _second = match_of(owner, now=now), match_of(owner, now=now)
    third = a_matched_lead(now=now)
    [verdict] = Decision.objects.get(lead=third).verdicts
    assert verdict[1:] == ["open_work", 2, 2] and open_work(owner.pro) == 2
    set_progress(first, "lost", by=owner, now=now, lost_reason="price")
    matching.route(lead_id=third.pk, now=now)
    assert Match.objects.filter(lead=third).exists() and open_work(owner.pro) == 2


def test_what_is_opened_again_may_go_past_the_capacity_and_is_never_refused(owner, now):
    buying.set_open_cap(owner.pro, 1, by=owner, now=now)
    first = match_of(owner, now=now)
    set_progress(first, "archived", by=owner, now=now)
    match_of(owner, now=now)
    assert set_progress(first, "contacted", by=owner, now=now) and open_work(owner.pro) == 2


def test_a_status_raises_the_version_a_seat_is_decided_on_only_when_it_counts(owner, now):
    match = match_of(owner, now=now)
    rev = ProState.objects.get(pro=owner.pro).rev
    set_progress(match, "contacted", by=owner, now=now)
    assert ProState.objects.get(pro=owner.pro).rev == rev
    set_progress(match, "archived", by=owner, now=now)
    assert ProState.objects.get(pro=owner.pro).rev == rev + 1


def test_a_homeowner_who_stops_all_contact_ends_the_work_of_everybody(owner, now):
    other = a_member(a_pro())
    lead = a_matched_lead(now=now)
    done = Match.objects.get(lead=lead, pro=other.pro)
    set_progress(done, "archived", by=other, now=now)
    assert (open_work(owner.pro), open_work(other.pro)) == (1, 0)
    stopping.stop_all_contact(lead, now=now)
    assert (open_work(owner.pro), open_work(other.pro)) == (0, 0)
    stopping.stop_all_contact(lead, now=now)
    withdrawal.stop_all_contact(lead, now=now)
    set_progress(Match.objects.get(lead=lead, pro=owner.pro), "archived", by=owner, now=now)
    assert open_work(owner.pro) == 0


def test_test_traffic_counts_nothing(marketplace, now):
    member = a_member(a_pro(test=True))
    match = Match.objects.get(lead=a_matched_lead(now=now, test=True))
    assert open_work(member.pro) == 0
    for progress in ("archived", "new"):
        set_progress(match, progress, by=member, now=now)
        assert open_work(member.pro) == 0
    withdrawal.stop_all_contact(match.lead, now=now)
    assert open_work(member.pro) == 0


def test_an_accept_counts_an_undone_one_does_not_and_a_full_desk_takes_none(opt_in, now):
    member = a_member(a_funded_pro())
    ProState.objects.update(tier=3)
    buying.set_open_cap(member.pro, 1, by=member, now=now)
    leads = [a_lead(now=now) for _ in range(2)]
    for lead in leads:
        matching.route(lead_id=lead.pk, now=now)
    first, second = (Offer.objects.get(lead=lead) for lead in leads)
    match = offers.accept(first, by=member, shown_price=first.price, now=now)
    assert open_work(member.pro) == 1
    with pytest.raises(NoLongerEligible) as refused:
        offers.accept(second, by=member, shown_price=second.price, now=now)
    assert refused.value.rule == "open_work" and "You had 1 open leads, and your cap is 1." in str(refused.value)
    offers.undo(match, by=member, now=now)
    offers.undo(match, by=member, now=now)
    assert open_work(member.pro) == 0
    offers.accept(second, by=member, shown_price=second.price, now=now)
    assert open_work(member.pro) == 1


def test_what_is_open_already_is_counted_when_the_counter_comes(owner, now):
    done, _open, _open_too = (match_of(owner, now=now) for _ in range(3))
    set_progress(done, "archived", by=owner, now=now)
    ProState.objects.update(open_work=0)
    [name] = [each.name for each in iter_modules(migrations.__path__) if each.name.endswith("_open_work")]
    sql.run(import_module(f"leads.migrations.{name}").COUNT)
    assert open_work(owner.pro) == 2
