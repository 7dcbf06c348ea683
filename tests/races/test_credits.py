"""Money and decisions when everything happens at once: discount and credit, two clicks, two members of staff (INVARIANTS 12, 13, 23-25).

Real processes, in step: every round starts at the same instant for all of them. Each story has its control, in which the guard is taken
away and the same rounds break.
"""

from collections import Counter
from random import Random

from django.db import connection
from django.db.models import Count, F, Sum

from accounts.models import Pro, ProState
from billing import charges, terms
from billing.models import Charge, Transfer
from billing.pricing import quote
from contact import lines
from contact.models import Line
from core.ids import new_id
from core.tenancy import scope
from credits import granting, requests, review
from credits.models import CreditRequest, Ruling
from leads import matching
from leads.models import Lead, Match
from leads.tasks import fold_all
from tests.conftest import NOON
from tests.credits.stories import HOUR, PRICE, dead, owner_of, staff
from tests.factories import SERVICE, a_lead, a_member, a_pro
from tests.races.processes import CONTEXT, race

SEEDS = 1_000
LATER = NOON + 2 * HOUR


def market(fresh, *, matches, pros=4):
    """A marketplace whose few pros have `matches` matches, all seats of their leads."""
    marketplace = fresh()
    with scope(marketplace):
        for _each in range(pros):
            a_member(a_pro(budget=100_000_000))
        for _each in range(matches // pros):
            lead = a_lead(now=NOON, agreed_sms=False, phone="")
            matching.route(lead_id=lead.pk, now=NOON)
        assert Match.objects.count() == matches
    fold_all(marketplace)
    return marketplace


def in_step(marketplace, *jobs, rounds) -> list[tuple]:
    """Every job(number) in a process of its own, once for each round; what they returned, or the name of what they raised, by round."""
    barrier = CONTEXT.Barrier(len(jobs))

    def all_rounds(job):
        def run():
            came = []
            for number in range(rounds):
                barrier.wait(60)
                try:
                    with scope(marketplace):
                        came.append(hurried(job, number))
                except Exception as error:
                    came.append(type(error).__name__)
            return came

        return run

    return list(zip(*race([all_rounds(job) for job in jobs]), strict=True))


def hurried(job, number):
    """A race is lost or won before its rows are safe on the disk."""
    with connection.cursor() as cursor:
        cursor.execute("set local synchronous_commit = off")
    return job(number)


def dawdle(seed, most):
    """Go to the database and back some times, to be now the first and now the second."""
    with connection.cursor() as cursor:
        for _each in range(Random(seed).randrange(most)):
            cursor.execute("select 1")


# A discount and a credit


def discount_and_credit(fresh, seeds):
    """`seeds` charges of four pros; to each come a discount and a credit at once. The marketplace, and what each gave back."""
    marketplace = fresh()
    ids = [new_id() for _each in range(seeds)]
    with scope(marketplace):
        pros = [a_pro(budget=100_000_000) for _each in range(4)]
        conditions = terms.in_force(NOON)
        sales = [charges.Sale(pk, pros[number % 4].pk, period=4) for number, pk in enumerate(ids)]
        charges.open_charges(sales, terms=conditions, quote=quote(conditions, SERVICE, 0), now=NOON)

    def discount(number):
        dawdle(number, 8)
        return charges.discount(ids[number], now=NOON)

    def credit(number):
        dawdle(-number, 8)
        return charges.credit_back(ids[number], reference=f"credit:{number}", now=NOON)

    return marketplace, in_step(marketplace, discount, credit, rounds=seeds)


def test_a_discount_and_a_credit_at_once_never_give_back_more_than_was_paid(fresh):
    marketplace, came = discount_and_credit(fresh, SEEDS)
    orders = Counter(came)
    first, last = (PRICE // 5, PRICE - PRICE // 5), (0, PRICE)
    assert orders.keys() == {first, last} and min(orders.values()) > SEEDS // 20, orders
    with scope(marketplace):
        assert Charge.objects.filter(price=PRICE, price__exact=F("discounted") + F("credited")).count() == SEEDS
        discounts = Transfer.objects.filter(reference__startswith="discount:").count()
        assert discounts == Charge.objects.filter(discounted=PRICE // 5).count() == orders[first]
        credits = Transfer.objects.filter(reference__startswith="credit:")
        assert credits.count() == credits.order_by().values("charge").distinct().count() == SEEDS
        back = Transfer.objects.exclude(reference__startswith="charge:").order_by().values("charge").annotate(total=Sum("amount"))
        assert {row["total"] for row in back} == {PRICE}


def test_control_without_the_lock_of_the_charge_both_take_what_only_one_may(fresh, monkeypatch):
    monkeypatch.setattr(charges, "lock", lambda pk: Charge.objects.select_related("terms").get(pk=pk))
    _marketplace, came = discount_and_credit(fresh, 100)
    assert Counter(answer for round_ in came for answer in round_)["IntegrityError"] > 0


def test_a_call_earns_its_discount_while_the_credit_is_granted(fresh):
    """The line is locked last by both, so that none waits for the other for ever."""
    marketplace, rounds = market(fresh, matches=24), 24
    with scope(marketplace):
        matches = list(Match.objects.order_by("pk").select_related("line", "pro"))
        tom = staff("Tom Reyes")
        asked = [requests.submit(match, reason="not_owner", words="", by=tom, now=NOON) for match in matches]
        staff("Renee Okafor")

    def earn(number):
        dawdle(number, 150)
        return lines.earn(matches[number].line, at=NOON, by="call:1", now=LATER)

    def grant(number):
        return review.decide(asked[number], verdict="grant", rule="not_owner", by=tom, now=LATER).amount

    came = in_step(marketplace, earn, grant, rounds=rounds)
    assert {earned for earned, _amount in came} == {True} and {amount for _earned, amount in came} <= {PRICE, PRICE - PRICE // 5}
    with scope(marketplace):
        assert not Charge.objects.exclude(price=F("discounted") + F("credited")).exists()
        assert Transfer.objects.filter(reference__startswith="credit:").count() == Ruling.objects.count() == rounds
        assert set(ProState.objects.values_list("spent", flat=True)) == {0}
        assert not Line.objects.filter(closed_at=None).exists() and set(Match.objects.values_list("state", flat=True)) == {"credited"}


# Several clicks


def click_four_times(fresh, rounds):
    """An owner clicks twice, and so do a member and somebody of the staff; the number of every other lead is proven dead."""
    marketplace = market(fresh, matches=4 * rounds)
    with scope(marketplace):
        matches = list(Match.objects.filter(slot=1).order_by("pk").select_related("pro", "line"))
        owners = {match.pro_id: owner_of(match) for match in matches}
        members = {match.pro_id: a_member(match.pro, role="member") for match in matches}
        grace = staff("Grace Oduya")
        for match in matches[::2]:
            for at in (NOON, NOON + HOUR):
                dead(match, at=at)

    def click(who):
        def submit(number):
            match = matches[number]
            return str(requests.submit(match, reason="dead_number", words="Dead.", by=who(match.pro_id), now=LATER).pk)

        return submit

    people = [owners.get, owners.get, members.get, lambda pro_id: grace]
    return marketplace, in_step(marketplace, *[click(who) for who in people], rounds=rounds)


def test_several_clicks_are_one_request_and_one_credit(fresh):
    marketplace, came = click_four_times(fresh, 10)
    for number, answers in enumerate(came):
        refused = {answer for answer in answers if answer.startswith("Already")}
        assert refused == {"AlreadyAsked" if number % 2 else "AlreadyCredited"}
        assert len(set(answers) - refused) == 1  # the second click of the owner answers with the first
    with scope(marketplace):
        assert CreditRequest.objects.exclude(filed_by="marketplace").count() == 10
        credits = Transfer.objects.filter(reference__startswith="credit:")
        assert credits.count() == credits.order_by().values("charge").distinct().count() == Ruling.objects.count() == 5 * 4


def test_control_without_the_lock_of_the_lead_only_the_keys_of_the_database_are_left(fresh, monkeypatch):
    monkeypatch.setattr(granting, "lock", lambda lead_id: None)
    _marketplace, came = click_four_times(fresh, 10)
    assert Counter(answer for round_ in came for answer in round_)["IntegrityError"] > 0


# Two members of staff


def decide_twice(fresh, rounds):
    marketplace = market(fresh, matches=rounds)
    with scope(marketplace):
        renee, tom = staff("Renee Okafor"), staff("Tom Reyes")
        matches = list(Match.objects.order_by("pk").select_related("pro"))
        owner = {match.pro_id: owner_of(match) for match in matches}
        asked = [requests.submit(match, reason="not_owner", words="A renter.", by=owner[match.pro_id], now=NOON) for match in matches]

    def refuse(number):
        dawdle(number, 40)
        return review.decide(asked[number], verdict="refuse", rule="not_proven", note="No.", by=renee, now=LATER).state

    def grant(number):
        dawdle(number + rounds, 40)
        return review.decide(asked[number], verdict="grant", rule="not_owner", by=tom, now=LATER).state

    return marketplace, in_step(marketplace, refuse, grant, rounds=rounds)


def test_of_two_decisions_at_once_one_is_made(fresh):
    marketplace, came = decide_twice(fresh, 24)
    counted = Counter(came)
    assert counted.keys() == {("refused", "AlreadyDecided"), ("AlreadyDecided", "granted")}, counted
    with scope(marketplace):
        made = Ruling.objects.order_by().values("request").annotate(n=Count("pk"))
        assert len(made) == 24 and {row["n"] for row in made} == {1}
        granted = counted["AlreadyDecided", "granted"]
        assert Charge.objects.filter(credited=PRICE).count() == CreditRequest.objects.filter(state="granted").count() == granted


def test_control_without_lock_and_guard_both_are_made_but_for_a_key_of_the_database(fresh, monkeypatch):
    def unguarded(row, to, **changes):
        type(row).objects.filter(pk=row.pk).update(state=to, **changes)

    monkeypatch.setattr(granting, "lock", lambda lead_id: None)
    monkeypatch.setattr(granting, "move", unguarded)
    monkeypatch.setattr(review, "move", unguarded)
    _marketplace, came = decide_twice(fresh, 24)
    assert Counter(answer for round_ in came for answer in round_)["IntegrityError"] > 0


# A fact of the lead


def test_four_pros_prove_the_same_dead_number_while_they_win_other_leads(fresh):
    """Everybody's claim credits everybody: no deadlock, and each is credited once."""
    marketplace, rounds = market(fresh, matches=24), 6
    with scope(marketplace):
        leads = list(Lead.objects.order_by("pk"))
        for lead in leads:
            for at in (NOON, NOON + HOUR):
                dead(lead.matches.first(), at=at)
        more = [a_lead(now=LATER, agreed_sms=False, phone="") for _each in range(rounds)]
        pros = list(Pro.objects.order_by("pk"))

    def claim(pro):
        def ask(number):
            match = Match.objects.select_related("pro").get(lead=leads[number], pro=pro)
            return requests.submit(match, reason="dead_number", words="Dead.", by=owner_of(match), now=LATER).state

        return ask

    def seat(number):
        return len(matching.route(lead_id=more[number].pk, now=LATER))

    came = in_step(marketplace, *[claim(pro) for pro in pros], seat, rounds=rounds)
    for *claims, seats in came:
        assert Counter(claims) == {"granted": 1, "AlreadyCredited": 3} and seats == 4
    with scope(marketplace):
        assert CreditRequest.objects.filter(state="granted").count() == 24 == Ruling.objects.count()
        assert set(Charge.objects.filter(pk__in=Match.objects.filter(lead__in=leads)).values_list("credited", flat=True)) == {PRICE}
        assert sum(ProState.objects.values_list("spent", flat=True)) == rounds * 4 * PRICE


def bill_while_credits_are_given(fresh):
    """The clocks of two pros end while their lead is given back to both, one charge after the other in the order of the pros."""
    marketplace = fresh()
    with scope(marketplace):
        first, second = a_pro(budget=100_000_000), a_pro(budget=100_000_000)
        conditions, ids = terms.in_force(NOON), {pro: new_id() for pro in (second, first)}  # the later pro's charge is the older one
        sales = [charges.Sale(pk, pro.pk, period=4) for pro, pk in ids.items()]
        charges.open_charges(sales, terms=conditions, quote=quote(conditions, SERVICE, 0), now=NOON)

    def give_back(_number):
        with connection.cursor() as cursor:
            given = [charges.credit_back(ids[first], reference="credit:1", now=LATER)]
            cursor.execute("select pg_sleep(1)")  # whoever bills stands in line now
        return [*given, charges.credit_back(ids[second], reference="credit:2", now=LATER)]

    def bill(_number):
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.5)")
        return charges.bill(list(ids.values()), now=LATER)

    return in_step(marketplace, give_back, bill, rounds=1)


def test_control_billed_in_another_order_they_wait_for_each_other(fresh, monkeypatch):
    def from_the_last_pro_on(charge_ids, *, now):
        for charge in Charge.objects.filter(pk__in=charge_ids, billable_at=None).order_by("-pro"):
            Charge.objects.filter(pk=charge.pk).update(billable_at=now)

    monkeypatch.setattr(charges, "bill", from_the_last_pro_on)
    assert "OperationalError" in bill_while_credits_are_given(fresh)[0]


def test_clocks_that_end_while_credits_are_given_hold_nobody_up(fresh):
    assert bill_while_credits_are_given(fresh) == [([PRICE, PRICE], None)]
