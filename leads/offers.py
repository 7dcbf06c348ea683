"""What a pro answers to an offer: accept, undo, decline (RULES 15, 16; INVARIANTS 1, 3, 14).

An accept goes through the one door like every match: the lead is locked, the pro's state is locked and judged once more as it is then,
and the seat, the charge and the line come to be in one transaction, or nothing does. Where the seats are drawn, who accepts waits for
the draw instead (leads.draw), and may leave it.

Lock order: lead -> offer -> pro_state -> charge -> line -> messages.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.rights import Right
from accounts.seat_counters import lock_waiting
from billing import charges
from billing.wallet import WalletTooLow
from catalog.guide import dollars
from contact import lines
from core import events, sql
from core.errors import Refusal
from core.policy import read
from leads import draw, lifecycle, matching, messages, open_work, picked
from leads.candidates import serving
from leads.decision import MATCHED, decide
from leads.models import Lead, Match, Offer
from leads.policy import Leads, OptIn
from leads.seats import seats_of
from leads.why_not import FACTS
from notifications import outbox


class NotYetOpen(Refusal):
    """Pros of a higher tier have a head start; this one may accept `at`."""

    code = "not_yet_open"
    sentence = _("You can accept this from %(time)s. Nothing was charged.")
    status = 409

    def __init__(self, at, zone):
        super().__init__(time=_clock(at, zone))
        self.at = at


class EarlySeatsTaken(Refusal):
    """The seats that may be sold before all qualified pros can accept are sold; the others can be had `at`."""

    code = "early_seats_taken"
    sentence = _("The first seats are taken. The others are kept until all pros can accept: try again at %(time)s. Nothing was charged.")
    status = 409

    def __init__(self, at, zone):
        super().__init__(time=_clock(at, zone))
        self.at = at


class SeatsAreDrawn(Refusal):
    """The minutes of the draw are over and it was not held yet: nobody may slip in."""

    code = "seats_are_drawn"
    sentence = _("The seats are being drawn right now. Try again in a minute: any that are left go to the first to accept. "
                 "Nothing was charged.")  # fmt: skip
    status = 409


class NotWaiting(Refusal):
    code = "not_waiting"
    sentence = _("You are not in the draw for this lead.")
    status = 409


class AcceptLimit(Refusal):
    """The owner lets this member accept offers up to `limit` cents, none at 0; this one costs `price`."""

    code = "accept_limit"
    sentence = _("You may accept offers up to %(limit)s, and this one costs %(price)s. Ask an owner of your company. Nothing was charged.")
    status = 403

    def __init__(self, limit, price):
        none = _("Accepting this for %(price)s is for the owner of your company and whoever it lets. Nothing was charged.")
        super().__init__(None if limit else none, limit=dollars(limit), price=dollars(price))
        self.limit, self.price = limit, price


class OfferTaken(Refusal):
    code = "offer_taken"
    sentence = _("Taken: other pros had the last seats a moment before you. Nothing was charged.")
    status = 409


class OfferExpired(Refusal):
    code = "offer_expired"
    sentence = _("This offer has expired. Nothing was charged.")
    status = 409


class OfferWithdrawn(Refusal):
    code = "offer_withdrawn"
    sentence = _("The homeowner withdrew this request. Nothing was charged.")
    status = 409


class OfferAnswered(Refusal):
    code = "offer_answered"
    sentence = _("You gave another answer to this offer before. It is not offered again. Nothing was charged.")
    status = 409


class PriceChanged(Refusal):
    """Another price was shown than the one it has: `new` cents."""

    code = "price_changed"
    sentence = _("The price of this lead is %(price)s now. Nothing was charged. Accept again if you want it for that.")
    status = 409

    def __init__(self, new):
        super().__init__(price=dollars(new))
        self.new = new


class NoLongerEligible(Refusal):
    """The pro was qualified when it was asked, and is not any more: `rule` is the first rule of the decision that it fails."""

    code = "no_longer_eligible"
    sentence = _("%(why)s So you cannot take this lead now. Nothing was charged.")
    status = 409

    def __init__(self, rule, why):
        super().__init__(why=why)
        self.rule = rule


class UndoOver(Refusal):
    code = "undo_over"
    sentence = _("This can be undone for a few minutes only, and they are over.")
    status = 409


class DetailsOpened(Refusal):
    code = "details_opened"
    sentence = _("You have seen the contact details, so this cannot be undone.")
    status = 409


class ReasonMissing(Refusal):
    code = "reason_missing"
    sentence = _("Say why you do not want it. It helps us to offer you the right leads.")
    status = 422


def accept(offer: Offer, *, by, shown_price: int, now: datetime) -> Match | None:
    """Give the pro of `offer` a seat at the price its button showed; None when it waits for the draw now, with that price reserved. `by`
    is a member of the pro. Said again, it answers the same.

    Raises NotAllowed, AcceptLimit, OfferWithdrawn, OfferAnswered, OfferTaken, OfferExpired, NotYetOpen, EarlySeatsTaken, SeatsAreDrawn,
    PriceChanged, WalletTooLow, NoLongerEligible; contact.numbers.NoNumber where no masked number has room. Nothing is charged then.
    """
    actor = acting(by, offer.pro)
    actor.require(Right.ANSWER_OFFERS)
    if actor.accepts_up_to is not None and shown_price > actor.accepts_up_to:  # a price that was not the one shown is refused below
        raise AcceptLimit(actor.accepts_up_to, shown_price)
    zone = offer.pro.zone
    lead, offer = lifecycle.lock(offer.lead_id), _lock(offer)
    if offer.state == Offer.State.ACCEPTED:
        return Match.objects.get(lead=lead, pro=offer.pro_id)
    if offer.state == Offer.State.WAITING:
        return None
    taken, policy = seats_of(lead), read(OptIn)
    _refuse(offer, lead, taken, zone=zone, policy=policy, now=now)
    situation = _situation(offer, lead, taken, now=now)
    if shown_price != situation.quote.price:
        raise PriceChanged(situation.quote.price)
    contest = _hold(situation, offer.pro_id)
    if draw.enters(offer, lead, len(taken), policy=policy, now=now):
        offer.lead = lead
        draw.enter(offer, quote=situation.quote, terms=situation.terms, now=now)
        events.record("offer.entered_draw", offer.pk, now=now, actor=actor.name, test=offer.test)
        return None
    [match] = matching.seat(situation, contest)
    _sold(offer, match, until=min(now + timedelta(seconds=policy.undo_seconds), lead.closes_at), now=now)
    events.record("offer.accepted", offer.pk, now=now, actor=actor.name, test=offer.test, match=str(match.pk))
    if len(taken) + 1 >= lead.seats:
        lifecycle.settle(lead, seats=len(taken) + 1, policy=situation.policy, now=now)
    return match


def undo(match: Match, *, by, now: datetime) -> None:
    """Take an accept back while its minutes run and nobody has seen the contact details: the seat is free again, the money comes back by
    another entry, the line is closed, and the lead is offered on (RULES 15, 16). Done twice, it changes nothing.

    Raises NotAllowed, UndoOver, DetailsOpened.
    """
    actor = acting(by, match.pro)
    actor.require(Right.ANSWER_OFFERS)
    lead = lifecycle.lock(match.lead_id)
    match = Match.objects.select_related("line").get(pk=match.pk)
    if match.state == Match.State.UNDONE:
        return
    offer = Offer.objects.filter(lead=lead, pro=match.pro_id, state=Offer.State.ACCEPTED).select_for_update(no_key=True).first()
    if offer is None or match.state != Match.State.LIVE or now >= offer.undo_until or _has_ended_full(lead):
        raise UndoOver
    if match.opened_at or match.line.last_contact_at:
        raise DetailsOpened
    lock_waiting([match.pro_id])
    open_work.ending([match.pk])
    if match.charge_id:
        charges.undo(match.charge_id, now=now)
    # Somebody of the pro may open it this instant, and does not ask for the lead: whoever comes first has it.
    unopened = Match.objects.filter(pk=match.pk, state=Match.State.LIVE, opened_at=None)
    if not unopened.update(state=Match.State.UNDONE, state_at=now, slot=None):
        raise DetailsOpened
    sql.update(offer, state=Offer.State.UNDONE, decided_at=now)
    lines.close([match.line_id], reason="undone", now=now)
    outbox.cancel(subjects=[match.pk], reason="undone", now=now)
    if lead.state != Lead.State.CLOSED:
        sql.update(lead, due_at=now)
    events.record("offer.undone", offer.pk, now=now, actor=actor.name, test=offer.test, match=str(match.pk))
    messages.given_back(lead, match.pro.name, match.pk, now=now)


def _has_ended_full(lead) -> bool:
    """Whether a request of the locked group has ended with all seats taken, by a clock that was ahead, and no seat to spare: what was
    said then holds. Who came after a replaced pro may undo."""
    sold = Match.objects.filter(group_id=lead.group_id).exclude(state=Match.State.UNDONE).count()
    return Lead.objects.filter(group_id=lead.group_id, state=Lead.State.CLOSED, outcome=Lead.Outcome.FILLED, seats__gte=sold).exists()


def leave_draw(offer: Offer, *, by, now: datetime) -> None:
    """The pro does not want to be drawn: what was reserved is free again, and until the draw it may accept again. Free of charge; done
    twice, it changes nothing.

    Raises NotAllowed; NotWaiting when the draw was held, or the pro was never in it.
    """
    actor = acting(by, offer.pro)
    actor.require(Right.ANSWER_OFFERS)
    lead, offer = lifecycle.lock(offer.lead_id), _lock(offer)
    if offer.state == Offer.State.OPEN and draw.is_to_come(lead):
        return
    if offer.state != Offer.State.WAITING:
        raise NotWaiting
    draw.leave(offer)
    events.record("offer.left_draw", offer.pk, now=now, actor=actor.name, test=offer.test)


def decline(offer: Offer, *, reason: str, by, now: datetime) -> None:
    """The pro does not want it, for a `reason` of Offer.Reason: it is not offered again. Done twice, it changes nothing.

    Raises NotAllowed, ReasonMissing, and OfferAnswered or OfferExpired when there is nothing to decline any more.
    """
    actor = acting(by, offer.pro)
    actor.require(Right.ANSWER_OFFERS)
    if reason not in Offer.Reason.values:
        raise ReasonMissing(fields={"reason": ReasonMissing.sentence})
    lead, offer = lifecycle.lock(offer.lead_id), _lock(offer)
    if offer.state == Offer.State.DECLINED:
        return
    if offer.state in (Offer.State.ACCEPTED, Offer.State.UNDONE, Offer.State.WAITING):
        raise OfferAnswered
    if offer.state != Offer.State.OPEN:
        raise OfferExpired
    held = offer.slot
    sql.update(offer, state=Offer.State.DECLINED, reason=reason, decided_at=now, slot=None)
    if held:
        picked.turned_down(lead, [offer], now=now)
        sql.update(lead, due_at=now)
    outbox.cancel(subjects=[offer.pk], kinds=("new_offer",), reason="declined", now=now)
    events.record("offer.declined", offer.pk, now=now, actor=actor.name, test=offer.test, reason=reason)


def _lock(offer) -> Offer:
    return Offer.objects.select_related("terms").select_for_update(no_key=True, of=("self",)).get(pk=offer.pk)


def _refuse(offer, lead, taken, *, zone, policy, now) -> None:
    """Why there is no seat to be had, if so, in the order in which it matters to the pro."""
    if offer.state == Offer.State.WITHDRAWN or lead.withdrawn_at:
        raise OfferWithdrawn
    if offer.state in (Offer.State.DECLINED, Offer.State.UNDONE):
        raise OfferAnswered
    if offer.state == Offer.State.TAKEN or (not offer.slot and taken.gone >= lead.seats):
        raise OfferTaken
    if offer.state == Offer.State.EXPIRED or lead.state == Lead.State.CLOSED or now >= min(offer.expires_at, lead.closes_at):
        raise OfferExpired
    if now < offer.opens_at:
        raise NotYetOpen(offer.opens_at, zone)
    if offer.slot or draw.enters(offer, lead, len(taken), policy=policy, now=now):
        return
    if draw.is_to_come(lead) and now >= lead.draws_at:
        raise SeatsAreDrawn
    if lead.open_to_all_at and now < lead.open_to_all_at and len(taken) >= policy.early_seats:
        raise EarlySeatsTaken(lead.open_to_all_at, zone)


def _sold(offer, match, *, until, now) -> None:
    """The accepted offer, with what was sold by it; it may be undone `until` then."""
    sold = {"price": match.price, "terms_id": match.terms_id, "estimate": match.estimate}
    sql.update(offer, state=Offer.State.ACCEPTED, slot=None, decided_at=now, undo_until=until, **sold)


def _situation(offer, lead, taken, *, now) -> matching.Situation:
    """The seat that this pro would get: under the terms it was shown, as long as the job is worth the same (RULES 32); the one that was
    held for it, if it was picked. It asks for it itself, so its receiving hours and days off do not stand in the way."""
    terms = offer.terms if lead.estimate == offer.estimate else None
    if offer.slot in taken.held:
        taken = taken.without(offer.slot)
    asking = {"picks": (offer.pro_id,), "pro_asks": True}
    situation = matching.situate(lead, taken, lead_type=offer.lead_type, policy=read(Leads), terms=terms, now=now, **asking)
    return replace(situation, free=(offer.slot,)) if offer.slot else situation


def _hold(situation, pro_id) -> matching.Contest:
    """Lock the pro and decide on what it is then; it alone stands in the decision."""
    if not serving(situation.lead, [pro_id]):
        raise NoLongerEligible("outside_area", FACTS["outside_area"](False, True))
    states = lock_waiting([pro_id])
    candidates = situation.candidates(states)
    decided = decide(situation.request(), candidates, seed=situation.seed)
    [verdict] = decided.verdicts
    if verdict.code == "wallet":
        raise WalletTooLow
    if verdict.code != MATCHED:
        raise NoLongerEligible(verdict.code, FACTS[verdict.code](verdict.have, verdict.need))
    return matching.Contest(states, candidates, decided)


def _clock(at, zone) -> str:
    return date_format(at.astimezone(ZoneInfo(zone)), "g:i A")
