from datetime import timedelta

from core.models import Event
from leads.models import Lead, Match
from notifications.models import FirstDelivery, LocalDelivery, Message, Suppression
from tests.operations.plants.plant import plants, sql, unfrozen
from tests.operations.story import END, NOON


def _told():
    """A delivered e-mail to a member about a match of a lead that was not withdrawn."""
    about = [str(pk) for pk in Match.objects.filter(state="live").values_list("pk", flat=True)]
    return Message.objects.filter(kind="new_lead", channel="email", state="confirmed", subject__in=about).first()


def _about_a_lead(kind):
    return Message.objects.filter(kind=kind, channel="email", state="confirmed").first()


@plants("notices.once")
def handed_over_twice():
    delivery = LocalDelivery.objects.first()
    delivery.pk = None
    delivery.save()


@plants("notices.state")
def confirmed_and_due():
    Message.objects.filter(pk=_told().pk).update(due_at=END)


@plants("notices.first_delivery", also=["contact.clock_starts", "contact.delivered"])
def a_clock_that_never_starts():
    FirstDelivery.objects.filter(subject=_told().subject).delete()


@plants("notices.new_lead")
def a_pro_that_was_not_told():
    _told().delete()


@plants("notices.introduction")
def a_homeowner_who_does_not_know_who():
    _about_a_lead("introduction").delete()


@plants("notices.answered")
def a_homeowner_without_an_answer():
    _about_a_lead("request_received").delete()


@plants("notices.stopped")
def a_letter_after_stop():
    message = _told()
    Suppression.objects.create(channel="email", address=message.address, reason="stop", since=NOON - timedelta(days=90))


@plants("notices.sms_consent")
def texts_without_consent():
    unfrozen("leads_consent", "update leads_consent set sms = false where sms")


@plants("notices.withdrawn", also=["contact.closed", "routing.open_work"])
def a_live_seat_on_a_withdrawn_lead():
    sql("update leads_match set state = 'live' where state = 'withdrawn'")


@plants("notices.masked")
def the_homeowner_s_number_in_a_notice():
    message = _told()
    lead = Lead.objects.get(matches__pk=message.subject)
    Message.objects.filter(pk=message.pk).update(context={**message.context, "place": lead.homeowner.email})


@plants("notices.events")
def an_address_in_an_event():
    Event.objects.create(kind="lead.noted", subject="1", at=END, data={"note": "write to dana@example.com"})


@plants("notices.forgotten")
def a_code_that_stays():
    sql("update notifications_message set context = context || '{\"code\": \"123456\"}' where kind = 'phone_code'")
