"""What staff have checked of a pro (RULES 1, 2): it ends by itself, the pro is told 30 days before, and policy may pause without it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts import checks, tasks
from accounts.checks import BadCheck
from accounts.models import Check, Member, Pro, ProState
from accounts.policy import Pros
from core.errors import NotAllowed, NotFound
from core.models import Event, Marketplace
from core.policy import publish
from leads.models import Match
from notifications.models import Message
from tests.factories import a_matched_lead, a_member, a_pro, a_staff_user

pytestmark = pytest.mark.django_db
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
LAST = date(2026, 8, 31)
OVER = datetime(2026, 9, 1, 5, 0, tzinfo=UTC)  # midnight in Chicago


@pytest.fixture
def pro(marketplace):
    return a_pro("Prairie State Plumbing")


@pytest.fixture
def staff(marketplace):
    return a_staff_user()


@pytest.fixture
def licence(pro, staff, now):
    return checks.record(pro, "licence", by=staff, now=now, fact="IL 055-012345", valid_until=LAST)


def kinds(pro, now):
    return [check.kind for check in checks.standing([pro.pk], now=now).get(pro.pk, [])]


def test_a_badge_says_what_was_checked_by_whom_when_and_until_when_and_falls_by_itself(pro, licence, staff, now):
    kept = checks.standing([pro.pk], now=now)[pro.pk][0]
    assert (kept.kind, kept.fact, kept.checked_by, kept.checked_at, kept.valid_until) == ("licence", "IL 055-012345", staff, now, LAST)
    assert kept.ends_at == OVER
    assert kinds(pro, OVER - SECOND) == ["licence"] and kinds(pro, OVER) == []
    event = Event.objects.get(kind="check.recorded")
    assert (event.subject, event.actor, event.data) == (pro.subject, f"staff:{staff.pk}", {"check": kept.pk, "of": "licence"})


def test_a_newer_check_takes_the_place_of_the_older_and_the_same_one_sent_twice_is_one(pro, licence, staff, now):
    again = checks.record(pro, "licence", by=staff, now=now + SECOND, fact="IL 055-012345", valid_until=LAST)
    assert again == licence and Check.objects.count() == 1
    renewed = checks.record(pro, "licence", by=staff, now=now + DAY, fact="IL 055-012345", valid_until=date(2028, 8, 31))
    licence.refresh_from_db()
    assert (licence.revoked_at, licence.revoked_by, licence.due_at) == (now + DAY, staff, None)
    assert kinds(pro, OVER) == ["licence"] and checks.checks_of(pro) == [renewed]
    assert ProState.objects.get(pro=pro).licensed_until == renewed.ends_at


def test_what_has_no_end_holds_until_it_is_withdrawn(pro, staff, now):
    address = checks.record(pro, "address", by=staff, now=now)
    assert kinds(pro, now + 9999 * DAY) == ["address"] and address.due_at is None
    checks.withdraw(address.pk, by=staff, now=now + DAY)
    assert kinds(pro, now + DAY) == []
    assert checks.withdraw(address.pk, by=staff, now=now + 2 * DAY).revoked_at == now + DAY, "once"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"kind": "charm"}, "kind"),
        ({"kind": "licence"}, "valid_until"),
        ({"kind": "insurance"}, "valid_until"),
        ({"kind": "licence", "valid_until": date(2026, 5, 19)}, "valid_until"),
        ({"kind": "address", "valid_until": date(9999, 12, 31)}, "valid_until"),
        ({"kind": "licence", "valid_until": date(1, 1, 1)}, "valid_until"),
    ],
)
def test_what_is_no_check_is_refused_with_its_field(pro, staff, now, said, field):
    with pytest.raises(BadCheck) as refusal:
        checks.record(pro, by=staff, now=now, **said)
    assert list(refusal.value.fields) == [field] and not Check.objects.exists()


def test_only_staff_record_and_withdraw(pro, licence, now):
    owner = a_member(pro).user
    for do in (lambda: checks.record(pro, "address", by=owner, now=now), lambda: checks.withdraw(licence.pk, by=owner, now=now)):
        with pytest.raises(NotAllowed):
            do()
    with pytest.raises(NotFound):
        checks.withdraw(licence.pk + 1, by=licence.checked_by, now=now)


# The pro is told


def told():
    return sorted(Message.objects.filter(kind__startswith="check_").values_list("kind", "recipient", "context__until_at"))


def test_owner_and_account_manager_are_told_30_days_before_and_at_the_end_once_each(pro, licence, staff, now):
    owner, _member = a_member(pro), a_member(pro, role=Member.Role.MEMBER)
    Pro.objects.filter(pk=pro.pk).update(account_manager=staff)
    last = (OVER - SECOND).isoformat()
    assert checks.tell_due(now=OVER - 30 * DAY - SECOND) == 0
    for _twice in range(2):
        checks.tell_due(now=OVER - 30 * DAY)
    assert told() == [("check_expiring", owner.subject, last), ("check_expiring", staff.subject, last)]
    for _twice in range(2):
        checks.tell_due(now=OVER)
    assert [kind for kind, _recipient, _at in told()] == ["check_expired"] * 2 + ["check_expiring"] * 2
    licence.refresh_from_db()
    assert licence.due_at is None


def test_what_was_renewed_or_is_over_before_anybody_looked_is_told_once(pro, licence, staff, now):
    a_member(pro)
    insurance = checks.record(pro, "insurance", by=staff, now=now, valid_until=LAST)
    checks.record(pro, "licence", by=staff, now=now + DAY, valid_until=date(2029, 1, 1))
    assert checks.tell_due(now=OVER + DAY) == 1 and [kind for kind, *_ in told()] == ["check_expired"]
    assert Message.objects.get().subject == f"check:{insurance.pk}"


def test_a_check_that_ends_within_30_days_is_told_of_at_once(pro, staff, now):
    a_member(pro)
    checks.record(pro, "insurance", by=staff, now=now, valid_until=date(2026, 5, 20))
    assert checks.tell_due(now=now) == 1 and [kind for kind, *_ in told()] == ["check_expiring"]


@pytest.mark.parametrize("replay", [False, True])
def test_the_sweep_tells_every_marketplace_but_those_that_live_by_a_replay(marketplace, pro, licence, monkeypatch, replay):
    a_member(pro)
    Marketplace.objects.update(replay=replay)
    monkeypatch.setattr(timezone, "now", lambda: OVER)
    tasks.tell_of_checks()
    assert [kind for kind, *_ in told()] == ["check_expired"] * (not replay)


# Policy may pause


def seated(now, **said):
    return [match.pro.name for match in Match.objects.filter(lead=a_matched_lead(now=now, **said))]


def test_by_default_nobody_pauses_and_where_the_policy_says_so_who_lacks_a_check_gets_no_lead(pro, licence, now):
    a_pro("Unlicensed Plumbing")
    assert sorted(seated(now)) == ["Prairie State Plumbing", "Unlicensed Plumbing"]
    publish([Pros(pause_without=("licence",))], now=now)
    assert seated(now) == ["Prairie State Plumbing"]
    assert seated(OVER - SECOND) == ["Prairie State Plumbing"] and seated(OVER) == []


def test_the_end_counts_in_the_same_transaction_without_a_job(pro, licence, staff, now):
    publish([Pros(pause_without=("licence", "insurance"))], now=now)
    state = ProState.objects.get(pro=pro)
    assert checks.lacking(state, ("licence",), now=now) is None
    assert checks.lacking(state, ("licence", "insurance"), now=now) == ("insurance", None)
    assert checks.lacking(state, ("licence",), now=OVER) == ("licence", OVER)
    assert seated(now) == []
    checks.record(pro, "insurance", by=staff, now=now, valid_until=LAST)
    assert ProState.objects.get(pro=pro).rev == state.rev + 1 and seated(now) == ["Prairie State Plumbing"]
    checks.withdraw(licence.pk, by=staff, now=now)
    assert seated(now) == []


def test_a_policy_cannot_pause_for_what_does_not_end():
    with pytest.raises(ValueError, match="address"):
        Pros(pause_without=("address",))
