"""A site that answers the local carrier with canned TwiML and keeps what it was told."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from twilio.request_validator import RequestValidator

from contact.carriers.local import LocalCarrier
from core.addresses import root_of

OURS, PRO, HOMEOWNER = "+13125550110", "+17085550117", "+13125550142"
ASK = '<Gather action="{hooks}pin/?call=1" numDigits="4" timeout="10"><Say>Enter your PIN.</Say></Gather><Say>Goodbye.</Say>'
CONNECT = (
    '<Dial callerId="+13125550110" timeout="30" action="{hooks}dialled/?call=1"><Number url="{hooks}whisper/?call=1" '
    'statusCallback="{hooks}status/?call=1" statusCallbackEvent="initiated ringing answered completed">%s</Number></Dial>'
)


class CannedSite:
    """`answers` by the last part of the path ("voice" for the first document): TwiML, or a status. Refuses what is not signed."""

    def __init__(self, marketplace, to=HOMEOWNER, **answers):
        self.root = root_of(marketplace).removesuffix("/")
        self.hooks = f"{self.root}/hooks/{marketplace.slug}/voice/"
        self.answers = {"voice": ASK, "pin": CONNECT % to, "bridge": CONNECT % to, "whisper": "<Say>Bell Plumbing.</Say>"} | answers
        self.told = []  # (name, what was said)

    def __call__(self, path, said, signature):
        assert RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(self.root + path, said, signature)
        name = urlsplit(path).path.rstrip("/").rpartition("/")[2]
        self.told.append((name, said))
        answer = self.answers.get(name, "")
        if isinstance(answer, int):
            return answer, "trouble"
        return 200, f"<Response>{answer.format(hooks=self.hooks)}</Response>"

    def names(self):
        """What was asked and told, in order; of reports the status and "+" where it is the second leg's."""
        return [f"{said['CallStatus']}{'+' if 'ParentCallSid' in said else ''}" if name == "status" else name for name, said in self.told]

    def said(self, name, **wanted):
        """The last thing told there with these facts."""
        return [said for each, said in self.told if each == name and wanted.items() <= said.items()][-1]

    def statuses(self, child=True):
        return [said for name, said in self.told if name == "status" and ("ParentCallSid" in said) == child]


class Story:
    """A carrier, its site and a clock that starts at `now`: acts are said with the second they happen at."""

    def __init__(self, marketplace, now, *, to=HOMEOWNER, faults=None, **answers):
        self.start = now
        self.site = CannedSite(marketplace, to, **answers)
        self.carrier = LocalCarrier(marketplace, post=self.site, faults=faults)

    def at(self, second):
        return self.start + timedelta(seconds=second)

    def dial(self, second=0, *, from_number=PRO, to_number=OURS):
        self.sid = self.carrier.dial(from_number=from_number, to_number=to_number, at=self.at(second))
        return self.sid

    def connected_to(self, second=0):
        """Dial and enter the PIN; returns the id of the call to the other side."""
        self.dial(second)
        self.press("4827", second + 4)
        return self.child()

    def press(self, digits, second, sid=None):
        self.carrier.press(sid or self.sid, digits, at=self.at(second))

    def answer(self, second, sid=None, **how):
        self.carrier.answer(sid or self.child(), at=self.at(second), **how)

    def decline(self, second, sid=None):
        self.carrier.decline(sid or self.child(), at=self.at(second))

    def hang_up(self, sid, second):
        self.carrier.hang_up(sid, at=self.at(second))

    def tick(self, second):
        self.carrier.tick(at=self.at(second))

    def legs(self):
        """The carrier's records: the first call, then those it dialled."""
        return self.carrier.look_up(self.sid)

    def child(self):
        return self.legs()[-1].provider_id if len(self.legs()) > 1 else None

    def call(self, sid=None):
        return self.carrier.call(sid or self.sid)
