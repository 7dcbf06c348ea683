"""A pro that makes no attempt is warned after a day and may be replaced after two; one call keeps the seat (RULES 16)."""

from datetime import timedelta

import pytest

from contact import calls, listening
from contact.models import Line, Side
from core.models import Event
from credits import stopping
from leads import hiring, matching, offers, replacing
from leads.models import Lead, Match, Offer
from notifications.models import Message
from tests.calls import a_call, a_call_back, a_fault
from tests.factories import a_funded_pro, a_lead, a_matched_lead, a_member, a_pro

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
PHONE = "+13125550142"


def warn(*, at):
    assert replacing.warn_due(now=at) < replacing.BATCH


def again(match) -> Match:
    return Match.objects.select_related("lead", "line").get(pk=match.pk)


@pytest.fixture
def silent(marketplace, now):
    """The only match of a request, whose pro was warned after a day."""
    a_member(a_pro("Silent Plumbing"), phone="+17735550171")
    lead = a_matched_lead(now=now, phone=PHONE)
    warn(at=now + DAY)
    return Match.objects.select_related("pro", "line").get(lead=lead)


# The warning


def test_who_has_not_called_in_a_day_is_warned_once(marketplace, silent, now):
    assert again(silent).warned_at == now + DAY and again(silent).warn_due_at is None
    warn(at=now + 2 * DAY)
    told = Message.objects.filter(kind="no_attempt")
    assert sorted(told.values_list("channel", flat=True)) == ["email", "sms"]
    assert told.first().context["until_at"] == (now + 2 * DAY).isoformat()


def test_nobody_is_warned_a_second_too_early(marketplace, now):
    a_pro()
    lead = a_matched_lead(now=now, phone=PHONE)
    warn(at=now + DAY - timedelta(seconds=1))
    assert lead.matches.get().warned_at is None
    warn(at=now + DAY)
    assert lead.matches.get().warned_at == now + DAY


@pytest.mark.parametrize("what", ["called", "fault", "spoke", "stopped", "hired", "no phone"])
def test_who_tried_or_has_no_seat_any_more_is_not_warned(marketplace, now, what):
    member = a_member(a_pro())
    lead = a_matched_lead(now=now, phone="" if what == "no phone" else PHONE)
    match = lead.matches.select_related("line", "pro").get()
    {
        "called": lambda: a_call(match, by=member, at=now + HOUR),
        "fault": lambda: a_fault(match, by=member, at=now + HOUR),
        "spoke": lambda: a_call_back(match, at=now + HOUR),
        "stopped": lambda: stopping.stop_one(match, now=now + HOUR),
        "hired": lambda: hiring.say(lead, "other", now=now + HOUR),
        "no phone": lambda: None,
    }[what]()
    warn(at=now + DAY)
    assert again(match).warned_at is None and not Message.objects.filter(kind="no_attempt").exists()


def test_a_seat_too_late_for_a_successor_is_not_warned_about(marketplace, now):
    lead = a_lead(now=now, phone=PHONE)
    a_pro()
    matching.route(lead_id=lead.pk, now=now + 24 * HOUR)
    assert lead.matches.get().warn_due_at is None, "48 hours after it nobody looks for pros any more"


# Replaced


def test_after_two_days_the_pro_loses_its_line_and_pays_and_another_gets_the_seat(marketplace, silent, now):
    second = a_pro("Second Plumbing")
    price = silent.charge.price
    replacing.replace(silent, now=now + 2 * DAY)
    lost = again(silent)
    assert (lost.state, lost.slot, lost.state_at) == ("replaced", None, now + 2 * DAY)
    assert (lost.line.closed_at, lost.line.closed_reason) == (now + 2 * DAY, "replaced")
    assert (lost.charge.price, lost.charge.credited) == (price, 0)
    assert set(Message.objects.filter(kind="lead_replaced").values_list("subject", flat=True)) == {str(silent.pk)}

    matching.route(lead_id=silent.lead_id, now=now + 2 * DAY)
    seat = Match.objects.get(lead=silent.lead_id, state="live")
    assert (seat.pro_id, seat.slot) == (second.pk, 1), "freed once, and the pro who had it gets no other"


@pytest.mark.parametrize(
    ("seconds", "refusal"),
    [(2 * 86_400 - 1, replacing.NotYetReplaceable), (2 * 86_400, None), (3 * 86_400 - 1, None), (3 * 86_400, replacing.LookingOver)],
)
def test_it_may_be_replaced_from_two_days_on_until_the_request_closes(silent, now, seconds, refusal):
    at = now + timedelta(seconds=seconds)
    if refusal is None:
        replacing.replace(silent, now=at)
        assert again(silent).state == "replaced"
    else:
        with pytest.raises(refusal):
            replacing.replace(silent, now=at)
        assert again(silent).state == "live" and again(silent).slot == 1


def test_a_late_warning_leaves_a_day_all_the_same(marketplace, now):
    a_pro()
    match = a_matched_lead(now=now, phone=PHONE).matches.get()
    warn(at=now + 40 * HOUR)
    assert replacing.replaceable_from(again(match)) == now + 64 * HOUR
    with pytest.raises(replacing.NotYetReplaceable):
        replacing.replace(match, now=now + 63 * HOUR)
    replacing.replace(match, now=now + 64 * HOUR)


def test_who_was_never_warned_is_never_replaced(now, marketplace):
    a_pro()
    match = a_matched_lead(now=now, phone=PHONE).matches.get()
    with pytest.raises(replacing.NotYetReplaceable) as raised:
        replacing.replace(match, now=now + 60 * HOUR)
    assert raised.value.at is None


@pytest.mark.parametrize("how", ["rang", "fault", "spoke", "now"])
def test_one_attempt_after_the_warning_keeps_the_seat(silent, now, how):
    at, member = now + 47 * HOUR, a_member(silent.pro)
    if how == "rang":
        a_call(silent, by=member, at=at)
    elif how == "fault":
        a_fault(silent, by=member, at=at)
    elif how == "spoke":
        a_call_back(silent, at=at)
    else:
        call = listening.begin(provider_id="CA" + "9" * 32, side=Side.PRO, number=silent.line.number, way="pin", now=at)
        calls.pin_entered(call_id=call.pk, digits=silent.line.pin, from_number="+17735550171", now=at)
    with pytest.raises(replacing.HasTried):
        replacing.replace(silent, now=now + 2 * DAY)


def test_a_full_request_is_open_again_and_ends_once(marketplace, now):
    for number in range(4):
        a_pro(f"Pro {number}")
    lead = a_matched_lead(now=now, phone=PHONE)
    assert lead.outcome == "filled"
    warn(at=now + DAY)
    gone = lead.matches.get(slot=2)
    replacing.replace(gone, now=now + 2 * DAY)
    lead.refresh_from_db()
    assert (lead.state, lead.outcome, lead.ended_at, lead.due_at) == ("open", "", None, now + 2 * DAY)
    fifth = a_pro("Fifth")
    matching.route(lead_id=lead.pk, now=now + 2 * DAY)
    lead.refresh_from_db()
    assert (lead.state, lead.outcome) == ("closed", "filled") and lead.matches.get(slot=2).pro_id == fifth.pk
    kinds = list(Event.objects.filter(subject=str(lead.pk)).order_by("at", "pk").values_list("kind", flat=True))
    assert kinds.count("lead.closed") == 2 and kinds.count("lead.reopened") == 1
    assert Message.objects.filter(kind="introduction", channel="email").count() == 2, "the homeowner is told of the new one too"


def test_replacing_twice_frees_one_seat(silent, now):
    replacing.replace(silent, now=now + 2 * DAY)
    replacing.replace(silent, now=now + 2 * DAY + HOUR)
    assert again(silent).state_at == now + 2 * DAY
    assert (
        Event.objects.filter(kind="lead.pro_replaced").count() == 1
        and Message.objects.filter(kind="lead_replaced", channel="sms").count() == 1
    )


@pytest.mark.parametrize("what", ["stopped", "hired"])
def test_after_a_stop_or_a_hire_nobody_is_replaced(silent, now, what):
    if what == "stopped":
        stopping.stop_one(silent, now=now + DAY)
    else:
        hiring.say(silent.lead, "pro", match_id=silent.pk, now=now + DAY)
    with pytest.raises(replacing.SeatClosed if what == "stopped" else replacing.LookingOver):
        replacing.replace(silent, now=now + 2 * DAY)


def test_the_replaced_pro_cannot_call_any_more(silent, now):
    replacing.replace(silent, now=now + 2 * DAY)
    at = now + 2 * DAY + HOUR
    call = listening.begin(provider_id="CA" + "8" * 32, side=Side.PRO, number=silent.line.number, way="pin", now=at)
    answer = calls.pin_entered(call_id=call.pk, digits=silent.line.pin, from_number="+17735550171", now=at)
    assert isinstance(answer, calls.AskPin) and answer.again, "as for any wrong PIN"


def test_who_came_too_late_is_offered_the_freed_seat(opt_in, now):
    """Where pros opt in: five are asked, four take it, one of these never calls."""
    members = [a_member(a_funded_pro(f"Pro {number}")) for number in range(5)]
    lead = a_matched_lead(now=now, phone=PHONE)
    at = now + timedelta(minutes=15)
    for member in members[:4]:
        offer = Offer.objects.select_related("pro").get(lead=lead, pro=member.pro)
        offers.accept(offer, by=member, shown_price=offer.price, now=at)
    matching.route(lead_id=lead.pk, now=at + timedelta(minutes=11))
    assert Offer.objects.get(lead=lead, pro=members[4].pro).state == "taken"
    assert Lead.objects.get(pk=lead.pk).outcome == "filled"
    gone = lead.matches.get(pro=members[0].pro)
    warn(at=at + DAY)
    replacing.replace(gone, now=at + 2 * DAY)
    matching.route(lead_id=lead.pk, now=at + 2 * DAY)
    offer = Offer.objects.get(lead=lead, pro=members[4].pro)
    assert (offer.state, offer.round) == ("open", 2)
    assert Offer.objects.get(lead=lead, pro=members[0].pro).state == "accepted", "who lost it is not asked again"
    assert Line.objects.get(pk=gone.pk).closed_reason == "replaced"
