"""How a pro does with its leads, figure by figure, counted by hand (RULES 46)."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest

from accounts.models import ProState
from billing import charges, queries
from leads import choice, matching, offers, performance, withdrawal
from leads.figures import Figures
from leads.models import Match, Offer
from leads.opening import open_match
from leads.performance import NotIncluded, performance_of, service_called
from leads.progress import set_progress
from leads.spans import Span
from tests.calls import a_call, a_call_back, a_fault
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TODAY = date(2026, 5, 20)
HEATER, REPAIR = 2_800, 2_000  # what a lead costs, cents
_numbers = count()


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro("Prairie State Plumbing", services=("water-heater", "plumbing-repair")))


def noon(month, day):
    """Noon in Chicago."""
    return datetime(2026, month, day, 18 if (month, day) < (3, 8) else 17, tzinfo=UTC)


def a_seat(owner, *, at, opened=2, **said):
    """The pro's match on a new lead of somebody with a phone, opened after so many minutes."""
    lead = a_matched_lead(now=at, **{"phone": f"+1847555{100 + next(_numbers) % 100:04}"} | said)
    match = Match.objects.get(lead=lead, pro=owner.pro)
    if opened is not None:
        open_match(match, by=owner, now=at + opened * MINUTE)
    return match


def spring(owner):
    """Ten leads of two services, from March to May."""
    pro, repair = owner.pro, {"service": "plumbing-repair"}
    match = a_seat(owner, at=noon(3, 2))
    a_call(match, by=owner, at=match.at + 11 * MINUTE, talked=192)
    set_progress(match, "won", by=owner, now=match.at + DAY, won_amount=123_450)
    match = a_seat(owner, at=noon(3, 3))
    a_call(match, by=owner, at=match.at + 20 * MINUTE)
    set_progress(match, "lost", by=owner, now=match.at + DAY, lost_reason="price")
    match = a_seat(owner, at=noon(3, 10), **repair)
    a_call(match, by=owner, at=match.at + 42 * MINUTE)
    set_progress(match, "quoted", by=owner, now=match.at + DAY)
    a_seat(owner, at=noon(3, 11), opened=None)
    match = a_seat(owner, at=noon(4, 6))
    a_call(match, by=owner, at=match.at + 12 * MINUTE, rang=4, ended_by="pro")
    match = a_seat(owner, at=noon(4, 7), **repair)
    a_call_back(match, at=match.at + 10 * MINUTE, talked=75)
    set_progress(match, "won", by=owner, now=match.at + DAY, won_amount=200_000)
    set_progress(match, "archived", by=owner, now=match.at + 2 * DAY)
    match = a_seat(owner, at=noon(4, 8))
    a_fault(match, by=owner, at=match.at + 7 * MINUTE)
    match = a_seat(owner, at=noon(5, 4))
    credit(match)
    match = a_seat(owner, at=noon(5, 5), **repair)
    withdrawal.stop_all_contact(match.lead, now=match.at + DAY)
    lead = a_lead(now=noon(5, 6), way="choose", then_automatch=False, phone="+16305550188")
    matching.route(lead_id=lead.pk, now=noon(5, 6))
    [match] = choice.choose(lead, [pro.pk], fill=False, now=noon(5, 6) + MINUTE, page="/choose/")
    open_match(match, by=owner, now=match.at + 2 * MINUTE)
    a_call(match, by=owner, at=match.at + 3 * MINUTE, talked=40)
    set_progress(match, "won", by=owner, now=match.at + DAY, won_amount=50_000)


def credit(match):
    """The match is given back in full, as a granted claim does."""
    charges.credit_back(match.charge_id, reference=f"credit:{match.pk}", now=match.at + DAY)
    Match.objects.filter(pk=match.pk).update(state="credited", state_at=match.at + DAY)


def of(pro, first=date(2026, 1, 1), last=TODAY, **chosen):
    return performance_of(pro, Span("own", first, last, pro.zone), today=TODAY, **chosen)


def few(**counted):
    return Figures((5, 10), **counted)


def told(parts):
    return {part.code: (part.leads, part.figures.leads) for part in parts if part.leads or part.figures.leads}


ALL = few(leads=9, returned=1, contacted=6, timed=6, in_time=5, talked=3, quoted=4, won=3, lost=1, won_in_time=3, seconds=510,
          won_amount=373_450, price=25_600, discounted=2_640, credited=2_800)  # fmt: skip


def test_every_figure_of_a_spring(owner):
    spring(owner)
    found = of(owner.pro).all
    assert found == ALL
    assert (found.response.percent, found.speed.percent, found.contact.percent, found.wins.percent) == (67, 56, 33, 33)
    assert (found.minutes, found.open, found.net, found.cost_per_won) == (9, 5, 20_160, 6_720)
    assert found.sure == "few"


def test_by_lead_type_and_service(owner):
    spring(owner)
    found = of(owner.pro)
    automatch, chosen, opt_in = found.types
    assert [part.name for part in found.types] == ["AutoMatch", "Choice Match", "Opt-in"]
    assert chosen.figures == few(leads=1, contacted=1, timed=1, in_time=1, talked=1, quoted=1, won=1, won_in_time=1, seconds=60,
                                 won_amount=50_000, price=HEATER, discounted=560)  # fmt: skip
    assert (automatch.figures.leads, automatch.figures.won, opt_in.figures) == (8, 2, few())
    repair, heater = found.services
    assert [part.name for part in found.services] == ["Plumbing repair", "Water heater replacement"]
    assert (heater.figures.leads, heater.figures.net, heater.figures.cost_per_won) == (6, 14_560, 7_280)
    assert (repair.figures.leads, repair.figures.net, repair.figures.cost_per_won) == (3, 5_600, 5_600)


def test_filters_go_together_and_say_what_the_others_would_show(owner):
    spring(owner)
    heater = service_called("water-heater")
    found = of(owner.pro, service=heater, lead_type="automatch")
    assert (found.all.leads, found.all.returned, found.all.won, found.all.price) == (5, 1, 1, 6 * HEATER)
    assert told(found.types) == {"automatch": (5, 5), "choice": (1, 0)}
    assert told(found.services) == {"water-heater": (5, 5), "plumbing-repair": (3, 0)}
    assert of(owner.pro, lead_type="opt_in").all == few()
    assert of(owner.pro, service=heater, lead_type="choice").all.seconds == 60


def test_by_week(owner):
    spring(owner)
    found = {column.key: figures for column, figures in of(owner.pro, date(2026, 3, 1), date(2026, 5, 19)).columns}
    measured = {key: (each.leads, each.contacted, each.seconds, each.won) for key, each in found.items() if each.leads}
    assert measured == {
        date(2026, 3, 2): (2, 2, 810, 1),
        date(2026, 3, 9): (2, 1, 2_400, 0),
        date(2026, 4, 6): (3, 2, 390, 1),
        date(2026, 5, 4): (2, 1, 60, 1),
    }
    assert found[date(2026, 5, 4)].returned == 1
    months = {column.key: figures.leads for column, figures in of(owner.pro).columns}
    assert months == {date(2026, month, 1): leads for month, leads in zip(range(1, 6), (0, 0, 4, 3, 2), strict=True)}


def test_only_the_days_asked_for_count(owner):
    spring(owner)
    assert of(owner.pro, date(2026, 4, 7), date(2026, 5, 4)).all == few(
        leads=2, returned=1, contacted=2, timed=2, in_time=2, talked=1, quoted=1, won=1, won_in_time=1, seconds=390, won_amount=200_000,
        price=REPAIR + 2 * HEATER, discounted=960, credited=HEATER,
    )  # fmt: skip
    assert of(owner.pro, date(2026, 4, 9), date(2026, 5, 3)).all == few()


def test_days_and_weeks_are_the_pros_own(owner):
    """The last second of a Sunday on which the clocks changed, and the first of Monday."""
    midnight = datetime(2026, 3, 9, 5, tzinfo=UTC)
    for at in (midnight - timedelta(seconds=1), midnight):
        a_seat(owner, at=at, opened=None)
    sunday, monday = date(2026, 3, 8), date(2026, 3, 9)
    assert of(owner.pro, sunday, sunday).all.leads == of(owner.pro, monday, monday).all.leads == 1
    assert [figures.leads for _column, figures in of(owner.pro, sunday, monday).columns] == [1, 1]


def test_money_is_that_of_the_statement(owner):
    spring(owner)
    state = ProState.objects.get(pro=owner.pro)
    sums = queries.sums_of(owner.pro)
    assert len(sums) == 4
    for period, each in sums.items():
        first = state.anchor + period * 30 * DAY
        found = of(owner.pro, first, first + 29 * DAY).all
        assert (found.price, found.discounted, found.credited, found.net) == (each.price, each.discounted, each.credited, each.net)


def test_a_call_before_the_clock_took_no_time(owner):
    early = a_seat(owner, at=noon(5, 11), opened=20)
    a_call(early, by=owner, at=early.at + 5 * MINUTE)
    assert (of(owner.pro).all.seconds, of(owner.pro).all.in_time) == (0, 1)


def test_a_call_at_night_reaches_the_homeowner_but_has_no_time(owner):
    """The lead came at 10 PM; its clock starts at 8 AM, and the call of the next morning is the one that is timed."""
    match = a_seat(owner, at=noon(5, 11) + 10 * 60 * MINUTE)
    a_call(match, by=owner, at=match.at + 30 * MINUTE)
    found = of(owner.pro).all
    assert (found.contacted, found.in_time, found.timed, found.seconds) == (1, 0, 0, None)
    a_call(match, by=owner, at=match.at + (10 * 60 + 12) * MINUTE)
    found = of(owner.pro).all
    assert (found.contacted, found.in_time, found.timed, found.seconds) == (1, 1, 1, 720)


def test_where_no_clock_has_started_time_runs_from_the_seat(owner):
    unseen = a_seat(owner, at=noon(5, 11), opened=None)
    a_call(unseen, by=owner, at=unseen.at + 5 * MINUTE)
    assert Match.objects.get(pk=unseen.pk).line.clock_starts_at is None
    assert of(owner.pro).all.seconds == 300


def test_a_pro_without_leads(owner):
    found = of(owner.pro)
    assert found.all == few() and found.services == [] and found.all.is_empty
    assert [part.figures for part in found.types] == [few()] * 3


def test_one_lead(owner):
    match = a_seat(owner, at=noon(5, 18))
    found = of(owner.pro)
    assert found.all == few(leads=1, price=HEATER)
    assert (found.all.sure, found.all.response.is_said, found.all.response.percent) == ("too_few", False, 0)
    assert match.price == HEATER


def test_another_pro_on_the_same_leads_changes_nothing(owner):
    spring(owner)
    before = of(owner.pro)
    other = a_member(a_pro("Lakeview Pipe", services=("water-heater",)))
    lead = a_matched_lead(now=noon(5, 15), phone="+16305550199")
    assert Match.objects.filter(lead=lead).count() == 2
    theirs = Match.objects.get(lead=lead, pro=other.pro)
    open_match(theirs, by=other, now=theirs.at + MINUTE)
    a_call(theirs, by=other, at=theirs.at + 2 * MINUTE, talked=60)
    set_progress(theirs, "won", by=other, now=theirs.at + DAY, won_amount=1)
    assert of(owner.pro).all == few(**{name: getattr(before.all, name) for name in Figures.__slots__ if name != "bounds"} | {
        "leads": 10, "price": 28_400})  # fmt: skip
    assert of(other.pro).all == few(leads=1, contacted=1, timed=1, in_time=1, talked=1, quoted=1, won=1, won_in_time=1, seconds=60,
                                    won_amount=1, price=HEATER, discounted=560)  # fmt: skip


def test_test_leads_count_nowhere(marketplace):
    owner = a_member(a_pro("Test Plumbing", test=True))
    lead = a_matched_lead(now=noon(5, 15), test=True)
    assert Match.objects.filter(lead=lead, pro=owner.pro, test=True).exists()
    assert of(owner.pro).all == few()


def test_an_accept_that_was_undone_never_was(opt_in, now):
    member = a_member(a_funded_pro())
    matching.route(lead_id=a_lead(now=now).pk, now=now)
    offer, later = Offer.objects.get(), now + 20 * MINUTE
    match = offers.accept(offer, by=member, shown_price=offer.price, now=later)
    assert of(member.pro).all == few(leads=1, price=offer.price)
    offers.undo(match, by=member, now=later + MINUTE)
    assert of(member.pro).all == few(price=offer.price, credited=offer.price)
    assert told(of(member.pro).types) == told(of(member.pro).services) == {}


def test_it_takes_two_queries_however_many_leads(owner, django_assert_num_queries):
    spring(owner)
    of(owner.pro)
    with django_assert_num_queries(2):
        of(owner.pro)


def test_where_the_policy_asks_for_a_tier(opt_in):
    state = ProState(tier=0)
    assert not performance.included(state)
    with pytest.raises(NotIncluded):
        performance.require(state)
    assert not performance.included(ProState(tier=1)), "Silver has none"
    assert performance.included(ProState(tier=2))


def test_where_it_asks_for_none_everybody_has_them(owner):
    assert performance.included(owner.pro.state_row)
