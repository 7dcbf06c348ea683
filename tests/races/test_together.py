"""One lead is stopped while another is drawn, and two of the staff add services, at the same instant: nobody waits for somebody who waits
for them, and nothing is added twice or forgotten. The controls show what the order of locks and the lock of the marketplace are for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, OperationalError, connection

from accounts.models import Member, ProState
from accounts.seat_counters import lock_waiting
from billing import terms
from catalog import additions
from catalog.additions import ServiceExists
from catalog.models import Service
from core.policy import publish
from core.tenancy import scope
from credits import stopping
from leads import matching, offers, unlisted, withdrawal
from leads.models import Match, Offer
from leads.policy import OptIn
from operations.presets import PRESETS
from tests.factories import a_funded_pro, a_lead, a_member, a_request, a_staff_user
from tests.races.processes import meeting, race

NOW = datetime(2026, 5, 20, 17, 0, tzinfo=UTC)
EARLY = 2  # seats that are sold before everybody may accept


def accept(member_id, lead):
    member = Member.objects.select_related("pro").get(pk=member_id)
    offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro_id)
    return offers.accept(offer, by=member, shown_price=offer.price, now=NOW)


def two_leads(fresh):
    """A lead of which the later pros have the early seats and the first pro waits for its draw, and one for whose draw all of them wait."""
    marketplace = fresh("opt_in")
    with scope(marketplace):
        publish([OptIn(allocation="draw") if isinstance(one, OptIn) else one for one in PRESETS["opt_in"].sections], now=NOW)
        first, *later = [a_member(a_funded_pro()).pk for _ in range(1 + EARLY)]
        ProState.objects.update(tier=3)
        stopped, drawn = (a_lead(now=NOW, phone="", agreed_sms=False) for _ in range(2))
        slow = a_funded_pro()  # of no tier: until it may accept, few seats are sold
        matching.route(lead_id=stopped.pk, now=NOW)
        ProState.objects.filter(pro=slow).update(approved=False)
        matching.route(lead_id=drawn.pk, now=NOW)
        assert all(accept(member, stopped) for member in later) and accept(first, stopped) is None
        assert not any(accept(member, drawn) for member in (first, *later))
    return marketplace, stopped, drawn


def stop_and_draw(marketplace, stopped, drawn, meet):
    def stop():
        with scope(marketplace):
            stopping.stop_all_contact(stopped, now=NOW)

    def draw():
        meet()
        with scope(marketplace):
            return len(matching.route(lead_id=drawn.pk, now=NOW + timedelta(minutes=5)))

    return race([tried(stop), tried(draw)])


def tried(job):
    def work():
        try:
            return job()
        except OperationalError as error:
            return str(error).partition("\n")[0]

    return work


def pausing(hold, meet):
    """`hold`, after which the other process goes on and comes to wait."""

    def held(lead):
        hold(lead)
        meet()
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.5)")

    return held


def test_a_lead_is_stopped_while_its_pros_wait_for_the_draw_of_another(fresh, monkeypatch):
    meet = meeting(2)
    monkeypatch.setattr(withdrawal, "hold_pros", once(pausing(withdrawal.hold_pros, meet)))
    marketplace, stopped, drawn = two_leads(fresh)
    assert stop_and_draw(marketplace, stopped, drawn, meet) == [None, 1 + EARLY]
    with scope(marketplace):
        assert not ProState.objects.exclude(reserved=0).exists()
        assert Match.objects.filter(lead=stopped, state="withdrawn").count() == EARLY


def test_control_with_the_pros_of_the_seats_locked_alone_they_wait_for_each_other(fresh, monkeypatch):
    def seats_alone(lead):
        lock_waiting(Match.objects.filter(lead=lead, state="live").values_list("pro_id", flat=True))

    meet = meeting(2)
    monkeypatch.setattr(withdrawal, "hold_pros", once(pausing(seats_alone, meet)))
    marketplace, stopped, drawn = two_leads(fresh)
    assert "deadlock detected" in stop_and_draw(marketplace, stopped, drawn, meet)


def once(hold):
    """The first call of a process alone: `credits.stopping` holds before it goes on to the withdrawal, which does too."""
    called = []

    def held(lead):
        if not called:
            called.append(lead)
            hold(lead)

    return held


def two_wishes(fresh, names):
    """Two requests for what is not listed, and two members of staff who each add one, under these names."""
    marketplace = fresh()
    with scope(marketplace):
        said = [replace(a_request(phone="", agreed_sms=False), service="", answers={}) for _ in range(2)]
        wishes = [unlisted.ask("Solar tube", "", one, submit_key=one.email, look_by=NOW, now=NOW) for one in said]
        desk = [a_staff_user() for _ in range(2)]

    def adding(wish, by, name):
        made = {"trade": "plumbing", "name": name, "synonyms": [], "like": "", "amounts": (40_000, 80_000, 120_000), "lead_price": 2_500}

        def add():
            try:
                with scope(marketplace):
                    return unlisted.add_to_catalogue(wish.pk, **made, by=by, now=NOW).service.code
            except ServiceExists as refusal:
                return refusal.code
            except IntegrityError:
                return "broken"

        return add

    return marketplace, race([adding(*each) for each in zip(wishes, desk, names, strict=True)])


def test_two_of_the_staff_add_one_service_and_the_second_reads_that_it_is_there(fresh):
    marketplace, came = two_wishes(fresh, ["Solar tube", "Solar Tube"])
    assert sorted(came) == ["service_exists", "solar-tube"]
    with scope(marketplace):
        assert Service.objects.filter(code="solar-tube").count() == 1


def test_two_of_the_staff_add_two_services_and_both_have_their_price(fresh):
    marketplace, came = two_wishes(fresh, ["Solar tube", "Light well"])
    assert sorted(came) == ["light-well", "solar-tube"]
    with scope(marketplace):
        prices = terms.in_force(NOW).prices
        assert prices["solar-tube"] == prices["light-well"] == 2_500


def test_control_without_the_lock_of_the_marketplace_the_second_breaks(fresh, monkeypatch):
    monkeypatch.setattr(additions, "one_at_a_time", meeting(2))
    monkeypatch.setattr(terms, "one_at_a_time", lambda: None)
    _marketplace, came = two_wishes(fresh, ["Solar tube", "Solar Tube"])
    assert "broken" in came
