"""From a lead to its seats. `route` looks at a lead that is due; `seat` is the one door through which a match comes to be.

What the lead is afterwards is leads.lifecycle. Lock order: the group's leads, then pro_state by ascending id. Nothing is written before all
winners are locked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.policy import Pros
from accounts.queries import pros_with_contact
from accounts.seat_counters import Take, lock_skipping, lock_waiting, take
from accounts.windows import counters
from billing import terms as terms_of
from billing.charges import Sale, open_charges
from billing.pricing import NoPrice, Quote, quote
from contact.lines import Opening, open_lines
from core import sql
from core.ids import new_id
from core.policy import read
from leads import choice_window, lifecycle, messages, offering
from leads import draw as draws
from leads.candidates import as_candidates, narrow, serving
from leads.decision import OFFERED, Request, decide, freeze, instant
from leads.decision import Decision as Decided
from leads.models import Decision, Lead, LeadType, Match
from leads.policy import Choice, InCharge, Leads
from leads.seats import Seats, seats_of


@dataclass(frozen=True)
class Situation:
    """What a decision about one lead starts from: the lead, its free slots, who is out, the terms and the price."""

    lead: Lead
    lead_type: str
    free: tuple[int, ...]
    own: frozenset
    in_group: frozenset
    terms: object
    quote: Quote
    policy: Leads
    seed: int
    now: datetime
    picks: tuple[int, ...] | None = None
    asked: frozenset = frozenset()  # who has answered an offer of this lead, or still may
    offers: bool = False  # nobody gets a seat: all who are eligible may accept
    draw: bool = False  # among those who wait for it
    reaches: Callable | None = None  # when the lead would reach the pro of a state, if not now
    pro_asks: bool = False  # the pro that is picked asks for the seat itself

    def request(self) -> Request:
        return Request(
            at=instant(self.now),
            lead_type=self.lead_type,
            seats=len(self.free) if self.picks is None else len(self.picks),
            offers=self.offers,
            draw=self.draw,
            estimate=self.lead.estimate,
            price=self.quote.price,
            renter=self.lead.is_renter and self.policy.renters_need_approval,
            test=self.lead.test,
            credit_limit=self.policy.credit_limit,
            picks=self.picks,
            pro_asks=self.pro_asks,
        )

    def candidates(self, states) -> list:
        return as_candidates(
            states,
            lead_type=self.lead_type,
            own=self.own,
            in_group=self.in_group,
            asked=self.asked,
            reaches=self.reaches,
            now=self.now,
        )


@dataclass(frozen=True)
class Contest:
    """A decision with the states it was made from."""

    states: list
    candidates: list
    decided: Decided


def route(*, lead_id, now) -> list[Match]:
    """Give a due lead its free seats by AutoMatch, offer those left, or end it. Safe to call twice, late, or by two workers at once.

    Runs in the transaction of the scope. Returns the new matches, none when there was nothing to do.
    """
    lead = lifecycle.lock(lead_id)
    if lead is None or lead.state == Lead.State.CLOSED:
        return []
    if lead.is_draft:
        lifecycle.give_up(lead, now=now)
        return []
    policy = read(Leads)
    if policy.opt_in:
        offering.expire(lead, now=now)
    taken = seats_of(lead)
    if lead.hired and len(taken) < lead.seats:  # an accept was, or could have been, undone after the homeowner had hired somebody
        lifecycle.close_hired(lead, seats=len(taken), now=now)
        return []
    drawing = draws.is_due(lead, now=now)
    if not drawing and choice_window.waits(lead, policy=read(Choice), now=now) and now < lead.closes_at:
        lifecycle.wait_for_choice(lead, now=now)
        return []
    matches = []
    try:
        if drawing:  # a look of its own: nobody else is locked beside those who wait
            matches = draw(lead, taken, policy=policy, now=now)
        elif policy.automatch and len(taken) < lead.seats and now < lead.closes_at and not draws.is_to_come(lead):
            matches = automatch(for_automatch(lead, taken, policy=policy, now=now))
        if policy.opt_in and not drawing:
            offer(lead, taken, matches, policy=policy, now=now)
    except NoPrice as refusal:
        outcome = Lead.Outcome.PART_FILLED if taken else Lead.Outcome.REJECTED
        lifecycle.close(lead, outcome, refusal.code, at=min(now, lead.closes_at), now=now)
        return []
    lifecycle.settle(lead, seats=len(taken) + len(matches), policy=policy, now=now)
    return matches


def offer(lead, taken, matches, *, policy, now) -> None:
    """Offer the seats left free to everybody who is qualified and was not asked yet (RULES 15, 18), within its receiving hours at the
    instant it may accept. Those who are drawn from pay one price: until the draw the terms of the first release hold for everybody."""
    if taken.gone + len(matches) >= lead.seats or now >= lead.closes_at:
        return
    terms = offering.terms_of(lead) if draws.is_to_come(lead) else None
    asked = offering.asked(lead)
    situation = situate(lead, taken, lead_type=LeadType.OPT_IN, policy=policy, now=now, terms=terms, asked=asked, offers=True)
    in_group = situation.in_group | {match.pro_id for match in matches}
    reaches = offering.opening(lead, now=now)
    contest = look(replace(situation, in_group=in_group, reaches=reaches), whole=True)
    offered = {verdict.pro for verdict in contest.decided.verdicts if verdict.code == OFFERED}
    if not offered and lead.attempts:
        return
    seat(situation, contest)
    offering.release(lead, [state for state in contest.states if state.pro_id in offered], situation.terms, situation.quote.price, now=now)


def dry_run(lead, *, now) -> Contest | None:
    """The decision `route` would make now, over everybody in the segment and locking nothing; None when it would make none."""
    policy, taken = read(Leads), seats_of(lead)
    waiting = choice_window.waits(lead, policy=read(Choice), now=now)
    if lead.is_draft or not policy.automatch or waiting or lead.state == Lead.State.CLOSED:
        return None
    if len(taken) >= lead.seats or now >= lead.closes_at:
        return None
    return look(for_automatch(lead, taken, policy=policy, now=now), whole=True)


def for_automatch(lead, taken, *, policy, now) -> Situation:
    """What AutoMatch starts from. Who said no to an offer of this lead, under a policy that has both, does not get it unasked."""
    return situate(lead, taken, lead_type=LeadType.AUTOMATCH, policy=policy, now=now, asked=offering.declined(lead))


def situate(lead, taken: Seats, *, lead_type, policy, now, terms=None, **asking) -> Situation:
    """What a decision starts from; under the `terms` that were shown, or those in force. `asking`: picks, asked, offers, draw, pro_asks."""
    terms = terms or terms_of.in_force(now)
    return Situation(
        lead=lead,
        lead_type=lead_type,
        free=tuple(slot for slot in range(1, lead.seats + 1) if slot not in taken and slot not in taken.held),
        own=frozenset(pros_with_contact(phone=lead.homeowner.phone, email=lead.homeowner.email)),
        in_group=frozenset(taken.values()) | taken.freed | frozenset(taken.held.values()),
        terms=terms,
        quote=quote(terms, lead.service.code, lead.estimate),
        policy=policy,
        seed=lead.seed + lead.attempts,
        now=now,
        **asking,
    )


def look(situation, *, whole=False) -> Contest:
    """Narrow and decide, locking nothing. When a full window leaves seats empty, look once at the whole segment."""
    size, states = narrow(situation.lead, seed=situation.seed, window=None if whole else situation.policy.window)
    candidates = situation.candidates(states)
    decided = decide(situation.request(), candidates, seed=situation.seed)
    if not whole and len(decided.winners) < len(situation.free) and size > len(states):
        return look(situation, whole=True)
    return Contest(states, candidates, decided)


def automatch(situation) -> list[Match]:
    """Decide, hold the winners, seat them. Verdicts are kept when there were winners, or for the first time."""
    contest = look(situation)
    if contest.decided.winners and not hold(contest):
        contest = wait(situation, contest)
    if not contest.decided.winners and situation.lead.attempts:
        return []
    return seat(situation, contest)


def draw(lead, taken, *, policy, now) -> list[Match]:
    """Give the free seats to some of those who wait for the draw, once. Everybody who waits is held and judged as it is now; a decision
    keeps each with its verdict."""
    waiting = draws.entrants(lead)
    if not waiting:
        sql.update(lead, drawn_at=now)
        return []
    terms = next((offer.terms for offer in waiting if offer.estimate == lead.estimate), None)
    situation = situate(lead, taken, lead_type=LeadType.OPT_IN, policy=policy, now=now, terms=terms, draw=True, pro_asks=True)
    draws.free(waiting)
    pros = [offer.pro_id for offer in waiting]
    states = lock_waiting(pros)
    candidates = draws.as_entrants(situation.candidates(states), states, waiting, serving(lead, pros))
    decided = decide(situation.request(), candidates, seed=situation.seed)
    matches = seat(situation, Contest(states, candidates, decided))
    draws.conclude(lead, waiting, decided, matches, now=now)
    return matches


def hold(contest) -> bool:
    """Lock the winners if all are free this instant and as they were read; otherwise give everything back."""
    revs = {candidate.pro: candidate.rev for candidate in contest.candidates}
    with transaction.atomic():
        held = lock_skipping({pro: revs[pro] for pro in contest.decided.winners})
        if len(held) < len(contest.decided.winners):
            transaction.set_rollback(True)
            return False
    return True


def wait(situation, contest) -> Contest:
    """Another lead holds a winner. Wait for the best few in the order of their ids, read them anew and decide again among
    them; if a seat stays empty, once more for as many as a window has."""
    for limit in (situation.policy.waiting_window, situation.policy.window):
        best = sorted(contest.decided.eligible[:limit])
        with transaction.atomic():
            fresh = {state.pro_id: state for state in lock_waiting(best)}
            states = [fresh.get(state.pro_id, state) for state in contest.states]
            candidates = [
                candidate if candidate.pro in fresh else candidate._replace(held=False) for candidate in situation.candidates(states)
            ]
            decided = decide(situation.request(), candidates, seed=situation.seed)
            full = len(decided.winners) == len(situation.free)
            if full or len(best) == len(contest.decided.eligible) or limit == situation.policy.window:
                return Contest(states, candidates, decided)
            transaction.set_rollback(True)
        contest = look(situation)
    return contest


def seat(situation, contest) -> list[Match]:
    """THE DOOR: matches, charges, counters, lines, the decision, the names appended to the consent and the notices, all or nothing.

    The winners' pro_state rows are locked. The number of statements does not grow with the number of seats.
    """
    lead, now, terms, price = situation.lead, situation.now, situation.terms, situation.quote.price
    decided, counts = contest.decided, situation.lead_type == LeadType.AUTOMATCH and not lead.test  # in the fair share
    warn_at = read(InCharge).warn_at(now, lead.closes_at) if lead.homeowner.phone else None
    kept = Decision(lead=lead, at=now, seed=situation.seed, folded=not counts, **freeze(situation.request(), contest.candidates, decided))
    sql.insert([kept])
    if not decided.winners:
        return []
    matches = [
        Match(
            id=new_id(),
            lead=lead,
            group_id=lead.group_id,
            slot=slot,
            pro_id=pro,
            lead_type=situation.lead_type,
            decision=kept,
            terms=terms,
            price=price,
            estimate=lead.estimate,
            at=now,
            warn_due_at=warn_at,
            test=lead.test,
        )
        for slot, pro in zip(situation.free, decided.winners, strict=False)
    ]
    sold = sell(situation, contest, matches) if not lead.test else []
    lines = connect(lead, matches, now=now)
    sql.insert(matches)
    messages.seated(lead, matches, sold, lines, now=now)
    return matches


def connect(lead, matches, *, now) -> dict:
    """Open each match's line to the homeowner: masked number, PIN and clock (RULES 19). Raises contact.numbers.NoNumber."""
    lines = open_lines(
        [Opening(match.pk, match.pro_id) for match in matches],
        homeowner=lead.homeowner,
        about=lead.service.name,
        reach=lead.reach,
        test=lead.test,
        now=now,
    )
    for match in matches:
        match.line_id = match.pk
    return lines


def sell(situation, contest, matches) -> list[messages.Sold]:
    """Count the winners' seats and open their charges. Test traffic is not sold (INVARIANTS 8). Returns what it did to budgets."""
    price, now = situation.quote.price, situation.now
    states = {state.pro_id: state for state in contest.states}
    fair = situation.lead_type == LeadType.AUTOMATCH
    days = read(Pros).period_days
    takes = {match.pk: Take.of(states[match.pro_id], price, now=now, received=fair, period_days=days) for match in matches}
    take(list(takes.values()))
    open_charges(
        [Sale(match.pk, match.pro_id, takes[match.pk].period) for match in matches],
        terms=situation.terms,
        quote=situation.quote,
        now=now,
    )
    for match in matches:
        match.charge_id = match.pk
    return [
        messages.Sold(
            match.pro_id,
            budget=states[match.pro_id].budget,
            before=counters(states[match.pro_id], now, period_days=days).spent,
            price=price,
            period=takes[match.pk].period,
        )
        for match in matches
    ]
