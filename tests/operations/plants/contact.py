from datetime import timedelta

from contact.models import Call, Leg, LegEvent, Line, WrongPin
from leads.models import Match
from notifications.models import FirstDelivery, Message
from tests.operations.plants.plant import plants, sql, two_seats, unfrozen
from tests.operations.story import END


def _changed(line, **columns):
    """The line says something else, whatever its trigger thinks of that."""
    sql("alter table contact_line disable trigger user")
    assert Line.objects.filter(pk=line.pk).update(**columns)


def _unearned():
    """A line whose clock has ended and was not earned, of a match that was not given back."""
    return Line.objects.filter(settled_at__isnull=False, earned_at=None, match__state="live", charge__isnull=False).first()


def _called():
    """The line on which the pro's own call earned the discount."""
    return next(line for line in Line.objects.exclude(earned_by="") if _call_of(line).way == "pin")


def _call_of(line):
    return Call.objects.get(pk=line.earned_by.removeprefix("call:"))


@plants("contact.pins")
def a_pin_that_did_not_rest():
    first, second = Line.objects.filter(number=Line.objects.first().number, match__state="live").order_by("opened_at")[:2]
    sql("drop index contact_line_pin")
    _changed(second, pin=first.pin)


@plants("contact.lines")
def a_line_of_another_homeowner():
    first, second = two_seats()
    _changed(first.line, homeowner=second.line.homeowner)


@plants("contact.closed")
def a_withdrawn_pro_whose_pin_still_works():
    withdrawn = Match.objects.filter(state="withdrawn").select_related("line").first()
    _changed(withdrawn.line, closed_at=None, closed_reason="", due_at=END + timedelta(days=1))


@plants("contact.callers")
def somebody_who_is_nobody_s():
    Call.objects.filter(pk=_call_of(_called()).pk).update(member=None)


@plants("contact.guesses")
def an_eleventh_guess():
    wrong = WrongPin.objects.get()
    WrongPin.objects.bulk_create(WrongPin(number=wrong.number, caller=wrong.caller, known=True, at=wrong.at) for _ in range(10))


@plants("contact.clock")
def a_clock_of_31_minutes():
    line = _unearned()
    _changed(line, clock_ends_at=line.clock_ends_at + timedelta(minutes=1))


@plants("contact.clock_starts")
def a_clock_that_started_before_anybody_was_told():
    line = _unearned()
    early = timedelta(minutes=1)
    _changed(line, clock_starts_at=line.clock_starts_at - early, clock_ends_at=line.clock_ends_at - early)


@plants("contact.delivered", also=["contact.clock_starts"])
def a_delivery_nobody_confirmed():
    line = _unearned()
    FirstDelivery.objects.filter(subject=str(line.pk)).update(confirmed_at=line.clock_starts_at + timedelta(seconds=1))


@plants("contact.in_time", also=["contact.earned"])
def a_call_after_the_end():
    line = _called()
    _changed(line, earned_at=line.clock_ends_at + timedelta(seconds=1))


@plants("contact.earned")
def a_discount_for_another_s_call():
    theirs, mine = Line.objects.exclude(earned_by="").order_by("pk")
    _changed(mine, earned_by=theirs.earned_by, earned_at=theirs.earned_at)


@plants("contact.discounted", also=["contact.settled"])
def a_discount_that_nobody_earned():
    _changed(_called(), earned_at=None, earned_by="")


@plants("contact.discount", also=["money.taken_back"])
def a_cent_too_much():
    unfrozen("billing_transfer", "update billing_transfer set amount = amount + 1 where starts_with(reference, 'discount:')")


@plants("contact.settled")
def a_clock_that_ended_and_a_charge_that_waits():
    sql(f"update billing_charge set billable_at = null where id = '{_unearned().pk}'")


@plants("contact.told", also=["contact.forward"])
def a_call_that_ended_while_it_rang():
    Leg.objects.filter(call=_call_of(_called()), side="pro").update(status="ringing")


@plants("contact.forward")
def a_leg_that_went_back():
    leg = Leg.objects.filter(call=_call_of(_called()), side="homeowner", status="completed").get()
    Leg.objects.filter(pk=leg.pk).update(status="busy")


@plants("contact.once")
def the_same_word_twice():
    sql("alter table contact_legevent drop constraint contact_leg_event_once")
    event = LegEvent.objects.first()
    event.pk = None
    event.save()


@plants("contact.masked")
def the_homeowner_s_number_in_an_event():
    event = LegEvent.objects.first()
    event.pk, event.key, event.said = None, "CA:planted", {"status": "queued", "to": "+13125550142"}
    event.save()


@plants("contact.introduced")
def a_number_that_is_not_masked():
    message = Message.objects.filter(kind="introduction").first()
    Message.objects.filter(pk=message.pk).update(context={**message.context, "number": "(312) 555-0142"})


@plants("contact.due")
def a_line_nobody_looked_at():
    Line.objects.filter(pk=two_seats()[0].pk).update(due_at=END - timedelta(minutes=3))
