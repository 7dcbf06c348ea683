"""The simulated pros of a replay: each opens its leads, calls, says how it went and asks for money back, as its plan says (habits).

An act is one transaction, and doing it again changes nothing. What was done stands in rows, so a replay that died plans everybody anew and
goes on where the rows end.
"""

import heapq
from datetime import timedelta
from functools import partial
from itertools import count

from accounts.models import Pro
from accounts.queries import in_force
from contact.models import Line, LocalCall
from contact.policy import Contact
from core import sql
from core.errors import Refusal
from core.policy import read
from core.tenancy import scope
from credits import requests
from credits.models import CreditRequest
from credits.policy import Credits
from credits.reasons import REASONS
from leads import opening, progress
from leads.models import Match
from notifications.kinds import KINDS
from operations.loading import employ
from operations.replay import habits
from operations.replay.habits import Call, is_dead, plan
from operations.replay.telephones import Telephones

WORDS = "Nobody can be reached on this number."
DETAILS = {Match.Progress.WON: {"won_amount": 250_000}, Match.Progress.LOST: {"lost_reason": "price"}}

# No place has the area code 555, so a number there is nobody's: neither a homeowner's, nor masked, nor another member's.
SAVE_PHONES = """
update accounts_user u set phone = '+1555' || lpad(u.id::text, 7, '0') from accounts_member m
where u.marketplace_id = %(marketplace)s and u.phone = ''
  and m.marketplace_id = u.marketplace_id and m.user_id = u.id and m.removed_at is null
"""

# Everything is told by e-mail: a text beside each would double the messages and tell nothing more.
NO_TEXTS = """
insert into notifications_preference (marketplace_id, recipient, kind, channel, wanted)
select m.marketplace_id, 'member:' || m.id, kind, 'sms', false
from accounts_member m cross join unnest(%(kinds)s::text[]) as kind where m.marketplace_id = %(marketplace)s
on conflict do nothing
"""


class Callers:
    """`meet` plans what the pros of new matches will do; `next_at` is when the first of it is due, and `act` does it."""

    def __init__(self, marketplace, *, now):
        self.marketplace = marketplace
        self.telephones = Telephones(marketplace)
        self.planned, self.order = [], count()
        with scope(marketplace):
            employ(Pro.objects.exclude(pk__in=in_force().values("pro")), now=now)
            sql.run(SAVE_PHONES)
            sql.run(NO_TEXTS, kinds=[name for name, kind in KINDS.items() if kind.switchable])
            self.members = {member.pro_id: member for member in in_force().select_related("user").order_by("-pk")}
            self.policy = read(Contact)
            self.reason = next(reason for reason in read(Credits).reasons if REASONS[reason].is_contact)
            calls = LocalCall.objects.filter(parent=None).only("provider_id", "from_number", "to_number", "started_at", "ended_at")
            self.dialled = {(call.from_number, call.to_number, call.started_at): call for call in calls}
            self.claimed = set(CreditRequest.objects.values_list("match", flat=True))
            self.meet(Match.objects.filter(test=False))

    @property
    def next_at(self):
        return self.planned[0][0] if self.planned else None

    def act(self) -> None:
        """The first act that is planned."""
        at, _order, act = heapq.heappop(self.planned)
        try:
            act(now=at)
        except Refusal:
            pass  # a person is told why, and lets it be: the lead is closed, or the money was given back already

    def meet(self, matches) -> None:
        """Plan what is not done yet of what the pros of these matches (a queryset) will do."""
        for match in matches.select_related("pro", "lead__homeowner", "line__number"):
            if match.pro_id in self.members and match.lead.homeowner.phone:
                self._plan(match)

    def _plan(self, match):
        homeowner = match.lead.homeowner
        hours = tuple(self.policy.hours.get(match.lead.reach, (0, 24)))
        seed = f"{match.lead.submit_key}:{match.slot}"
        plans = plan(seed, at=match.at, zone=homeowner.zone, hours=hours, dead=is_dead(homeowner.phone))
        if plans.opens_at and not match.opened_at:
            self._later(plans.opens_at, self._open, match)
        for call in plans.calls:
            known = self.dialled.get((self._phone(match), match.line.number.number, call.at))
            if known is None:
                self._later(call.at, self._dial, match, call)
            elif not known.ended_at:
                self._later(self._rung_at(call), self._after_ringing, known.provider_id, call)
        for at, said in plans.says:
            if not match.progress_at or at > match.progress_at:
                self._later(at, self._say, match, said)
        if plans.asks_at and match.pk not in self.claimed:
            self._later(plans.asks_at, self._ask, match)

    def _later(self, at, act, *what):
        heapq.heappush(self.planned, (at, next(self.order), partial(act, *what)))

    def _phone(self, match):
        return self.members[match.pro_id].user.phone

    # What they do

    def _open(self, match, *, now):
        with scope(self.marketplace):
            opening.open_match(match, by=self.members[match.pro_id], now=now)

    def _dial(self, match, call, *, now):
        number, pin = match.line.number.number, match.line.pin
        with scope(self.marketplace):
            if not Line.objects.filter(pk=match.line_id, closed_at=None).exists():
                return  # its page says so
            dialled = self.telephones.dial(from_number=self._phone(match), to_number=number, at=now)
            self.telephones.press(dialled, pin, at=now)
        self._later(self._rung_at(call), self._after_ringing, dialled, call)

    def _rung_at(self, call: Call):
        return call.at + timedelta(seconds=self.policy.ring_timeout if call.outcome == habits.SILENT else call.rings)

    def _after_ringing(self, dialled, call, *, now):
        far_end = self.telephones.far_end(dialled)
        if not far_end:
            return
        match call.outcome:
            case habits.SILENT:
                self.telephones.ring_out(at=now)
            case habits.BUSY:
                self.telephones.decline(far_end, at=now)
            case habits.GIVEN_UP:
                self.telephones.hang_up(dialled, at=now)
            case _:
                self.telephones.answer(far_end, at=now, machine=call.outcome == habits.MACHINE)
                self._later(now + timedelta(seconds=call.talks), self._hang_up, far_end if call.by_homeowner else dialled)

    def _hang_up(self, side, *, now):
        self.telephones.hang_up(side, at=now)

    def _say(self, match, said, *, now):
        details = DETAILS.get(said, {})
        with scope(self.marketplace):
            progress.set_progress(match, said, by=self.members[match.pro_id], now=now, **details)

    def _ask(self, match, *, now):
        with scope(self.marketplace):
            requests.submit(match, reason=self.reason, words=WORDS, by=self.members[match.pro_id], now=now)
