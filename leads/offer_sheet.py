"""What a pro is shown of an offer (DESIGN rule 6): the job and the exact fee, never the person (RULES 2, 15, INVARIANTS 14, 32).

No name, street, phone number or e-mail address of the homeowner is in a sheet: the place is the ZIP code, and the homeowner's own words
are masked, names included. The price is the one an accept would take now, so that the button shows what is charged.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.policy import Pros
from accounts.windows import counters
from billing import terms as terms_of
from billing.policy import Billing, Memberships
from billing.pricing import quote
from billing.statement import how_priced
from billing.wallet import funds
from core.policy import read
from leads import draw, matching, queries
from leads.decision import Verdict, first_failure
from leads.masking import unnamed
from leads.models import Lead, Offer
from leads.policy import Leads, OptIn
from leads.seats import seats_gone
from leads.sight import OWNERSHIP, answers_of

EARLY, OPEN, KEPT, FULL = "early", "open", "kept", "full"
LATELY = timedelta(hours=24)
SHOWN = 10


@dataclass(frozen=True, slots=True)
class Step:
    """When the pros of one tier may accept."""

    tier: int
    name: str
    at: datetime
    me: bool


@dataclass(frozen=True, slots=True)
class After:
    """What is there before and after an accept, in cents: in the wallet, and of the budget of the period, without what is reserved for
    draws. None where there is none."""

    wallet: int | None
    wallet_after: int | None
    budget: int | None
    budget_after: int | None


@dataclass(frozen=True, slots=True)
class OfferSheet:
    """One offer as its pro sees it at an instant.

    `state` is "open" when an accept would give a seat, as far as can be told without trying; "early" before its head start is over;
    "kept" while the free seats are kept until all pros may accept, at `open_to_all_at`; "full" while somebody who has a seat may still
    give it back, or who was picked may decline; else that of the offer. Beside the seats that are `taken`, `held` are kept for pros whom
    the homeowner picked; one that is kept for this pro is neither. `blocked` is the first rule of the decision that the pro fails now. An
    accepted one has `match_id`, and `undo_until` while it may be undone. Where the pro waits for a draw, or would by an accept, that is
    at `drawn_at`. Cents; `how` says how the price is made.
    """

    id: uuid.UUID
    state: str
    lead_type: str
    service: str
    place: str
    description: str
    answers: list
    timing: str
    ownership: str
    reach: str
    submitted_at: datetime
    phone_confirmed: bool
    estimate: int
    low: int
    high: int
    reasons: list
    price: int
    how: str
    steps: list[Step]
    opens_at: datetime
    expires_at: datetime
    open_to_all_at: datetime | None
    decided_at: datetime | None
    round: int
    taken: int
    held: int
    seats: int
    after: After
    test: bool
    blocked: Verdict | None = None
    drawn_at: datetime | None = None
    match_id: uuid.UUID | None = None
    slot: int = 0
    undo_until: datetime | None = None

    @property
    def is_asking(self) -> bool:
        """The pro may still say something to it."""
        return self.state in (OPEN, KEPT, FULL)

    @property
    def can_accept(self) -> bool:
        return self.state == OPEN and self.blocked is None

    @property
    def left(self) -> int:
        return max(0, self.seats - self.taken - self.held)


def feed_of(pro, state, *, now: datetime) -> list[OfferSheet]:
    """The offers that `pro` may answer now or waits for, what ends first at the top; `state` is its ProState. Two queries, whatever their
    number, and one where a job was estimated anew."""
    found = list(queries.offers_for(pro, now=now))
    gone = seats_gone(offer.lead.group_id for offer in found) if found else {}
    return [_sheet(offer, state, gone.get(offer.lead.group_id, (0, 0)), now=now) for offer in found]


def lately_of(pro, *, now: datetime) -> list[Offer]:
    """What became of the last offers, of one day: accepted, taken by others, expired."""
    return list(queries.answered_offers(pro, since=now - LATELY)[:SHOWN])


def sheet_of(offer: Offer, state, *, now: datetime) -> OfferSheet:
    """All that a pro is shown of one of its offers (`leads.queries.offer_for`); `state` is its ProState."""
    gone = seats_gone([offer.lead.group_id]).get(offer.lead.group_id, (0, 0))
    match = queries.match_of(offer) if offer.state in (Offer.State.ACCEPTED, Offer.State.UNDONE) else None
    return _sheet(offer, state, gone, match=match, now=now)


def tiers(policy: OptIn) -> list[tuple[int, str, int]]:
    """(tier, its name, after how many seconds it may accept), who is told first at the top."""
    last = len(policy.delays) - 1
    return [(tier, tier_name(tier), policy.delay(tier)) for tier in range(last, -1, -1)]


def tier_name(tier: int) -> str:
    """What a tier is called where it is sold."""
    if not tier:
        return _("No membership")
    sold = read(Memberships).tier(tier)
    return sold.name if sold else _("Tier %(tier)s") % {"tier": tier}


def _sheet(offer, state, gone, *, match=None, now) -> OfferSheet:
    lead, policy = offer.lead, read(OptIn)
    taken, held = gone[0], gone[1] - bool(offer.slot)
    terms = offer.terms if lead.estimate == offer.estimate else terms_of.in_force(now)  # as leads.offers.accept sells it (RULES 32)
    priced = quote(terms, lead.service.code, lead.estimate)
    stands = _state(offer, lead, taken, held, policy, now)
    if match:
        price, how = match.price, how_priced(match.price, match.charge.basis, match.terms) if match.charge else ""
    else:
        price, how = priced.price, how_priced(priced.price, priced.basis, terms)
    undo_until = offer.undo_until if match and queries.may_undo(offer, match, now=now) else None
    return OfferSheet(
        id=offer.pk,
        state=stands,
        lead_type=offer.lead_type,
        service=lead.service.name,
        place=f"{lead.place}, {lead.region} {lead.zip}",
        description=unnamed(lead.description, lead.homeowner),
        answers=answers_of(lead),
        timing=lead.get_timing_display(),
        ownership=OWNERSHIP[lead.ownership],
        reach=lead.get_reach_display(),
        submitted_at=lead.submitted_at,
        phone_confirmed=lead.phone_confirmed_at is not None,
        estimate=lead.estimate,
        low=lead.estimate_low,
        high=lead.estimate_high,
        reasons=lead.estimate_reasons,
        price=price,
        how=how,
        steps=_steps(offer, lead, policy),
        opens_at=offer.opens_at,
        expires_at=min(offer.expires_at, lead.closes_at),
        open_to_all_at=lead.open_to_all_at,
        decided_at=offer.decided_at,
        round=offer.round,
        taken=taken,
        held=held,
        seats=lead.seats,
        after=_after(state, 0 if lead.test else price, now),
        test=lead.test,
        blocked=_blocked(offer, state, terms, priced, now) if stands in (OPEN, KEPT) else None,
        drawn_at=_drawn_at(offer, lead, taken, policy, now),
        match_id=match.pk if match else None,
        slot=(match.slot or 0) if match else 0,
        undo_until=undo_until,
    )


def _state(offer, lead, taken, held, policy, now) -> str:
    """What leads.offers.accept would say to this offer now, without trying; it looks in the same order."""
    if offer.state != Offer.State.OPEN:
        return offer.state
    if lead.withdrawn_at:
        return Offer.State.WITHDRAWN
    if taken + held >= lead.seats and not offer.slot:
        return Offer.State.TAKEN if lead.state == Lead.State.CLOSED else FULL
    if lead.state == Lead.State.CLOSED or now >= min(offer.expires_at, lead.closes_at):
        return Offer.State.EXPIRED
    if now < offer.opens_at:
        return EARLY
    kept = not offer.slot and not draw.is_to_come(lead) and lead.open_to_all_at and now < lead.open_to_all_at
    if kept and taken >= policy.early_seats:
        return KEPT
    return OPEN


def _blocked(offer, state, terms, priced, now) -> Verdict | None:
    """The rule of the decision that stands in the way, judged as an accept judges it but for what only other rows tell."""
    situation = matching.Situation(
        lead=offer.lead,
        lead_type=offer.lead_type,
        free=(1,),
        own=frozenset(),
        in_group=frozenset(),
        terms=terms,
        quote=priced,
        policy=read(Leads),
        seed=0,
        now=now,
        picks=(offer.pro_id,),
        pro_asks=True,
    )
    [candidate] = situation.candidates([state])
    return first_failure(situation.request(), candidate)


def _steps(offer, lead, policy) -> list[Step]:
    """Who may accept when. Whoever became qualified later, or is asked once more, may from its own instant on."""
    if lead.offered_at is None:
        return []
    steps = [
        Step(tier, name, lead.offered_at + timedelta(seconds=delay), False) for tier, name, delay in tiers(policy) if tier != offer.tier
    ]
    steps.append(Step(offer.tier, tier_name(offer.tier), offer.opens_at, True))
    return sorted(steps, key=lambda step: (step.at, -step.tier))


def _drawn_at(offer, lead, taken, policy, now) -> datetime | None:
    """When the draw is that the pro waits for, or would by an accept now; None where an accept is a seat at once."""
    if not draw.is_to_come(lead):
        return None
    enters = draw.enters(offer, lead, taken, policy=policy, now=now)
    return lead.draws_at if enters or offer.state == Offer.State.WAITING else None


def _after(state, price, now) -> After:
    wallet = funds(state, read(Billing))
    spent = counters(state, now, period_days=read(Pros).period_days).spent
    budget = None if state.budget is None else state.budget - spent - state.reserved
    return After(
        wallet=wallet,
        wallet_after=None if wallet is None else wallet - price,
        budget=budget,
        budget_after=None if budget is None else budget - price,
    )
