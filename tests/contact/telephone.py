"""A pro, a homeowner, the masked number between them, and the local carrier's telephones, at a moment that the story moves."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import time_machine

from accounts.models import Pro
from contact import asking, tasks
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.models import Call, Leg, Line, LocalCall
from core.tenancy import current
from leads.models import Match
from notifications import delivery
from tests.factories import a_matched_lead, a_member, a_pro

PRO_PHONE, HOME_PHONE = "+17735550111", "+13125550142"


class Story:
    """Time stands still until `wait`. `home` is the homeowner's telephone, `faults` what the carrier does to its events."""

    def __init__(self, now: datetime, *, home=HOME_PHONE, delivered=True, pros=1, faults=None, member_phone=PRO_PHONE, **lead):
        self.now = now
        self.marketplace = current()
        self.carrier = LocalCarrier(self.marketplace, post=in_process, faults=faults)
        with self.clock():
            self.pros = [a_pro() for _each in range(pros)]
            self.member = a_member(self.pros[0], phone=member_phone)
            self.lead = a_matched_lead(now=now, phone=home, **lead)
            if delivered:
                delivery.drain(self.marketplace, now=now)
                delivery.drain(self.marketplace, now=now + timedelta(seconds=31))  # what it took at `now` is confirmed
                self.sweep()

    def clock(self):
        return time_machine.travel(self.now, tick=False)

    def wait(self, seconds):
        """Let time pass, with all the carrier and the sweeps do meanwhile."""
        self.now += timedelta(seconds=seconds)
        with self.clock():
            self.carrier.tick(at=self.now)
            self.sweep()
        return self

    def sweep(self):
        tasks.look(self.marketplace, now=self.now)
        asking.cut_closed(self.marketplace, now=self.now)
        asking.ask_due(self.marketplace, now=self.now)

    @property
    def pro(self) -> Pro:
        return self.pros[0]

    @property
    def match(self) -> Match:
        return Match.objects.select_related("charge__terms", "line__number").get(pro=self.pro)

    @property
    def line(self) -> Line:
        return self.match.line

    @property
    def calls(self):
        return Call.objects.order_by("opened_at", "pk")

    @property
    def legs(self):
        return Leg.objects.order_by("initiated_at", "pk")

    def dial(self, *, from_number=PRO_PHONE, to_number=None) -> str:
        with self.clock():
            return self.carrier.dial(from_number=from_number, to_number=to_number or self.line.number.number, at=self.now)

    def enter(self, call, digits=None):
        with self.clock():
            self.carrier.press(call, digits or self.line.pin, at=self.now)
        return self

    def ring(self, **who) -> str:
        """Dial and enter the PIN: the carrier's name of the leg that rings now, "" when none does."""
        call = self.dial(**who)
        self.enter(call)
        return self.child_of(call)

    def child_of(self, call) -> str:
        child = LocalCall.objects.filter(parent__provider_id=call).first()
        return child.provider_id if child else ""

    def parent_of(self, leg) -> str:
        return LocalCall.objects.get(provider_id=leg).parent.provider_id

    def answer(self, leg, **how):
        with self.clock():
            self.carrier.answer(leg, at=self.now, **how)
        return self

    def decline(self, leg):
        with self.clock():
            self.carrier.decline(leg, at=self.now)
        return self

    def hang_up(self, leg):
        with self.clock():
            self.carrier.hang_up(leg, at=self.now)
        return self

    def heard(self, call) -> str:
        """What was said to the caller."""
        return " ".join(str(each) for each in LocalCall.objects.get(provider_id=call).heard)


def instant(text) -> datetime:
    """Twilio's way of writing a time."""
    return parsedate_to_datetime(text).astimezone(UTC)
