"""A pro dials the number and the PIN: who is connected, what is kept, and what it earns (RULES 19, 21-24, 27)."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts import team
from billing.models import Charge, Transfer
from contact import calls, lines, queries
from contact.models import LegEvent, Line, LocalCall
from contact.numbers import OurNumber
from notifications.models import Message
from tests.contact.telephone import HOME_PHONE, PRO_PHONE, Story
from tests.factories import a_lead, a_member

NEUTRAL = "cannot be connected"


@pytest.fixture
def story(marketplace, now):
    return Story(now)


def test_number_and_pin_reach_the_homeowner_who_hears_who_it_is(story):
    call = story.dial()
    assert "Enter the 4-digit PIN" in story.heard(call)
    leg = story.enter(call).child_of(call)
    dialled = story.carrier.call(leg)
    assert (dialled.to_number, dialled.from_number) == (HOME_PHONE, story.line.number.number)
    story.wait(6).answer(leg)
    assert story.heard(leg) == f"{story.pro.name} about your {story.line.about}."


def test_a_call_in_time_takes_20_percent_off_at_once(story):
    leg = story.wait(420).ring()
    started = story.now
    story.wait(4).answer(leg).wait(60)
    charge = Charge.objects.get(pk=story.match.pk)  # mid-call: posted as soon as it has lasted five seconds
    assert (charge.price, charge.discounted, charge.net) == (charge.price, charge.price // 5, charge.price - charge.price // 5)
    line = story.line
    assert (line.earned_at, line.clock_ends_at - line.clock_starts_at) == (started, timedelta(seconds=1800))
    story.hang_up(story.parent_of(leg)).wait(10)
    call = story.calls.get()
    assert call.closed_at and call.line_id == story.match.pk and call.member == story.member
    assert Transfer.objects.filter(reference=f"discount:{story.match.pk}").count() == 1
    assert charge.billable_at


@pytest.mark.parametrize(("seconds", "earned"), [(1800, True), (1801, False)])
def test_the_discount_is_judged_by_when_the_leg_started(story, seconds, earned):
    assert story.line.clock_starts_at == story.now
    leg = story.wait(seconds).ring()
    story.decline(leg).wait(1)
    assert bool(story.line.earned_at) is earned
    assert bool(Charge.objects.get(pk=story.match.pk).discounted) is earned


@pytest.mark.parametrize(
    ("home", "dead"),
    [("+13125550196", True), ("+13125550195", False), ("+13125550194", False), ("+13125550192", False), ("+13125550193", False)],
)
def test_a_number_that_is_dead_busy_silent_a_machine_or_out_of_order_earns_too(marketplace, now, home, dead):
    story = Story(now, home=home)
    story.ring()
    story.wait(60)
    assert story.line.earned_at == now
    told = queries.story(Line.objects.select_related("pro").get(pk=story.match.pk))
    assert (told.attempts, bool(told.dead_at)) == (1, dead)
    assert told.two_way_at is None


def test_hanging_up_before_ten_seconds_of_ringing_earns_nothing(story):
    leg = story.ring()
    story.wait(9).hang_up(story.parent_of(leg)).wait(5)
    assert story.line.earned_at is None
    assert story.calls.get().closed_at
    leg = story.ring()
    story.wait(10).hang_up(story.parent_of(leg)).wait(5)
    assert story.line.earned_at


def test_hanging_up_within_five_seconds_of_the_answer_earns_nothing_but_the_homeowners_hanging_up_does(story):
    leg = story.ring()
    story.wait(2).answer(leg).wait(2).hang_up(story.parent_of(leg)).wait(5)
    assert story.line.earned_at is None
    leg = story.ring()
    story.wait(2).answer(leg).wait(2).hang_up(leg).wait(5)
    assert story.line.earned_at


def test_two_people_who_speak_are_two_way_contact(story):
    leg = story.ring()
    story.wait(5).answer(leg).wait(45).hang_up(leg).wait(1)
    told = queries.story(Line.objects.select_related("pro").get(pk=story.match.pk))
    assert told.two_way_at == story.now - timedelta(seconds=51)
    assert [(step.label, step.state) for step in told.steps] == [
        ("Call Lead Within 30 Minutes", "done"),
        ("Follow Up That Week", "half"),
        ("Send An Email", "open"),
    ]


def test_calls_move_the_end_of_the_line_to_90_days_after_the_last(story):
    story.wait(86_400 * 5)
    leg = story.ring()
    story.wait(1).decline(leg)
    assert story.line.expires_at == story.now - timedelta(seconds=1) + timedelta(days=90)


# Who may call


def test_the_pin_works_from_every_saved_number_of_the_team_and_one_more_added_on_the_lead(story):
    second = a_member(story.pro, phone="+17735550122")
    assert story.ring(from_number="+17735550122")
    assert story.calls.last().member == second
    assert not story.ring(from_number="+17735550133")
    lines.add_caller(story.line, "(773) 555-0133", by=story.member, now=story.now)
    assert story.ring(from_number="+17735550133")


def test_wrong_expired_withdrawn_and_not_yours_hear_the_same(marketplace, now):
    story = Story(now, pros=2)
    said = set()
    other = Line.objects.exclude(pro=story.pro).get()
    wrong = next(pin for pin in ("0001", "0002", "0003") if pin not in (story.line.pin, other.pin))
    for pin in (wrong, other.pin):
        call = story.dial()
        story.enter(call, pin)
        said.add(story.heard(call))
    lines.close([story.match.pk], reason="withdrawn", now=story.now)
    call = story.dial()
    said.add(story.enter(call).heard(call))
    stranger = story.dial(from_number="+17735550177")
    said.add(story.enter(stranger, other.pin).heard(stranger))
    assert len(said) == 1 and "did not work" in said.pop()


def test_a_masked_number_is_nobodys_own(story):
    """A call to it would come back to us."""
    ours = story.line.number.number
    with pytest.raises(OurNumber):
        lines.add_caller(story.line, ours, by=story.member, now=story.now)
    with pytest.raises(OurNumber) as refused:
        a_lead(now=story.now, phone=ours)
    assert list(refused.value.fields) == ["phone"]


def test_after_three_wrong_pins_the_call_ends_and_after_ten_an_hour_the_caller_waits(story):
    wrong = "0000" if story.line.pin != "0000" else "0001"
    call = story.dial()
    for _each in range(3):
        story.enter(call, wrong)
    assert NEUTRAL in story.heard(call)
    for _each in range(7):
        story.enter(story.dial(), wrong)
    assert not story.ring()  # ten wrong ones within the hour: the right one does not help
    story.wait(3601)
    assert story.ring()


def test_a_removed_member_calls_nobody(story):
    story.member.removed_at = story.now
    story.member.save()
    assert not story.ring()


# The homeowner calls back


def test_the_number_a_removed_member_added_calls_nobody(story):
    """Added on the lead while it was in the team, its own or another: it goes with the member."""
    luis = a_member(story.pro, phone="+17735550155", role="member")
    lines.add_caller(story.line, "(773) 555-0155", by=luis, now=story.now)
    assert story.ring(from_number="+17735550155")
    team.remove(luis, by=story.member, now=story.now)
    assert not story.ring(from_number="+17735550155")
    lines.add_caller(story.line, "(773) 555-0155", by=story.member, now=story.now)
    assert story.ring(from_number="+17735550155"), "who stays may say that it works"


@pytest.mark.parametrize("ending", ["never called", "called", "asked for a key"])
def test_who_is_removed_before_the_key_is_pressed_is_not_connected(story, ending):
    luis = a_member(story.pro, phone="+17735550155", role="member")
    calls.bridge(story.line, member=luis, now=story.now)
    if ending == "never called":
        team.remove(luis, by=story.member, now=story.now)
    story.wait(1)
    telephone = LocalCall.objects.filter(to_number="+17735550155").first()
    assert bool(telephone) is (ending != "never called")
    if ending == "asked for a key":
        story.answer(telephone.provider_id).wait(1)
    if telephone:
        team.remove(luis, by=story.member, now=story.now)
    if ending == "called":
        story.answer(telephone.provider_id).wait(180)
    if ending == "asked for a key":
        story.enter(telephone.provider_id, "5").wait(180)
    assert not LocalCall.objects.filter(to_number=HOME_PHONE).exists() and story.calls.get().closed_at
    assert story.line.earned_at is None


def test_the_homeowner_calling_back_reaches_the_pro_and_earns_the_discount(story):
    leg = story.ring()
    story.wait(3).hang_up(story.parent_of(leg)).wait(60)
    assert story.line.earned_at is None
    call = story.dial(from_number=HOME_PHONE)
    back = story.child_of(call)
    assert story.carrier.call(back).to_number == PRO_PHONE
    started = story.now
    story.wait(5).answer(back)
    assert "calls back" in story.heard(back)
    assert story.line.earned_at == started


def test_the_homeowner_reaches_the_pro_though_the_pro_added_their_number(story):
    """Who has learned the number may not turn it into one that is asked for a PIN, here and for the other pros of the number."""
    lines.add_caller(story.line, HOME_PHONE, by=story.member, now=story.now)
    call = story.dial(from_number=HOME_PHONE)
    assert "PIN" not in story.heard(call) and story.carrier.call(story.child_of(call)).to_number == PRO_PHONE


def test_a_line_that_has_expired_calls_nobody_back_before_the_sweep_has_come(story):
    story.now = story.line.expires_at
    call = story.dial(from_number=HOME_PHONE)
    assert "Enter the 4-digit PIN" in story.heard(call) and not story.child_of(call)


def test_with_several_pros_the_homeowner_hears_a_short_menu(marketplace, now):
    story = Story(now, pros=3)
    a_member(story.pros[1], phone="+17735550122")
    call = story.dial(from_number=HOME_PHONE)
    said = story.heard(call)
    assert all(f"For {pro.name}, press" in said for pro in story.pros)
    number = next(number for number in range(1, 4) if f"For {story.pros[1].name}, press {number}" in said)
    story.enter(call, str(number))
    assert story.carrier.call(story.child_of(call)).to_number == "+17735550122"


# In the language of the homeowner


def test_a_homeowner_who_asked_in_spanish_hears_spanish_and_the_pro_english(marketplace, now):
    with translation.override("es"):
        story = Story(now, pros=2)
    leg = story.ring()
    story.wait(3).answer(leg)
    assert story.heard(leg) == f"{story.pro.name}, por su solicitud: Reemplazo de calentador de agua."
    menu = story.heard(story.dial(from_number=HOME_PHONE))
    assert all(f"Para {pro.name}, marque" in menu for pro in story.pros)
    call = story.dial()
    assert "Enter the 4-digit PIN" in story.heard(call)


def test_a_pro_who_is_called_back_in_vain_is_told_of_in_the_homeowner_s_language(marketplace, now):
    with translation.override("es"):
        story = Story(now)
    call = story.dial(from_number=HOME_PHONE)
    story.decline(story.child_of(call)).wait(1)
    assert "La línea está ocupada" in story.heard(call)


# What is kept


def test_every_event_is_kept_once_without_a_number(story):
    leg = story.ring()
    story.wait(5).answer(leg).wait(30).hang_up(leg).wait(1)
    kept = list(LegEvent.objects.values_list("key", "said"))
    assert len(kept) == len({key for key, _said in kept}) >= 6
    everything = " ".join(f"{key} {said}" for key, said in kept)
    assert (
        HOME_PHONE[2:] not in everything
        and PRO_PHONE[2:] not in everything
        and story.line.pin not in [said.get("digits") for _key, said in kept]
    )


def test_ten_minutes_before_the_end_the_team_is_reminded_unless_it_called(story, marketplace):
    reminder = Message.objects.get(kind="call_reminder", channel="sms")
    assert reminder.due_at == story.line.clock_ends_at - timedelta(minutes=10)
    leg = story.ring()
    story.wait(1).decline(leg)
    reminder.refresh_from_db()
    assert reminder.state == "cancelled"


def test_nobody_was_told_within_five_minutes_and_operations_are_alarmed(marketplace, now, caplog):
    story = Story(now, delivered=False)
    story.wait(299)
    assert story.line.alarmed_at is None
    story.wait(6)
    assert story.line.alarmed_at == story.now and story.line.clock_starts_at is None
    assert str(story.match.pk) in caplog.text
    story.wait(1800)
    assert caplog.text.count("no notice of a lead was delivered") == 1


def test_a_member_who_is_a_homeowner_on_the_same_number_may_enter_a_pin_or_press_the_star(story, now):
    """The roofer asked for a plumber, and that request happens to have the number of his own lead."""
    own = Story(now, home=PRO_PHONE, member_phone="+17735550122")
    assert own.line.number == story.line.number
    call = story.dial()
    assert "press star" in story.heard(call)
    leg = story.enter(call).child_of(call)
    assert story.carrier.call(leg).to_number == HOME_PHONE
    story.wait(3).answer(leg).wait(30).hang_up(leg).wait(1)
    assert {leg.side for leg in story.legs.filter(call__line=story.match.pk)} == {"pro", "homeowner"}
    assert story.calls.get().closed_at and story.line.earned_at == now
