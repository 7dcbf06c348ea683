"""Twilio tells what became of a text message, and brings those that people send us."""

from django.http import HttpResponse
from django.utils import timezone
from twilio.twiml.messaging_response import MessagingResponse

from api.webhooks.door import field, from_twilio, hook, message_id
from notifications import delivery, stop
from notifications.channels import twilio

SID = r"(SM|MM)[0-9a-f]{32}"
NUMBER = r"\+?[0-9]{3,15}"


@hook(from_twilio)
def status(request, marketplace):
    """A status callback. Repeats, any order and words we do not know are harmless; a message of somebody else's is ignored."""
    provider_id = field(request, "MessageSid", SID)
    word = field(request, "MessageStatus", r"[a-z_]{1,30}")
    code = field(request, "ErrorCode", r"[0-9]{0,6}")
    fact = twilio.told(word, int(code) if code else None, provider_id=provider_id)
    if fact:
        delivery.report(fact, message_id=message_id(request.GET.get("message")), provider_id=provider_id, now=timezone.now())
    return HttpResponse(status=204)


@hook(from_twilio)
def inbound(request, marketplace):
    """A text message to us: STOP and START are in force when this answers."""
    field(request, "MessageSid", SID)
    words = request.POST.get("OptOutType") or request.POST.get("Body", "")
    sentence = stop.hear(address=field(request, "From", NUMBER), words=words, now=timezone.now())
    answer = MessagingResponse()
    if sentence:
        answer.message(sentence)
    return HttpResponse(str(answer), content_type="text/xml")
