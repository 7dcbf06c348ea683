"""The people of one lead at their telephones, in a story whose rows are committed. When they act, the site takes that instant for now."""

from datetime import timedelta

import time_machine

from accounts.models import Member
from contact import tasks
from contact.carriers.door import in_process
from contact.carriers.local import LocalCarrier
from contact.models import LocalCall
from core.tenancy import scope
from notifications import delivery


class Telephones:
    """`wait` lets time pass; `call` and `leg` are the carrier's names of what was dialled last and of the telephone that rings for it."""

    def __init__(self, lead, *, now):
        self.marketplace, self.now = lead.marketplace, now
        self.carrier = LocalCarrier(self.marketplace, post=in_process)
        self.call = self.leg = ""
        with scope(self.marketplace):
            self.home = lead.homeowner.phone
            self.matches = list(lead.matches.select_related("line__number").order_by("slot"))
            self.number = self.matches[0].line.number.number
            members = Member.objects.filter(pro__in=[match.pro_id for match in self.matches]).select_related("user")
            self.phones = {member.pro_id: member.user.phone for member in members}

    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        self._do(lambda: self.carrier.tick(at=self.now))
        tasks.look(self.marketplace, now=self.now)
        delivery.drain(self.marketplace, now=self.now)
        return self

    def ring(self, match, *mistyped):
        """The pro of a match dials the masked number and enters its PIN, after some wrong ones."""
        return self._dial(self.phones[match.pro_id], *mistyped, match.line.pin)

    def call_back(self, choice):
        """The homeowner dials the masked number and chooses from the menu."""
        return self._dial(self.home, choice)

    def answer(self):
        return self._do(lambda: self.carrier.answer(self.leg, at=self.now))

    def hang_up(self, side):
        return self._do(lambda: self.carrier.hang_up(side, at=self.now))

    def _dial(self, phone, *keys):
        def dial():
            self.call = self.carrier.dial(from_number=phone, to_number=self.number, at=self.now)
            for digits in keys:
                self.carrier.press(self.call, digits, at=self.now)

        self._do(dial)
        with scope(self.marketplace):
            self.leg = LocalCall.objects.get(parent__provider_id=self.call).provider_id
        return self

    def _do(self, act):
        with time_machine.travel(self.now, tick=False):
            act()
        return self
