"""Calls, in Twilio's words: what a caller hears next is answered as TwiML, what became of a leg is kept (RULES 19-23).

Each view reads its fields, makes one domain call and says the answer. Addresses that Twilio is to ask next carry our id of the call and,
where the same may be said twice, a count: so a request that is played back is known as a repeat (contact.listening.Repeated).
"""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from api.webhooks import heard
from api.webhooks.door import Malformed, field, from_twilio, hook
from contact import calls, listening
from contact.merging import FINAL, HOMEOWNER, PRO, said_by
from core.addresses import absolute
from core.tenancy import current

SID = r"CA[0-9a-f]{32}"
NUMBER = r"\+?[0-9]{3,15}"
STATUS = r"queued|initiated|ringing|in-progress|answered|completed|busy|no-answer|failed|canceled"
DIGITS = r"[0-9*#]{0,10}"
COUNT = r"[0-9]{0,2}"
SIP_CODE = r"[0-9]{0,3}"
YEARS = range(2000, 3000)  # beyond them no arithmetic with deadlines is safe


@hook(from_twilio)
def dialled(request, marketplace):
    """Somebody dials one of our numbers."""
    now = _now(request, marketplace)
    provider_id = field(request, "CallSid", SID)
    answer = calls.dialled(
        provider_id=provider_id,
        from_number=_caller(request),
        to_number=field(request, "To", NUMBER),
        at=_at(request) or now.replace(microsecond=0),
        now=now,
    )
    return _said(answer)


@hook(from_twilio)
def pin(request, marketplace):
    call_id, now = _call(request), _now(request, marketplace)
    _once(request, call_id, f"pin:{_count(request)}", now=now)
    answer = calls.pin_entered(call_id=call_id, digits=field(request, "Digits", DIGITS), from_number=_caller(request), now=now)
    return _said(answer, count=_count(request))


@hook(from_twilio)
def choice(request, marketplace):
    call_id, now = _call(request), _now(request, marketplace)
    _once(request, call_id, f"choice:{_count(request)}", now=now)
    answer = calls.chosen(call_id=call_id, digits=field(request, "Digits", DIGITS), from_number=_caller(request), now=now)
    return _said(answer, count=_count(request))


@hook(from_twilio)
def bridge(request, marketplace):
    call_id, now = _call(request), _now(request, marketplace)
    _once(request, call_id, "bridge", now=now)
    return _said(calls.picked_up(call_id=call_id, now=now))


@hook(from_twilio)
def key(request, marketplace):
    call_id, now = _call(request), _now(request, marketplace)
    field(request, "Digits", r"[0-9*#]")
    _once(request, call_id, "key", now=now)
    return _said(calls.confirmed(call_id=call_id, now=now))


@hook(from_twilio)
def whisper(request, marketplace):
    """The dialled side has picked up and hears who it is, before the other side is let in."""
    call_id, answer = _call(request), VoiceResponse()
    _once(request, call_id, "whisper", now=_now(request, marketplace))
    said = calls.introduction(call_id=call_id)
    if said is None:
        answer.hangup()
    elif said.to_homeowner:
        heard.say(answer, heard.introduced(said.company, said.about, said.language), said.language)
    else:
        words = _("%(company)s, your homeowner calls back about %(service)s.")
        heard.say(answer, words % {"company": said.company, "service": said.about})
    return _xml(answer)


@hook(from_twilio)
def after_dial(request, marketplace):
    """The dialled leg is over. Whether the caller is still there says who hung up; who was connected to nobody hears why."""
    now, call_id = _now(request, marketplace), _call(request)
    _once(request, call_id, "dialled", now=now)
    provider_id = request.POST.get("DialCallSid", "")
    if provider_id:
        status = field(request, "DialCallStatus", STATUS)
        caller_left = request.POST.get("CallStatus") in FINAL
        facts = said_by(_word(status), at=None, seconds=_number(request, "DialCallDuration"), ended_by=PRO if caller_left else HOMEOWNER)
        key = f"{field(request, 'DialCallSid', SID)}:dial"
        said = {"status": status, "caller": "left" if caller_left else "there"}
        listening.hear(facts, call_id=call_id, provider_id=provider_id, key=key, said=said, now=now)
    answer = VoiceResponse()
    language = calls.language_of_caller(call_id=call_id)
    if words := heard.in_vain(request.POST.get("DialCallStatus", ""), language):
        heard.say(answer, words, language)
    answer.hangup()
    return _xml(answer)


@hook(from_twilio)
def status(request, marketplace):
    """How far a leg has come. Repeats change nothing, and any order ends the same."""
    now = _now(request, marketplace)
    provider_id, word = field(request, "CallSid", SID), _word(field(request, "CallStatus", STATUS))
    parent = not request.POST.get("ParentCallSid")
    call_id = _call(request, or_of=provider_id)
    code, seconds = _number(request, "SipResponseCode", SIP_CODE), _number(request, "CallDuration")
    machine = {"human": False}.get(request.POST["AnsweredBy"], True) if request.POST.get("AnsweredBy") else None
    at = _at(request) or now.replace(microsecond=0)
    facts = said_by(word, at=at, seconds=seconds, machine=machine, code=code if word == "failed" else None)
    said = {"status": word, "at": at.isoformat(), "seconds": seconds, "code": code, "machine": machine}
    key = f"{provider_id}:{word}:{field(request, 'SequenceNumber', COUNT)}"
    listening.hear(facts, call_id=call_id, provider_id=provider_id, key=key, said=said, now=now, parent=parent)
    return HttpResponse(status=204)


def _said(answer, count=0):
    """The TwiML of what a caller hears next."""
    twiml = VoiceResponse()
    SAY[type(answer)](answer, twiml, count)
    return _xml(twiml)


def _ask_pin(answer, twiml, count):
    if answer.star:
        words = _("Enter the 4-digit PIN of your lead. To call back who called you, press star and pound.")
    else:
        words = _("That PIN did not work. Enter the 4-digit PIN again.") if answer.again else _("Enter the 4-digit PIN of your lead.")
    gather = Gather(num_digits=4, action=_hook("pin", answer.call_id, count), timeout=10, finish_on_key="#", input="dtmf")
    heard.say(gather, words)
    twiml.append(gather)
    twiml.hangup()


def _ask_key(answer, twiml, count):
    words = _("%(company)s, your lead about %(service)s. Press any key, and we call the homeowner.")
    gather = Gather(num_digits=1, action=_hook("key", answer.call_id), timeout=10, finish_on_key="", input="dtmf")
    heard.say(gather, words % {"company": answer.company, "service": answer.about})
    twiml.append(gather)
    twiml.hangup()


def _connect(answer, twiml, count):
    action, events = _hook("dialled", answer.call_id), "initiated ringing answered completed"
    dial = Dial(caller_id=answer.number, timeout=answer.seconds, action=action, answer_on_bridge=True)
    dial.number(
        answer.to, url=_hook("whisper", answer.call_id), status_callback=_hook("status", answer.call_id), status_callback_event=events
    )
    twiml.append(dial)


def _menu(answer, twiml, count):
    gather = Gather(num_digits=1, action=_hook("choice", answer.call_id, count), timeout=10, input="dtmf")
    for place, company in enumerate(answer.companies, start=1):
        heard.say(gather, heard.offered(company, place, answer.language), answer.language)
    twiml.append(gather)
    twiml.hangup()


def _refuse(answer, twiml, count):
    heard.say(twiml, _("This call cannot be connected. Check the number and the PIN in Lead Manager, and call from a number saved there."))
    twiml.hangup()


def _unknown(answer, twiml, count):
    twiml.reject()


SAY = {
    calls.AskPin: _ask_pin,
    calls.AskKey: _ask_key,
    calls.Connect: _connect,
    calls.Menu: _menu,
    calls.Refuse: _refuse,
    calls.Unknown: _unknown,
}


def _hook(name, call_id, count=None) -> str:
    """The address Twilio asks next; `count` times it was asked so already."""
    again = "" if count is None else f"&n={count + 1}"
    return absolute(f"/hooks/{current().slug}/voice/{name}/?call={call_id}{again}")


def _once(request, call_id, name, *, now):
    """What the caller does counts once, however often it is sent (Repeated)."""
    provider_id = field(request, "CallSid", SID)
    facts = said_by("in-progress", at=_at(request)) if name in ("bridge", "whisper") else said_by("", at=None)
    said, key = {"did": name}, f"{provider_id}:{name}"
    listening.hear(facts, call_id=call_id, provider_id=provider_id, key=key, said=said, now=now, parent=name != "whisper")


def _caller(request) -> str:
    """The caller's number; "" when it is withheld or is no number."""
    number = request.POST.get("From", "")
    return number if number.startswith("+") and number[1:].isdecimal() and number.isascii() and len(number) <= 16 else ""


def _call(request, *, or_of="") -> UUID:
    """Our id of the call, as we gave it to the carrier; a number's own reports carry none, then it is that of the leg."""
    text = request.GET.get("call", "")
    if not text and or_of and (known := listening.call_of(or_of)):
        return known.pk
    try:
        return UUID(text)
    except ValueError:
        raise Malformed("The call is not understood.") if text else listening.UnknownCall from None


def _now(request, marketplace) -> datetime:
    """When it is: a replayed marketplace lives by the clock of its carrier."""
    return (_at(request) if marketplace.replay else None) or timezone.now()


def _at(request) -> datetime | None:
    """The carrier's time, in whole seconds. Raises Malformed."""
    text = request.POST.get("Timestamp", "")
    try:
        at = parsedate_to_datetime(text).astimezone(UTC) if text else None
    except (ValueError, TypeError, OverflowError):
        raise Malformed("Timestamp is not understood.") from None
    if at and at.year not in YEARS:
        raise Malformed("Timestamp is not understood.")
    return at


def _count(request) -> int:
    text = request.GET.get("n", "0")
    if not (text.isascii() and text.isdecimal() and len(text) < 3):
        raise Malformed("n is not understood.")
    return int(text)


def _number(request, name, pattern=r"[0-9]{0,6}") -> int | None:
    text = field(request, name, pattern)
    return int(text) if text else None


def _word(status) -> str:
    return "in-progress" if status == "answered" else status


def _xml(twiml):
    return HttpResponse(str(twiml), content_type="text/xml")
