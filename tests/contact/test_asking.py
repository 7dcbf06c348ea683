"""What the carrier did not tell, or told too late: it is asked (RULES 23, INVARIANTS 16, 21, 40). And calls that we place ourselves."""

from datetime import timedelta

import pytest

from contact import asking, calls
from contact.calls import NoPhone, NoSavedNumber
from contact.carriers import Unreachable
from contact.carriers.door import Faults
from contact.carriers.local import LocalCarrier
from contact.lines import LineClosed, close
from contact.models import Call, LocalCall
from tests.contact.telephone import PRO_PHONE, Story

LOST = Faults(lose=1.0)


@pytest.fixture
def carriers(monkeypatch):
    """The carrier that is asked is that of the story."""

    def of(story):
        monkeypatch.setattr(asking, "carrier", lambda marketplace: story.carrier)
        return story

    return of


@pytest.mark.parametrize(
    ("home", "earned"),
    [("+13125550196", True), ("+13125550195", True), ("+13125550194", True), ("+13125550193", True), ("+13125550192", True)],
)
def test_a_call_whose_events_never_come_is_asked_about_and_earns_all_the_same(marketplace, now, home, earned):
    story = Story(now, home=home, faults=LOST)
    call = story.dial()
    story.enter(call)
    story.wait(40).hang_up(call).wait(81)
    (known,) = story.calls
    assert known.closed_at == story.now
    assert bool(story.line.earned_at) is earned and story.line.earned_at == now


def test_the_pro_who_gave_up_at_once_earns_nothing_even_if_no_event_came(marketplace, now):
    story = Story(now, faults=LOST)
    call = story.dial()
    story.enter(call)
    story.wait(4).hang_up(call).wait(120)
    assert story.calls.get().closed_at and story.line.earned_at is None


def test_events_that_come_three_days_late_are_judged_by_their_own_time(marketplace, now):
    story = Story(now, faults=Faults(delay=(3 * 86_400, 3 * 86_400)))
    call = story.dial()
    story.enter(call)
    story.decline(story.child_of(call))
    story.carrier.look_up = lambda provider_id: []  # and the carrier has forgotten the call meanwhile
    story.wait(3 * 86_400)
    assert story.line.earned_at == now
    assert story.match.charge.discounted == story.match.price // 5


def test_while_they_talk_the_carrier_is_asked_once_and_the_discount_is_there(marketplace, now):
    story = Story(now)
    leg = story.ring()
    story.wait(3).answer(leg).wait(5)
    assert story.line.earned_at is None
    story.wait(1)
    assert story.line.earned_at == now
    assert story.calls.get().closed_at is None


def test_a_carrier_that_does_not_answer_is_asked_again(marketplace, now, carriers):
    story = carriers(Story(now, faults=LOST))
    leg = story.ring()
    story.decline(leg)
    answers = story.carrier.look_up
    story.carrier.look_up = lambda provider_id: (_ for _ in ()).throw(Unreachable)
    for _each in range(10):
        story.wait(60)
    assert story.line.earned_at is None
    story.carrier.look_up = answers
    for _each in range(6):
        story.wait(60)
    assert story.line.earned_at == now and story.calls.get().closed_at


# Calls that we place: the pro's telephone rings first


def bridge(story):
    with story.clock():
        call = calls.bridge(story.line, member=story.member, now=story.now)
    story.wait(1)
    return call


def test_who_sits_at_a_desk_is_called_first_and_then_connected(marketplace, now):
    story = Story(now)
    call = bridge(story)
    (ours,) = LocalCall.objects.filter(parent=None)
    assert (ours.to_number, ours.from_number) == (PRO_PHONE, story.line.number.number)
    story.wait(3).answer(ours.provider_id)
    assert not story.child_of(ours.provider_id)
    assert story.heard(ours.provider_id) == (
        f"{story.pro.name}, your lead about {story.line.about}. Press any key, and we call the homeowner."
    )
    story.wait(6).enter(ours.provider_id, "#")
    started = story.now
    leg = story.child_of(ours.provider_id)
    story.wait(5).answer(leg).wait(30).hang_up(leg).wait(1)
    call.refresh_from_db()
    assert call.closed_at and story.line.earned_at == started
    assert [(leg.side, leg.status) for leg in story.legs] == [("pro", "completed"), ("homeowner", "completed")]


def test_a_mailbox_that_takes_our_call_is_never_connected(marketplace, now):
    story = Story(now)
    call = bridge(story)
    ours = LocalCall.objects.get()
    story.answer(ours.provider_id, machine=True)
    for _each in range(6):
        story.wait(30)
    call.refresh_from_db()
    assert call.closed_at and not call.fault and LocalCall.objects.get().status == "completed" and story.line.earned_at is None


def test_asked_twice_the_pro_is_called_once(marketplace, now):
    story = Story(now)
    assert bridge(story) == bridge(story)
    assert LocalCall.objects.count() == 1


def test_a_worker_that_died_after_calling_finds_its_call_again(marketplace, now, carriers):
    story = carriers(Story(now))
    with story.clock():
        calls.bridge(story.line, member=story.member, now=story.now)
    placed = []
    place = story.carrier.place

    def dies(**what):
        placed.append(place(**what))
        raise KeyboardInterrupt

    story.carrier.place = dies
    with pytest.raises(KeyboardInterrupt), story.clock():
        asking.ask_due(marketplace, now=story.now)
    story.carrier.place = place
    story.wait(31)
    assert LocalCall.objects.filter(parent=None).count() == 1
    assert story.legs.get().provider_id == placed[0]


def test_a_call_that_could_not_be_placed_has_failed_through_us_and_counts(marketplace, now, carriers):
    story = carriers(Story(now))
    story.carrier.place = lambda **what: (_ for _ in ()).throw(Unreachable)
    with story.clock():
        call = calls.bridge(story.line, member=story.member, now=story.now)
    for _each in range(8):
        story.wait(30)
    call.refresh_from_db()
    assert call.fault and call.closed_at and story.line.earned_at == now


def test_the_pro_did_not_pick_up_and_nothing_was_dialled(marketplace, now):
    story = Story(now)
    call = bridge(story)
    for _each in range(6):
        story.wait(30)
    call.refresh_from_db()
    assert call.closed_at and not call.fault and story.line.earned_at is None


def test_a_line_that_was_closed_meanwhile_is_not_dialled(marketplace, now):
    story = Story(now)
    bridge(story)
    close([story.match.pk], reason="withdrawn", now=story.now)
    ours = LocalCall.objects.get()
    with story.clock():
        story.carrier.answer(ours.provider_id, at=story.now)
    assert not story.child_of(ours.provider_id)
    assert "cannot be connected" in story.heard(ours.provider_id)


def test_our_call_to_a_pro_is_taken_back_when_the_homeowner_stops(marketplace, now):
    story = Story(now)
    bridge(story)
    close([story.match.pk], reason="withdrawn", now=story.now)
    story.wait(1)
    assert LocalCall.objects.get().ended_at == story.now and not story.heard(LocalCall.objects.get().provider_id)


def test_who_cannot_be_called_is_told_why(marketplace, now):
    story = Story(now, member_phone="")
    with pytest.raises(NoSavedNumber):
        calls.bridge(story.line, member=story.member, now=now)
    story.member.user.phone = PRO_PHONE
    close([story.match.pk], reason="withdrawn", now=now)
    with pytest.raises(LineClosed):
        calls.bridge(story.line, member=story.member, now=now)
    other = Story(now, home="", email="dana@homeowners.example")
    with pytest.raises(NoPhone):
        calls.bridge(other.line, member=story.member, now=now)


def test_what_only_the_carrier_knows_is_found_in_its_list(marketplace, now):
    story = Story(now)
    silent = LocalCarrier(marketplace, post=lambda *_what: (500, ""))
    with story.clock():
        missed = silent.dial(from_number=PRO_PHONE, to_number=story.line.number.number, at=story.now)
        stranger = silent.dial(from_number="+12065550150", to_number=story.line.number.number, at=story.now)
    story.now += timedelta(seconds=61)
    assert asking.list_numbers(marketplace, now=story.now) == 2
    assert asking.list_numbers(marketplace, now=story.now + timedelta(seconds=61)) == 0
    assert story.line.earned_at == now  # it came in time and failed through us
    assert set(Call.objects.values_list("legs__provider_id", "line")) == {(missed, story.match.pk), (stranger, None)}
