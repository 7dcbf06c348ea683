"""A warned pro calls at the instant its homeowner replaces it: one of both wins, never both (RULES 16, INVARIANTS 19). And the homeowner
corrects the job while the first seat is sold: the price is that of the job the pro got.

The controls show that both happen without the lock.
"""

from collections import Counter
from datetime import timedelta

from django.db import connection

from contact import calls, lines, listening
from contact.models import Line, Side
from core.tenancy import scope
from leads import correcting, matching, replacing
from leads.models import Lead, Match
from leads.tasks import warn_silent_pros
from tests.conftest import NOON
from tests.factories import a_lead, a_member, a_pro
from tests.races.test_credits import dawdle, in_step

ROUNDS = 24
LATER = NOON + timedelta(hours=48)
MEMBER = "+17735550171"


def market(fresh):
    """A marketplace with one pro on each of its leads, warned yesterday, and a call of it that has just asked for the PIN."""
    marketplace = fresh()
    with scope(marketplace):
        a_member(a_pro(budget=100_000_000), phone=MEMBER)
        leads = [a_lead(now=NOON, phone=f"+1312555{100 + number:04}", agreed_sms=False) for number in range(ROUNDS)]
        for lead in leads:
            matching.route(lead_id=lead.pk, now=NOON)
    warn_silent_pros(marketplace, now=NOON + timedelta(hours=24))
    with scope(marketplace):
        matches = list(Match.objects.order_by("pk").select_related("line__number"))
        opened = [
            listening.begin(provider_id=f"CA{number:032}", side=Side.PRO, number=match.line.number, way="pin", now=LATER).pk
            for number, match in enumerate(matches)
        ]
    return marketplace, matches, opened


def call_and_replace(fresh):
    marketplace, matches, opened = market(fresh)

    def call(number):
        dawdle(number, 60)
        answer = calls.pin_entered(call_id=opened[number], digits=matches[number].line.pin, from_number=MEMBER, now=LATER)
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.01)")  # a call is connected and not committed yet
        return isinstance(answer, calls.Connect)

    def replace(number):
        dawdle(-number, 60)
        try:
            replacing.replace(matches[number], now=LATER)
        except replacing.HasTried:
            return False
        return True

    return marketplace, in_step(marketplace, call, replace, rounds=ROUNDS)


def test_of_a_call_and_a_replacement_at_once_one_wins(fresh):
    marketplace, came = call_and_replace(fresh)
    assert set(came) <= {(True, False), (False, True)}, Counter(came)
    with scope(marketplace):
        for (called, _replaced), match in zip(came, Match.objects.order_by("pk").select_related("line"), strict=True):
            assert (match.state, match.slot, match.line.is_live) == (("live", 1, True) if called else ("replaced", None, False))


def test_control_without_the_lock_of_the_line_the_pro_calls_and_is_replaced(fresh, monkeypatch):
    def unlocked(line_id):
        return Line.objects.select_related("pro").get(pk=line_id)

    monkeypatch.setattr(lines, "hold", unlocked)
    _marketplace, came = call_and_replace(fresh)
    assert (True, True) in came


def correct_and_seat(fresh):
    marketplace = fresh()
    with scope(marketplace):
        a_pro(budget=100_000_000)
        leads = [a_lead(now=NOON, phone="", agreed_sms=False) for _number in range(ROUNDS)]

    def seat(number):
        dawdle(number, 40)
        return len(matching.route(lead_id=leads[number].pk, now=NOON))

    def correct(number):
        dawdle(-number, 40)
        answers = leads[number].answers | {"heaters": 3}
        try:
            correcting.correct(leads[number], correcting.Job(answers=answers), now=NOON)
        except correcting.SeatSold:
            return False
        return True

    return marketplace, in_step(marketplace, seat, correct, rounds=ROUNDS)


def of_another_job(marketplace) -> int:
    """How many seats were sold for a job that is not the one on the page."""
    with scope(marketplace):
        estimates = dict(Lead.objects.values_list("pk", "estimate"))
        return sum(match.estimate != estimates[match.lead_id] for match in Match.objects.all())


def test_a_job_is_corrected_before_the_first_seat_or_not_at_all(fresh):
    marketplace, came = correct_and_seat(fresh)
    assert {seats for seats, _corrected in came} == {1}
    assert of_another_job(marketplace) == 0


def test_control_without_the_lock_of_the_lead_a_seat_is_sold_for_another_job(fresh, monkeypatch):
    def unlocked(lead_id):
        return Lead.objects.select_related("service", "homeowner", "consent", "guide").get(pk=lead_id)

    def slow(lead):
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.01)")
        return None if not Match.objects.filter(lead=lead).exists() else correcting.SeatSold()

    monkeypatch.setattr(correcting.lifecycle, "lock", unlocked)
    monkeypatch.setattr(correcting, "objection", slow)
    marketplace, _came = correct_and_seat(fresh)
    assert of_another_job(marketplace) > 0
