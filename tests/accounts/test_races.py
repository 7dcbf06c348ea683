"""Real transactions side by side, each with the control that shows what the lock is for."""

import threading
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from accounts import purchase_settings, team
from accounts.actors import Actor
from accounts.models import Member, ProState
from accounts.seat_counters import Take, lock_skipping, lock_waiting, take
from accounts.windows import counters
from core.errors import Refusal
from core.tenancy import scope
from tests.factories import a_member, a_pro

THREADS = 8


def race(*jobs):
    """Run the jobs at the same moment, each on its own connection; returns what they returned or raised, in order."""
    barrier, results = threading.Barrier(len(jobs)), [None] * len(jobs)

    def run(position, job):
        try:
            barrier.wait(10)
            results[position] = job()
        except Exception as error:
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def in_scope(marketplace, do):
    def job():
        with scope(marketplace):
            return do()

    return job


def attempt_seat(pro_id, now, *, locked):
    """Decide on what was read, then lock, then take: the way of matching."""
    with_lock = lock_skipping if locked else (lambda expected: set(expected))
    state = ProState.objects.get(pro_id=pro_id)
    counted = counters(state, now)
    if counted.spent + 10_000 > state.budget:
        return "no budget"
    if not with_lock({pro_id: state.rev}):
        (state,) = lock_waiting([pro_id])
        counted = counters(state, now)
        if counted.spent + 10_000 > state.budget:
            return "no budget"
    take([Take.of(state, 10_000, now=now)])
    return "seat"


@pytest.mark.parametrize("locked", [True, False], ids=["guarded", "control"])
def test_a_budget_for_three_leads_buys_three(fresh, now, locked):
    marketplace = fresh()
    over = 0
    for _round in range(5):
        with scope(marketplace):
            pro = a_pro(budget=30_000)
        answers = race(*[in_scope(marketplace, partial(attempt_seat, pro.pk, now, locked=locked))] * THREADS)
        assert set(answers) <= {"seat", "no budget"}
        with scope(marketplace):
            spent = ProState.objects.get(pro=pro).spent
        assert spent == answers.count("seat") * 10_000
        over += spent > 30_000
        if locked:
            assert spent == 30_000
    assert (over == 0) if locked else over


@contextmanager
def stopped_after(module, name, go_on):
    """The function `name` of `module` waits at its end until `go_on()` returns."""
    real = getattr(module, name)

    def slow(*arguments, **options):
        answer = real(*arguments, **options)
        go_on()
        return answer

    setattr(module, name, slow)
    try:
        yield
    finally:
        setattr(module, name, real)


def until_somebody_waits():
    """Returns when another transaction is waiting for a lock of this one."""
    waiting = "select count(*) from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))"
    with connection.cursor() as cursor:
        for _try in range(20_000):
            cursor.execute(waiting)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("Nobody waits.")


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_nothing_a_member_does_comes_after_the_removal(fresh, now, guarded, monkeypatch):
    """A member raises the budget while an owner removes them, just after the member's right was checked. When the removal
    has returned, no change of theirs comes any more. The control checks the right without holding the member's row."""
    marketplace = fresh()
    with scope(marketplace):
        pro = a_pro(budget=20_000)
        owner, joy = a_member(pro), a_member(pro, role="billing")
    checked, removed, budget_after_removal = threading.Event(), threading.Event(), []

    def unguarded(by, pro):
        return Actor(by.subject, Member.objects.get(pk=by.pk).role)

    def remove():
        checked.wait(10)
        in_scope(marketplace, lambda: team.remove(joy, by=owner, now=now))()
        in_scope(marketplace, lambda: budget_after_removal.append(ProState.objects.get(pro=pro).budget))()
        removed.set()

    def go_on():
        checked.set()
        if guarded:
            until_somebody_waits()
        else:
            removed.wait(10)

    with monkeypatch.context() as patch:
        if not guarded:
            patch.setattr(purchase_settings, "acting", unguarded)
        with stopped_after(purchase_settings, "acting", go_on):
            race(in_scope(marketplace, lambda: purchase_settings.set_budget(pro, 90_000, by=joy, now=now)), remove)
    with scope(marketplace):
        assert (budget_after_removal == [ProState.objects.get(pro=pro).budget]) is guarded
    with scope(marketplace), pytest.raises(Refusal):
        purchase_settings.pause(pro, by=joy, now=now)


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "control"])
def test_two_owners_cannot_remove_each_other(fresh, now, guarded, monkeypatch):
    marketplace = fresh()
    if not guarded:
        monkeypatch.setattr(team, "_lock", lambda pro: None)
        monkeypatch.setattr(team, "acting", lambda by, pro: Actor(by.subject, "owner"))
        both = threading.Barrier(2)
        real = team._another_owner
        monkeypatch.setattr(team, "_another_owner", lambda member: (real(member), both.wait(10)))
    with scope(marketplace):
        pro = a_pro()
        first, second = a_member(pro), a_member(pro)
    answers = race(
        in_scope(marketplace, lambda: team.remove(first, by=second, now=now)),
        in_scope(marketplace, lambda: team.remove(second, by=first, now=now)),
    )
    with scope(marketplace):
        owners = Member.objects.filter(pro=pro, removed_at=None).count()
    assert owners == (1 if guarded else 0), answers


def test_a_link_is_used_once(fresh, now):
    from notifications.models import Message

    marketplace = fresh()
    with scope(marketplace):
        pro = a_pro()
        team.invite(pro, email="joy@prairie.example", role="member", by=a_member(pro), now=now)
        token = Message.objects.get(kind="invitation").context["url"].split("/")[-2]
    join = in_scope(marketplace, lambda: team.accept_invitation(token, name="Joy Ng", password="a long walk home", now=now))
    answers = race(*[join] * 4)
    assert sum(isinstance(answer, Member) for answer in answers) == 1
    assert sum(isinstance(answer, team.LinkGone) for answer in answers) == 3


def test_one_address_joins_one_team(fresh, now):
    from notifications.models import Message

    marketplace = fresh()
    with scope(marketplace):
        for pro in (a_pro(), a_pro()):
            team.invite(pro, email="joy@prairie.example", role="member", by=a_member(pro), now=now + timedelta(seconds=1))
        tokens = [message.context["url"].split("/")[-2] for message in Message.objects.filter(kind="invitation")]
    answers = race(
        *[
            in_scope(marketplace, lambda token=token: team.accept_invitation(token, name="Joy Ng", password="a long walk home", now=now))
            for token in tokens
        ]
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["EmailTaken", "Member"]
