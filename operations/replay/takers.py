"""The simulated pros of a replay who opt in: each answers its offers as its plan says (habits), out of a wallet that was filled beforehand.

An act is one transaction, and doing it again changes nothing. A replay that died plans the offers anew that nobody answered yet.
"""

import heapq
from functools import partial
from itertools import count

from django.utils.translation import gettext_lazy as _

from accounts.models import Pro, ProState, User
from accounts.queries import in_force
from billing import wallet
from billing.policy import Billing
from contact import numbers
from contact.numbers import NoNumber
from core.errors import Refusal
from core.policy import read
from core.tenancy import scope
from leads import offers
from leads.models import Match, Offer
from leads.policy import Leads
from operations.loading import employ
from operations.replay.habits import answer, tier_of

FUNDS = 200_000  # cents in each wallet
TREASURER = "replay@staff.example"


class NobodyOptsIn(Refusal):
    code = "nobody_opts_in"
    sentence = _("Pros do not opt in here: there are no offers to accept.")


class Takers:
    """`meet` plans what the pros of new offers will say; `next_at` is when the first of it is due, and `act` does it. `accepted` takes
    the matches that came of it."""

    def __init__(self, marketplace, *, now, accepted):
        self.marketplace, self.accepted = marketplace, accepted
        self.planned, self.order = [], count()
        with scope(marketplace):
            if not read(Leads).opt_in:
                raise NobodyOptsIn
            employ(Pro.objects.exclude(pk__in=in_force().values("pro")), now=now)
            self.members = {member.pro_id: member for member in in_force().select_related("user", "pro").order_by("-pk")}
            self._join()
            if read(Billing).prepaid:
                self._fund(now)
            self.meet(Offer.objects.filter(test=False))

    @property
    def next_at(self):
        return self.planned[0][0] if self.planned else None

    def act(self) -> None:
        """The first act that is planned."""
        at, _order, act = heapq.heappop(self.planned)
        try:
            self._do(act, at)
        except NoNumber:
            numbers.grow(self.marketplace, now=at)
            self._do(act, at)

    def _do(self, act, at):
        try:
            with scope(self.marketplace):
                act(now=at)
        except NoNumber:
            raise
        except Refusal:
            pass  # its page says why: taken, expired, not enough in the wallet

    def meet(self, found) -> None:
        """Plan what is not said yet to these offers (a queryset)."""
        for offer in found.select_related("lead").order_by("pk"):
            plans = answer(f"{offer.lead.submit_key}:{offer.pro_id}:{offer.round}", opens_at=offer.opens_at)
            if plans is None or offer.pro_id not in self.members:
                continue
            if offer.state == Offer.State.OPEN:
                self._later(plans.at, self._accept if plans.accepts else self._decline, offer)
            if plans.undo_at and offer.state in (Offer.State.OPEN, Offer.State.ACCEPTED):
                self._later(plans.undo_at, self._undo, offer)

    def _later(self, at, act, *what):
        heapq.heappush(self.planned, (at, next(self.order), partial(act, *what)))

    def _join(self):
        by_tier = {}
        for pro_id in ProState.objects.filter(test=False, tier=0).order_by("pro_id").values_list("pro_id", flat=True):
            by_tier.setdefault(tier_of(self.members[pro_id].pro.source_key), []).append(pro_id)
        for tier, pros in by_tier.items():
            ProState.objects.filter(pro_id__in=pros).update(tier=tier)

    def _fund(self, now):
        staff, _new = User.objects.get_or_create(email=TREASURER, defaults={"name": "Replay", "is_staff": True, "created_at": now})
        for member in self.members.values():
            if not member.pro.test:
                wallet.top_up(member.pro, FUNDS, by=staff, reference=f"replay {member.pro_id}", now=now)

    # What they say

    def _accept(self, offer, *, now):
        offer, by = self._known(offer)
        match = offers.accept(offer, by=by, shown_price=offer.price, now=now)
        if match is not None:
            self.accepted([match])

    def _decline(self, offer, *, now):
        offer, by = self._known(offer)
        offers.decline(offer, reason=Offer.Reason.BUSY, by=by, now=now)

    def _undo(self, offer, *, now):
        match = Match.objects.select_related("pro").filter(lead=offer.lead_id, pro=offer.pro_id).first()
        if match:
            offers.undo(match, by=self.members[offer.pro_id], now=now)

    def _known(self, offer):
        """The offer as it is now, and who answers it."""
        return Offer.objects.select_related("pro").get(pk=offer.pk), self.members[offer.pro_id]


class Together:
    """Callers and takers as one: whoever's act is due first is next."""

    def __init__(self, *actors):
        self.actors = actors

    @property
    def next_at(self):
        return min((actor.next_at for actor in self.actors if actor.next_at), default=None)

    def act(self) -> None:
        min((actor for actor in self.actors if actor.next_at), key=lambda actor: actor.next_at).act()
