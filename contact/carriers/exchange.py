"""What the calls of the local carrier do next, as Twilio does it: documents are carried out, telephones ring, callbacks are put down.

Nothing is posted here: a post is a LocalEvent row, written in the transaction that changes the calls.
"""

from datetime import datetime, timedelta
from email.utils import format_datetime
from uuid import uuid4

from django.conf import settings

from contact.carriers import twiml
from contact.carriers.door import Delivery, Door
from contact.models import LocalCall, LocalEvent

# Telephones that behave, by how their number ends.
DEAD, BUSY, SILENT, MACHINE, FAULTY = "5550196", "5550195", "5550194", "5550193", "5550192"
MACHINE_AFTER = timedelta(seconds=3)
ANSWER_WITHIN = timedelta(seconds=60)  # a post that never came back, because its process died
DOCUMENTS = 50  # of one call: one that asks for more runs in a circle
NO_ACCOUNT = "AC" + "0" * 32
ON_TIME = [Delivery()]

Waits, Direction = LocalCall.Waits, LocalCall.Direction


def new_call(**fields) -> LocalCall:
    return LocalCall(provider_id=f"CA{uuid4().hex}", **fields)


class Exchange:
    """One call with the one that dialled it and those it dialled, at the instant `at`. The caller holds the lock of the first of them and
    keeps them afterwards (`keep`)."""

    def __init__(self, calls, *, door: Door, at: datetime):
        self.calls = {call.pk: call for call in calls}
        self.door = door
        self.at = at
        self.second = at.replace(microsecond=0)  # a carrier's times are in whole seconds

    def keep(self):
        for call in self.calls.values():
            call.save()

    # What people do

    def answer(self, call, *, machine=False):
        """Somebody, or a machine, picks up a telephone that rings."""
        if call.waits != Waits.RING or call.to_number.endswith(SILENT):
            return
        call.status, call.answered_at, call.machine = "in-progress", self.second, machine
        self.tell(call, "answered")
        if call.url:
            self.fetch(call, call.url)
        else:
            self.connect(call)

    def decline(self, call):
        if call.waits == Waits.RING:
            self.end(call, "busy")

    def press(self, call, digits):
        """Keys are pressed; nobody listens unless digits are gathered."""
        for key in digits:
            if call.waits != Waits.DIGITS:
                return
            gather = self.verb(call)
            if key in gather.finish:
                self.entered(call)
                continue
            call.digits += key
            self.wait(call, Waits.DIGITS, gather.timeout)
            if len(call.digits) == gather.digits or len(call.digits) == 40:
                self.entered(call)

    def hang_up(self, call):
        """Before it has answered, a telephone that hangs up declines."""
        if call.direction != Direction.INBOUND and not call.answered_at:
            self.decline(call)
        else:
            self.end(call, "completed")

    # What time does

    def elapsed(self, call):
        """What `call` waited for has not come by now."""
        match call.waits:
            case Waits.QUEUE:
                self.ring(call)
            case Waits.RING if call.to_number.endswith(MACHINE) and self.at - call.started_at >= MACHINE_AFTER:
                self.answer(call, machine=True)
            case Waits.RING:
                self.end(call, "no-answer")
            case Waits.DIGITS:
                self.entered(call)
            case Waits.PAUSE:
                self.run(call)
            case Waits.DOOR:
                self.broken(call, "The site never answered.")

    # What the site answers

    def answered(self, call, event, status, body):
        """The site's answer to a post that steers, or its refusal of another. What should steer and is no TwiML ends the call, as an
        application error does at Twilio."""
        if not event.steers:
            call.trouble = _refused(event, status)
            return
        if call.waits != Waits.DOOR:
            return
        try:
            if status != 200:
                raise twiml.NotUnderstood(_refused(event, status))
            twiml.read(body, address=self.door.root.removesuffix("/") + event.path)
        except twiml.NotUnderstood as error:
            return self.broken(call, str(error))
        call.path, call.twiml, call.step = event.path, body, 0
        self.run(call)

    # How a call goes on

    def run(self, call):
        """Carry out its document from where it stands until something has to be waited for."""
        verbs = self.verbs(call)
        if call.status == "ringing" and not (verbs and isinstance(verbs[0], twiml.Reject)):
            call.status, call.answered_at = "in-progress", self.second
        while call.step < len(verbs):
            verb = verbs[call.step]
            call.step += 1
            match verb:
                case twiml.Say():
                    call.heard.append(verb.words)
                case twiml.Pause():
                    return self.wait(call, Waits.PAUSE, verb.seconds)
                case twiml.Gather():
                    call.heard += verb.words
                    return self.wait(call, Waits.DIGITS, verb.speech + verb.timeout)
                case twiml.Dial() if call.parent_id:
                    return self.broken(call, "Whoever was dialled cannot dial on.")
                case twiml.Dial():
                    return self.dial(call, verb)
                case twiml.Redirect():
                    return self.fetch(call, verb.path)
                case twiml.Reject():
                    return self.end(call, "busy" if verb.busy else "failed")
                case twiml.Hangup():
                    return self.end(call, "completed")
        if call.parent_id:
            return self.connect(call)
        return self.end(call, "completed")

    def dial(self, call, verb):
        """Call the other side."""
        child = new_call(
            parent=call,
            direction=Direction.DIALLED,
            from_number=verb.caller_id or call.from_number,
            to_number=verb.number,
            url=verb.whisper,
            status_url=verb.status_url,
            events=list(verb.events),
            ring_seconds=verb.timeout,
        )
        child.save()
        self.calls[child.pk] = child
        self.wait(call, Waits.DIAL)
        self.ring(child)

    def connect(self, call):
        """Whoever was dialled and the caller hear each other."""
        for side in (call, self.calls[call.parent_id]):
            self.wait(side, Waits.TALK)

    def ring(self, call):
        """Let its telephone ring, or find out why it does not."""
        call.started_at = self.second
        self.tell(call, "initiated", status="initiated")
        for ending, status, code in ((DEAD, "failed", 404), (FAULTY, "failed", 503), (BUSY, "busy", None)):
            if call.to_number.endswith(ending):
                return self.end(call, status, code)
        call.status = "ringing"
        self.tell(call, "ringing")
        seconds = call.ring_seconds
        if call.to_number.endswith(MACHINE):
            seconds = min(seconds, MACHINE_AFTER.seconds)
        return self.wait(call, Waits.RING, seconds)

    def entered(self, call):
        """The digits are complete, or nobody presses any more."""
        digits, call.digits = call.digits, ""
        if digits:
            self.fetch(call, self.verb(call).action, Digits=digits)
        else:
            self.run(call)

    def end(self, call, status, code=None):
        """End a call: the one it has dialled ends with it, the one that dialled it goes on."""
        if call.ended_at:
            return
        call.status, call.code, call.ended_at = status, code, self.second
        self.wait(call, "")
        for child in [child for child in self.calls.values() if child.parent_id == call.pk]:
            self.end(child, "completed" if child.answered_at else "canceled")
        said = {"CallDuration": str(call.seconds or 0)} | ({"SipResponseCode": str(code)} if code else {})
        self.tell(call, "completed", **said)
        if call.parent_id:
            self.dialled(self.calls[call.parent_id], call)

    def dialled(self, call, child):
        """On after a Dial. Its action is asked when the caller has hung up too, and then its answer is not heard."""
        verb = self.verb(call)
        if verb.action:
            said = {"DialCallSid": child.provider_id, "DialCallStatus": child.status}
            if child.answered_at:
                said["DialCallDuration"] = str(child.seconds)
            self.fetch(call, verb.action, deliveries=self.door.fate(), **said)
        elif not call.ended_at:
            self.run(call)

    def broken(self, call, trouble):
        call.trouble = trouble[:120]
        self.end(call, "completed")

    def wait(self, call, waits, seconds=None):
        call.waits = waits
        call.due_at = None if seconds is None else self.at + timedelta(seconds=seconds)

    def verbs(self, call):
        return twiml.read(call.twiml, address=self.door.root.removesuffix("/") + call.path)

    def verb(self, call):
        """The verb it is at."""
        return self.verbs(call)[call.step - 1]

    # What the site is asked and told

    def fetch(self, call, path, *, deliveries=ON_TIME, **said):
        """Ask for the next document of a call."""
        if not call.ended_at:
            if call.asked == DOCUMENTS:
                return self.broken(call, "The site leads the call in a circle.")
            call.asked += 1
            call.waits, call.due_at = Waits.DOOR, self.at + deliveries[0].late + ANSWER_WITHIN
        self.put(call, path, self.facts(call) | said, deliveries, steers=not call.ended_at)

    def tell(self, call, event, *, status=None, **said):
        """Tell of a step in the life of a call, where that was asked for."""
        if not call.status_url or event not in call.events:
            return
        said |= {
            "Timestamp": format_datetime(self.second),
            "SequenceNumber": str(call.told),
            "CallbackSource": "call-progress-events",
        }
        if call.machine is not None:
            said["AnsweredBy"] = "machine_start" if call.machine else "human"
        if status:
            said["CallStatus"] = status
        call.told += 1
        self.put(call, call.status_url, self.facts(call) | said, self.door.fate())

    def facts(self, call):
        """What every post says."""
        parent = self.calls.get(call.parent_id)
        return {
            "AccountSid": settings.TWILIO_ACCOUNT_SID or NO_ACCOUNT,
            "ApiVersion": "2010-04-01",
            "CallSid": call.provider_id,
            "CallStatus": call.status,
            "Direction": call.direction,
            "From": call.from_number,
            "Caller": call.from_number,
            "To": call.to_number,
            "Called": call.to_number,
            **({"ParentCallSid": parent.provider_id} if parent else {}),
            **({"Timestamp": format_datetime(self.second)} if self.door.marketplace.replay else {}),  # whose clock is the carrier's
        }

    def put(self, call, path, said, deliveries, *, steers=False):
        LocalEvent.objects.bulk_create(
            LocalEvent(call=call, path=path, said=said, due_at=self.at + made.late, steers=steers and not made.again, lost=made.lost)
            for made in deliveries
        )


def _refused(event, status):
    """Without the query: the answer of a person's call is nobody else's to read."""
    return f"{event.path.partition('?')[0]} answered {status}."
