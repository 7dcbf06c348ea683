"""Who gets the seats. Pure: no I/O, no clock, no random number (DESIGN rule 7, RULES 10, 13, 17).

Live, dry run, explain and replay all call `decide`. SQL has narrowed the candidates to pros that offer the service at the
ZIP; here each one meets the remaining rules in their order, and who is left is ranked by what it is owed.
"""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import NamedTuple

SEAT = 1_000_000  # entitlement is counted in millionths of a seat

MATCHED = "matched"
RANKED_LOWER = "ranked_lower"
OFFERED = "offered"


@dataclass(frozen=True, slots=True)
class Request:
    """The lead as the decision sees it. `estimate` and `price` in cents, `seats` is how many are free;
    what a pro is owed counts up to `credit_limit` seats either way. `picks` are the pros a homeowner chose or the one who accepts, None
    where nobody does. What only `offers` gives nobody a seat: all who are eligible may accept (RULES 15). When the pro itself asks for
    the seat at this instant (`pro_asks`), it is awake: its receiving hours and days off say nothing. In a `draw` the
    candidates are those who wait for it."""

    at: str
    lead_type: str
    seats: int
    estimate: int
    price: int
    renter: bool = False
    test: bool = False
    credit_limit: int = 3
    picks: tuple[int, ...] | None = None
    offers: bool = False
    pro_asks: bool = False
    draw: bool = False


class Candidate(NamedTuple):
    """A pro as it stood at that instant. Counts and `spent` are of the running day, week and 30-day period; `entitled` in millionths of a
    seat, `received` in seats, both of its draws where seats are drawn; `funds` is what it has paid beforehand, None where nobody does;
    one that was `asked` has an offer of this lead, or had its last; `open_work` counts the leads it has not finished. `minute` is the
    local minute of the day when the lead would reach it, `day_off` why that day is one without leads (accounts.availability.day_off),
    None when it is not. `lacks` is the first needed check that does not hold, `lapsed` the last day it did (ISO), None if there was none.
    `reserved` is promised to other draws. Of one in a draw: whether it still `serves` the place, and the price it was `shown`."""

    pro: int
    rev: int
    test: bool
    approved: bool
    paused: bool
    past_grace: bool
    wants_type: bool
    own: bool
    in_group: bool
    accepts_renters: bool
    job_min: int | None
    job_max: int | None
    minute: int
    opens: int | None
    closes: int | None
    day_count: int
    day_cap: int | None
    week_count: int
    week_cap: int | None
    spent: int
    budget: int | None
    weight: int
    received: int
    entitled: int
    held: bool = True
    funds: int | None = None
    asked: bool = False
    day_off: list | None = None
    open_work: int = 0
    open_cap: int | None = None
    lacks: str | None = None
    lapsed: str | None = None
    reserved: int = 0
    serves: bool = True
    shown: int | None = None

    @property
    def owed(self) -> int:
        return self.entitled - self.received * SEAT


CANDIDATE_FIELDS = Candidate._fields


class Verdict(NamedTuple):
    """What became of one candidate: `code` is matched, ranked_lower, offered, or the first rule that failed, with the two values
    compared: what it has, and what the rule needs."""

    pro: int
    code: str
    have: object = None
    need: object = None


@dataclass(frozen=True, slots=True)
class Decision:
    """`winners` in order of rank. `eligible` pros were each entitled the `share` (millionths of a seat) of the same position."""

    winners: tuple[int, ...]
    verdicts: tuple[Verdict, ...]
    eligible: tuple[int, ...]
    share: tuple[int, ...]


def within_hours(minute: int, opens: int | None, closes: int | None) -> bool:
    """Whether a minute of the day lies in receiving hours; they may cross midnight; none means always."""
    if opens is None or closes is None or opens == closes:
        return True
    if opens < closes:
        return opens <= minute < closes
    return minute >= opens or minute < closes


# In the order a pro would ask "why not me": (code, does it pass, what it has, what is needed).
RULES = (
    ("test_traffic", lambda r, c: c.test == r.test, lambda r, c: c.test, lambda r, c: r.test),
    ("not_approved", lambda r, c: c.approved, lambda r, c: False, lambda r, c: True),
    ("paused", lambda r, c: not c.paused, lambda r, c: True, lambda r, c: False),
    ("past_grace", lambda r, c: not c.past_grace, lambda r, c: True, lambda r, c: False),
    ("check_expired", lambda r, c: c.lacks is None, lambda r, c: c.lapsed, lambda r, c: c.lacks),
    ("opted_out", lambda r, c: c.wants_type, lambda r, c: False, lambda r, c: r.lead_type),
    ("own_contact", lambda r, c: not c.own, lambda r, c: True, lambda r, c: False),
    ("same_group", lambda r, c: not c.in_group, lambda r, c: True, lambda r, c: False),
    ("asked_before", lambda r, c: not c.asked, lambda r, c: True, lambda r, c: False),
    ("no_renters", lambda r, c: c.accepts_renters or not r.renter, lambda r, c: c.accepts_renters, lambda r, c: r.renter),
    ("job_too_small", lambda r, c: c.job_min is None or r.estimate >= c.job_min, lambda r, c: r.estimate, lambda r, c: c.job_min),
    ("job_too_big", lambda r, c: c.job_max is None or r.estimate <= c.job_max, lambda r, c: r.estimate, lambda r, c: c.job_max),
    ("day_off", lambda r, c: r.pro_asks or c.day_off is None, lambda r, c: c.day_off[0], lambda r, c: c.day_off[1:]),
    (
        "outside_hours",
        lambda r, c: r.pro_asks or within_hours(c.minute, c.opens, c.closes),
        lambda r, c: c.minute,
        lambda r, c: [c.opens, c.closes],
    ),
    ("day_cap", lambda r, c: c.day_cap is None or c.day_count < c.day_cap, lambda r, c: c.day_count, lambda r, c: c.day_cap),
    ("week_cap", lambda r, c: c.week_cap is None or c.week_count < c.week_cap, lambda r, c: c.week_count, lambda r, c: c.week_cap),
    ("open_work", lambda r, c: c.open_cap is None or c.open_work < c.open_cap, lambda r, c: c.open_work, lambda r, c: c.open_cap),
    (
        "budget",
        lambda r, c: c.budget is None or c.spent + c.reserved + r.price <= c.budget,
        lambda r, c: c.budget - c.spent - c.reserved,
        lambda r, c: r.price,
    ),
    ("wallet", lambda r, c: c.funds is None or c.funds >= r.price, lambda r, c: c.funds, lambda r, c: r.price),
    ("not_picked", lambda r, c: r.picks is None or c.pro in r.picks, lambda r, c: False, lambda r, c: True),
    ("outside_area", lambda r, c: c.serves, lambda r, c: False, lambda r, c: True),
    ("price_changed", lambda r, c: c.shown is None or c.shown == r.price, lambda r, c: c.shown, lambda r, c: r.price),
)


def rules_of(request: Request, candidate: Candidate | None = None) -> list[str]:
    """The codes of the rules that ask something here, of this candidate or of any, in their order."""
    asks = {
        "outside_area": request.draw,
        "price_changed": request.draw,
        "asked_before": request.offers or (candidate is not None and candidate.asked),
        "day_off": not request.pro_asks,
        "outside_hours": not request.pro_asks,
        "wallet": candidate is None or candidate.funds is not None,
        "not_picked": request.picks is not None,
    }
    return [rule[0] for rule in RULES if asks.get(rule[0], True)]


def decide(request: Request, candidates: list[Candidate], *, seed: int) -> Decision:
    """Fill up to `request.seats` seats in fair order: most owed first, ties by a seeded hash, never by age or id. Candidates may come
    in any order; the answer is the same.

    What a pro is owed counts up to `request.credit_limit` seats above or below the mean of the eligible. Measured from the mean, the
    order holds while many decisions wait to be folded: until then everybody seems to have received too much (ADR 8).
    """
    failed, passed = [], []
    for candidate in candidates:
        verdict = first_failure(request, candidate)
        if verdict:
            failed.append(verdict)
        else:
            passed.append(candidate)
    limit = request.credit_limit * SEAT
    mean = sum(c.owed for c in passed) // len(passed) if passed else 0
    ranked = sorted(passed, key=lambda c: (not c.held, -max(-limit, min(limit, c.owed - mean)), tie(seed, c.pro)))
    seats = 0 if request.offers else min(request.seats, sum(c.held for c in passed))
    won, lost = ranked[:seats], ranked[seats:]
    cut = won[-1].owed if won else 0
    verdicts = [Verdict(c.pro, MATCHED, c.owed, cut) for c in won]
    verdicts += [Verdict(c.pro, OFFERED) if request.offers else Verdict(c.pro, RANKED_LOWER, c.owed, cut) for c in lost]
    verdicts += sorted(failed, key=lambda v: v.pro)
    return Decision(
        winners=tuple(c.pro for c in won),
        verdicts=tuple(verdicts),
        eligible=tuple(c.pro for c in ranked),
        share=shares([c.weight for c in ranked], seats=len(won)),
    )


def first_failure(request: Request, candidate: Candidate) -> Verdict | None:
    """The first rule `candidate` fails, or None when it is eligible."""
    for code, passes, have, need in RULES:
        if not passes(request, candidate):
            return Verdict(candidate.pro, code, have(request, candidate), need(request, candidate))
    return None


def shares(weights: list[int], *, seats: int) -> tuple[int, ...]:
    """Each one's part of `seats` seats by weight, in millionths, at most one whole seat: nobody can receive more of one lead, so what a
    weight gives beyond that is the others'. The parts add up exactly (leftovers go to the first)."""
    parts, left, total = [0] * len(weights), seats * SEAT, sum(weights)
    sharing = list(range(len(weights)))
    while whole := [index for index in sharing if left * weights[index] >= SEAT * total]:
        for index in whole:
            parts[index] = SEAT
            left, total = left - SEAT, total - weights[index]
        sharing = [index for index in sharing if parts[index] < SEAT]
    for index in sharing:
        parts[index] = left * weights[index] // total
    for index in sharing[: left - sum(parts[index] for index in sharing)]:
        parts[index] += 1
    return tuple(parts)


def tie(seed: int, pro: int) -> bytes:
    """A fair coin between equals: the same for the same seed, unrelated to the pro's id."""
    return hashlib.blake2b(f"{seed}:{pro}".encode(), digest_size=8).digest()


def freeze(request: Request, candidates: list[Candidate], decision: Decision) -> dict:
    """What is kept of a decision, as JSON: everything needed to decide again, and what was decided."""
    return {
        "request": asdict(request),
        "candidates": candidates,
        "verdicts": decision.verdicts,
        "winners": list(decision.winners),
        "eligible": list(decision.eligible),
        "share": list(decision.share),
    }


def thaw(row) -> tuple[Request, list[Candidate], Decision]:
    """The inputs and the outcome of a stored decision (anything with the attributes that `freeze` names)."""
    decision = Decision(
        winners=tuple(row.winners),
        verdicts=tuple(Verdict(*verdict) for verdict in row.verdicts),
        eligible=tuple(row.eligible),
        share=tuple(row.share),
    )
    return Request(**row.request), [Candidate(*values) for values in row.candidates], decision


def instant(at: datetime) -> str:
    """How a decision writes down its instant."""
    return at.isoformat()
