"""What the pro says of the work (leads.progress)."""

from types import SimpleNamespace

import pytest

from accounts.models import Member
from contact.models import Line
from contact.timers import NO_MORE
from core.errors import NotAllowed
from core.events import history
from leads import withdrawal
from leads.models import Match
from leads.progress import MOST, REASONS, BadAmount, BadReason, MatchClosed, UnknownProgress, set_progress
from tests.factories import a_matched_lead, a_member, a_pro


@pytest.fixture
def owner(marketplace):
    return a_member(a_pro())


@pytest.fixture
def match(owner, now):
    return Match.objects.get(lead=a_matched_lead(now=now), pro=owner.pro)


def kept(match):
    return Match.objects.values_list("progress", "progress_at", "won_amount", "lost_reason").get(pk=match.pk)


def told(match):
    return [(event.actor, event.data) for event in history(match.pk) if event.kind == "match.progress"]


def test_any_order_of_moves_is_allowed_and_each_is_kept_once(match, owner, now):
    for progress in ("quoted", "contacted", "new", "archived", "quoted"):
        assert set_progress(match, progress, by=owner, now=now)
        assert not set_progress(match, progress, by=owner, now=now), "said again, it is no news"
        assert (match.progress, kept(match)) == (progress, (progress, now, None, ""))
    assert [data["progress"] for _actor, data in told(match)] == ["quoted", "contacted", "new", "archived", "quoted"]
    assert [data["was"] for _actor, data in told(match)] == ["new", "quoted", "contacted", "new", "archived"]
    assert {actor for actor, _data in told(match)} == {owner.subject}


def test_won_keeps_the_amount_and_lost_the_reason_until_it_moves_on(match, owner, now):
    set_progress(match, "won", by=owner, now=now, won_amount=125_050, lost_reason="price")
    assert kept(match) == ("won", now, 125_050, "")
    assert set_progress(match, "won", by=owner, now=now, won_amount=125_051)
    set_progress(match, "archived", by=owner, now=now)
    assert kept(match) == ("archived", now, 125_051, "")
    set_progress(match, "lost", by=owner, now=now, won_amount=1, lost_reason="price")
    assert kept(match) == ("lost", now, None, "price")
    set_progress(match, "contacted", by=owner, now=now, lost_reason="price")
    assert kept(match) == ("contacted", now, None, "")


@pytest.mark.parametrize("amount", [None, 0, -1, MOST + 1])
def test_won_needs_an_amount(match, owner, now, amount):
    with pytest.raises(BadAmount) as refused:
        set_progress(match, "won", by=owner, now=now, won_amount=amount)
    assert list(refused.value.fields) == ["won_amount"] and kept(match)[0] == "new" and told(match) == []


def test_the_largest_and_the_smallest_amount(match, owner, now):
    assert set_progress(match, "won", by=owner, now=now, won_amount=1)
    assert set_progress(match, "won", by=owner, now=now, won_amount=MOST)


@pytest.mark.parametrize("reason", ["", "nothing", "Price"])
def test_lost_needs_a_reason_of_the_list(match, owner, now, reason):
    with pytest.raises(BadReason) as refused:
        set_progress(match, "lost", by=owner, now=now, lost_reason=reason)
    assert list(refused.value.fields) == ["lost_reason"]


def test_every_reason_fits_its_column(match, owner, now):
    longest = Match._meta.get_field("lost_reason").max_length
    assert all(len(code) <= longest for code in REASONS)
    assert all(set_progress(match, "lost", by=owner, now=now, lost_reason=code) for code in REASONS)


@pytest.mark.parametrize("progress", ["", "booked", "WON", "\x00"])
def test_nothing_else_is_a_status(match, owner, now, progress):
    with pytest.raises(UnknownProgress):
        set_progress(match, progress, by=owner, now=now)


def test_a_closed_lead_can_only_be_archived(match, owner, now):
    withdrawal.stop_all_contact(match.lead, now=now)
    with pytest.raises(MatchClosed):
        set_progress(match, "won", by=owner, now=now, won_amount=1)
    assert set_progress(match, "archived", by=owner, now=now)
    with pytest.raises(MatchClosed):
        set_progress(match, "new", by=owner, now=now)


@pytest.mark.parametrize(("progress", "ends"), [("contacted", False), ("quoted", False), ("won", True), ("lost", True), ("archived", True)])
def test_who_has_finished_is_reminded_of_nothing_more(match, owner, now, progress, ends):
    set_progress(match, progress, by=owner, now=now, won_amount=1, lost_reason="other")
    assert (Line.objects.get(pk=match.line_id).reminders == NO_MORE) is ends


@pytest.mark.parametrize("role", Member.Role.values)
def test_every_member_may(match, owner, now, role):
    assert set_progress(match, "quoted", by=a_member(owner.pro, role=role), now=now)


def test_staff_may_not(match, now):
    with pytest.raises(NotAllowed):
        set_progress(match, "quoted", by=SimpleNamespace(role="staff", subject="user:1"), now=now)
