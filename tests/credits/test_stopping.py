"""The homeowner stops all contact: who had no chance to speak with them gets the price back, unasked (RULES 26)."""

import pytest

from contact import listening
from contact.merging import Facts
from contact.models import Line
from credits import stopping
from credits.models import CreditRequest, Ruling
from credits.requests import submit
from leads import withdrawal
from leads.models import Lead, Match
from notifications.models import Message
from tests.calls import dialled
from tests.credits.stories import DAY, HOUR, MINUTE, PRICE, again, dead, money, owner_of, rang, seats, spoke
from tests.factories import a_matched_lead, a_pro


def stop(match, *, now):
    stopping.stop_all_contact(match.lead, now=now)


def credited(matches) -> list[bool]:
    return [money(match)[3] == 0 for match in matches]


@pytest.mark.parametrize(
    ("minutes", "called", "back"),
    [(10, None, True), (30, None, True), (31, None, False), (10, rang, True), (31, rang, True), (31, dead, True), (10, spoke, False)],
    ids=["clock runs", "its last second", "clock over", "tried", "tried, clock over", "dead, clock over", "spoke"],
)
def test_who_had_no_chance_to_speak_is_credited_in_full(marketplace, now, minutes, called, back):
    (match,) = seats(now=now)
    if called:
        called(match, at=now + 5 * MINUTE)
    stop(match, now=now + minutes * MINUTE)
    assert credited([match]) == [back]
    assert CreditRequest.objects.count() == Ruling.objects.count() == back


@pytest.mark.parametrize(("machine", "back"), [(False, False), (True, True)])
def test_who_is_speaking_with_the_homeowner_that_very_moment_has_spoken(marketplace, now, machine, back):
    """They may agree on the telephone to stop and go on without us: the carrier has not told yet how long they speak."""
    (match,) = seats(now=now)
    call = dialled(match, by=owner_of(match), at=now + MINUTE)
    talking = Facts(status="in-progress", initiated_at=now + MINUTE, answered_at=now + MINUTE, machine=machine)
    listening.note(call, "CA" + "f" * 32, talking, now=now + MINUTE, parent=False)
    stop(match, now=now + 2 * MINUTE)
    assert credited([match]) == [back]


def test_a_clock_that_has_not_started_still_runs(marketplace, now):
    (match,) = seats(now=now, delivered=False)
    stop(match, now=now + 2 * DAY)
    assert credited([match]) == [True]


def test_everything_ends_in_one_transaction_and_all_pros_read_the_same(marketplace, now):
    one, two, three = seats(now=now, pros=3)
    spoke(two, at=now + MINUTE)
    stop(one, now=now + 10 * MINUTE)

    lead = Lead.objects.get(pk=one.lead_id)
    assert lead.withdrawn_at == now + 10 * MINUTE
    assert credited([one, two, three]) == [True, False, True]
    assert {match.state for match in again([one, two, three])} == {"withdrawn"}
    assert {(line.closed_at, line.closed_reason) for line in Line.objects.all()} == {(now + 10 * MINUTE, "withdrawn")}
    requests = CreditRequest.objects.order_by("match__slot")
    assert [(each.match_id, each.filed_by, each.rule, each.amount) for each in requests] == [
        (match.pk, "marketplace", "homeowner_stopped", PRICE) for match in (one, three)
    ]
    assert Message.objects.filter(kind="lead_withdrawn", channel="sms").count() == 3
    assert set(Message.objects.filter(kind="credit_granted").values_list("channel", flat=True)) == {"email"}
    assert Message.objects.filter(kind="credit_granted").count() == 2
    assert "Who called in vain, or still had time to call, gets the money back." in str(withdrawal.SENTENCE)


def test_stopping_twice_changes_nothing(marketplace, now):
    (match,) = seats(now=now)
    stop(match, now=now + MINUTE)
    stop(match, now=now + HOUR)
    assert Lead.objects.get(pk=match.lead_id).withdrawn_at == now + MINUTE
    assert CreditRequest.objects.count() == 1 and money(match) == (PRICE, 0, PRICE, 0)


def test_what_the_pro_had_asked_for_is_granted(marketplace, now):
    (match,) = seats(now=now)
    request = submit(match, reason="not_owner", words="", by=owner_of(match), now=now + MINUTE)
    stop(match, now=now + 2 * MINUTE)
    request.refresh_from_db()
    assert (request.state, request.rule) == ("granted", "homeowner_stopped") and CreditRequest.objects.count() == 1


def test_who_was_credited_before_is_not_credited_again(marketplace, now):
    (match,) = seats(now=now)
    dead(match, at=now)
    dead(match, at=now + HOUR)
    submit(match, reason="dead_number", words="", by=owner_of(match), now=now + 2 * HOUR)
    stop(match, now=now + 3 * HOUR)
    assert again([match])[0].state == "credited" and money(match) == (PRICE, 0, PRICE, 0)


def test_a_lead_nobody_has_and_a_test_are_stopped_too(marketplace, now):
    stopping.stop_all_contact(a_matched_lead(now=now), now=now + MINUTE)
    a_pro(test=True)
    lead = a_matched_lead(now=now, test=True)
    stopping.stop_all_contact(lead, now=now + MINUTE)
    assert Match.objects.get().state == "withdrawn" and not CreditRequest.objects.exists()
    assert Lead.objects.filter(withdrawn_at=None).count() == 0


# One pro


def test_one_pro_is_stopped_and_the_others_go_on(marketplace, now):
    one, two, three = seats(now=now, pros=3)
    stopping.stop_one(one, now=now + 10 * MINUTE)
    assert [match.state for match in again([one, two, three])] == ["withdrawn", "live", "live"]
    assert credited([one, two, three]) == [True, False, False]
    assert again([one])[0].slot == 1, "the seat stays taken"
    assert set(Line.objects.filter(closed_at=None).values_list("pk", flat=True)) == {two.pk, three.pk}
    assert set(Message.objects.filter(kind="lead_withdrawn").values_list("subject", flat=True)) == {str(one.pk)}
    lead = Lead.objects.get(pk=one.lead_id)
    assert lead.withdrawn_at is None and lead.state == "open"


@pytest.mark.parametrize(("minutes", "called", "back"), [(30, None, True), (31, None, False), (31, rang, True), (10, spoke, False)])
def test_one_pro_is_credited_by_the_same_rule_as_all(marketplace, now, minutes, called, back):
    one, two = seats(now=now, pros=2)
    if called:
        called(one, at=now + 5 * MINUTE)
    stopping.stop_one(one, now=now + minutes * MINUTE)
    assert credited([one, two]) == [back, False]


def test_stopping_one_pro_twice_or_after_all_changes_nothing(marketplace, now):
    one, two = seats(now=now, pros=2)
    stopping.stop_one(one, now=now + MINUTE)
    stopping.stop_one(one, now=now + HOUR)
    assert CreditRequest.objects.count() == 1 and again([one])[0].state_at == now + MINUTE
    stop(one, now=now + HOUR)
    assert [match.state_at for match in again([one, two])] == [now + MINUTE, now + HOUR]
    stopping.stop_one(two, now=now + 2 * HOUR)
    assert again([two])[0].state_at == now + HOUR and Message.objects.filter(kind="lead_withdrawn", channel="sms").count() == 2


def test_what_was_not_sent_to_the_stopped_pro_is_not_sent(marketplace, now):
    one, _two = seats(now=now, pros=2)
    stopping.stop_one(one, now=now + MINUTE)
    waiting = Message.objects.filter(kind="new_lead", state="cancelled")
    assert set(waiting.values_list("subject", flat=True)) == {str(one.pk)}
