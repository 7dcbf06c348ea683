"""From a lead to its seats. `route` looks at a lead that is due; `seat` is the one door through which a match comes to be.

Lock order: the group's leads, then pro_state by ascending id. Nothing is written before all winners are locked.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.policy import Pros
from accounts.queries import pros_with_contact
from accounts.seat_counters import Take, lock_skipping, lock_waiting, take
from accounts.windows import counters
from billing import terms as terms_of
from billing.charges import Sale, open_charges
from billing.pricing import NoPrice, Quote, quote
from contact.lines import Opening, open_lines
from core import events, sql
from core.ids import new_id
from core.policy import read
from leads import choice_window, messages, offering
from leads import draw as draws
from leads.candidates import as_candidates, narrow, serving
from leads.decision import OFFERED, Request, decide, freeze, instant
from leads.decision import Decision as Decided
from leads.models import Decision, Lead, LeadType, Match
from leads.policy import Choice, InCharge, Leads
from leads.seats import Seats, seats_of

LOCK = """
with row as materialized (
  select * from leads_lead
  where marketplace_id = %(marketplace)s and id in (%(lead)s, (select group_id from leads_lead where id = %(lead)s))
  order by id for no key update
)
select {row}, {service}, {homeowner}, {consent} from row
join catalog_service service on service.id = row.service_id
join accounts_homeowner homeowner on homeowner.id = row.homeowner_id
join leads_consent consent on consent.lead_id = row.id
where row.id = %(lead)s
"""

# The first look is left to `route`, which keeps why there was nobody; so is the last, at `closes_at`.
PUT_OFF = """
with unserved as materialized (
  select l.id from leads_lead l
  where l.marketplace_id = %(marketplace)s and l.due_at <= %(now)s and l.due_at < l.closes_at and l.attempts > 0 and not exists (
    select from accounts_proarea a
    where a.marketplace_id = %(marketplace)s and a.service_id = l.service_id and a.cell = l.cell and a.mask & (1::bigint << l.bit) <> 0
  )
  for no key update skip locked
)
update leads_lead l set attempts = l.attempts + 1,
  due_at = least(l.closes_at, l.due_at + make_interval(secs => (%(pauses)s::int[])[least(l.attempts + 1, cardinality(%(pauses)s::int[]))]))
from unserved where l.marketplace_id = %(marketplace)s and l.id = unserved.id
"""


HIRED = {Lead.Hired.PRO: "hired", Lead.Hired.OTHER: "hired_elsewhere", Lead.Hired.NOBODY: "not_hiring"}  # reasons of an outcome


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
    lead = lock(lead_id)
    if lead is None or lead.state == Lead.State.CLOSED:
        return []
    if lead.is_draft:
        give_up(lead, now=now)
        return []
    policy = read(Leads)
    if policy.opt_in:
        offering.expire(lead, now=now)
    taken = seats_of(lead)
    if lead.hired and len(taken) < lead.seats:  # an accept was, or could have been, undone after the homeowner had hired somebody
        close_hired(lead, seats=len(taken), now=now)
        return []
    drawing = draws.is_due(lead, now=now)
    if not drawing and choice_window.waits(lead, policy=read(Choice), now=now) and now < lead.closes_at:
        wait_for_choice(lead, now=now)
        return []
    matches = []
    try:
        if drawing:  # a look of its own: nobody else is locked beside those who wait
            matches = draw(lead, taken, policy=policy, now=now)
        elif policy.automatch and len(taken) < lead.seats and now < lead.closes_at and not draws.is_to_come(lead):
            matches = automatch(situate(lead, taken, lead_type=LeadType.AUTOMATCH, policy=policy, now=now))
        if policy.opt_in and not drawing:
            offer(lead, taken, matches, policy=policy, now=now)
    except NoPrice as refusal:
        outcome = Lead.Outcome.PART_FILLED if taken else Lead.Outcome.REJECTED
        close(lead, outcome, refusal.code, at=min(now, lead.closes_at), now=now)
        return []
    settle(lead, seats=len(taken) + len(matches), policy=policy, now=now)
    return matches


def give_up(draft, *, now) -> None:
    """End a draft whose phone was not confirmed in time (RULES 5)."""
    if now >= draft.confirm_by:
        close(draft, Lead.Outcome.REJECTED, "phone_not_confirmed", at=draft.confirm_by, now=now)


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


def put_off(*, now) -> None:
    """Look at all leads at once that are due again where nobody offers the service: each waits for its next time. In an area without
    pros this is nearly every lead, and each is looked at every hour."""
    pauses = list(read(Leads).retry_seconds)
    while sql.run(PUT_OFF, now=now, pauses=pauses):
        pass


def dry_run(lead, *, now) -> Contest | None:
    """The decision `route` would make now, over everybody in the segment and locking nothing; None when it would make none."""
    policy, taken = read(Leads), seats_of(lead)
    waiting = choice_window.waits(lead, policy=read(Choice), now=now)
    if lead.is_draft or not policy.automatch or waiting or lead.state == Lead.State.CLOSED:
        return None
    if len(taken) >= lead.seats or now >= lead.closes_at:
        return None
    return look(situate(lead, taken, lead_type=LeadType.AUTOMATCH, policy=policy, now=now), whole=True)


def lock(lead_id) -> Lead | None:
    """The lead, locked together with the first lead of its group: one group is decided by one worker at a time."""
    locked = sql.load(LOCK, Lead, "service", "homeowner", "consent", lead=str(lead_id))
    return locked[0] if locked else None


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


def settle(lead, *, seats, policy, now) -> None:
    """What the lead is after a look at it: closed with its one outcome, or open until the next look (RULES 18)."""
    if seats >= lead.seats and policy.opt_in and (until := offering.undoable_until(lead, now=now)):
        change(lead, now, state=Lead.State.OPEN, due_at=min(until, lead.closes_at, *draws.due(lead)))
    elif seats >= lead.seats:
        close(lead, Lead.Outcome.FILLED, "all_seats_taken", at=min(now, lead.closes_at), now=now)
    elif now >= lead.closes_at:
        outcome = Lead.Outcome.PART_FILLED if seats else Lead.Outcome.UNFILLED
        close(lead, outcome, why_unfilled(lead, policy), at=lead.closes_at, now=now)
    elif choice_window.waits(lead, policy=read(Choice), now=now):
        wait_for_choice(lead, now=now)
    else:
        steps = policy.retry_seconds
        pause = timedelta(seconds=steps[min(lead.attempts, len(steps) - 1)])
        due = offering.due(lead, policy=policy)
        change(lead, now, state=Lead.State.OPEN, due_at=min(now + pause, lead.closes_at, *due, *draws.due(lead)))


def look_again(lead, *, now) -> None:
    """A seat of the locked lead was freed: it is looked at again, and open again if it had ended because all seats were taken."""
    if lead.state == Lead.State.CLOSED:
        change(lead, now, state=Lead.State.OPEN, outcome="", outcome_reason="", ended_at=None, due_at=now)
        events.record("lead.reopened", lead.pk, now=now, test=lead.test)
    else:
        sql.update(lead, due_at=now)


def why_unfilled(lead, policy) -> str:
    """Why a lead that closes now has free seats: the reason beside its outcome (RULES 18). Of one that was offered, what became of that."""
    if offering.was_offered(lead):
        return offering.why_unfilled(lead)
    if lead.way == Lead.Way.CHOOSE and lead.automatch_from is None:
        return "nobody_else_chosen" if lead.chosen_at else "nobody_chosen"
    return "no_more_pros_in_time"


def wait_for_choice(lead, *, now) -> None:
    """AutoMatch has to wait for the homeowner who chooses: remind once, and look again when that may be over (RULES 14)."""
    policy = read(Choice)
    if lead.choice_remind_at and lead.choice_remind_at <= now:
        lead.choice_remind_at = None
        if not choice_window.is_in_use(lead, policy=policy, now=now):
            messages.remind_to_choose(lead, now=now)
    look_at = choice_window.next_look(lead, policy=policy, now=now) or lead.closes_at
    due_at = min(look_at, lead.closes_at, *offering.due(lead, policy=read(Leads)), *draws.due(lead))
    sql.update(lead, state=Lead.State.OPEN, due_at=due_at, choice_remind_at=lead.choice_remind_at)


def close_hired(lead, *, seats, now) -> None:
    """The homeowner hired somebody, or is not hiring any more: its free seats are not sold. It ends once, when no accept may be undone any
    more; until then its offers are over."""
    if until := offering.undoable_until(lead, now=now):
        offering.end(lead, now=now)
        change(lead, now, state=Lead.State.OPEN, due_at=min(until, lead.closes_at), drawn_at=lead.drawn_at or (lead.draws_at and now))
        return
    outcome = Lead.Outcome.PART_FILLED if seats else Lead.Outcome.REJECTED if lead.is_draft else Lead.Outcome.UNFILLED
    close(lead, outcome, HIRED[lead.hired], at=min(now, lead.closes_at or now), now=now)


def close(lead, outcome, reason, *, at, now) -> None:
    """End the lead with exactly one outcome and its reason, as of `at` (INVARIANTS 4)."""
    change(lead, now, state=Lead.State.CLOSED, outcome=outcome, outcome_reason=reason, ended_at=at, due_at=None)
    answers = offering.end(lead, now=now) if offering.was_offered(lead) else {}
    events.record("lead.closed", lead.pk, now=now, test=lead.test, outcome=str(outcome), reason=reason, **answers)


def change(lead, now, **columns) -> None:
    """One UPDATE of the lead, which is locked; every look at it counts as an attempt."""
    sql.update(lead, attempts=lead.attempts + 1, routed_at=lead.routed_at or now, **columns)
