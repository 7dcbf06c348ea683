"""A kept decision read back: who stood where, how many each rule left, and whether it comes out the same once more (RULES 17). Pure.

All of it is computed from the stored row. Names are no part of it, so the row of a pro that is gone reads like any other.
"""

from collections import Counter
from dataclasses import dataclass, fields

from django.utils.translation import gettext_lazy as _

from core.errors import Refusal
from leads.decision import MATCHED, OFFERED, RANKED_LOWER, RULES, SEAT, Candidate, Decision, Request, Verdict, decide, rules_of, thaw, tie

ORDER = {rule[0]: number for number, rule in enumerate(RULES)}
LOOKED_AT, PICKED, DRAWN_FROM, SEATS = "looked_at", "picked", "drawn_from", "seats"

# What the rules ask one after the other: (stage, the codes of its rules), in the order of leads.decision.RULES.
STAGES = (
    ("active", ("test_traffic", "not_approved", "paused", "past_grace", "check_expired")),
    ("wanted", ("opted_out", "own_contact", "same_group", "asked_before", "no_renters", "job_too_small", "job_too_big")),
    ("receiving", ("day_off", "outside_hours", "day_cap", "week_cap", "open_work")),
    ("budget", ("budget", "wallet")),
    (PICKED, ("not_picked",)),
    (DRAWN_FROM, ("outside_area", "price_changed")),
)


class Unreadable(Refusal):
    code = "unreadable_decision"
    sentence = _("What was kept of this decision cannot be read.")


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate and what became of it.

    Who was eligible has its `place` in the order (1 is owed most), the balance that was `counted`, and stood as number `drawn` of the
    seeded hash among `equals`, itself included. `slot` is the number of the seat it got, None when that is not known.
    """

    candidate: Candidate
    verdict: Verdict
    place: int = 0
    counted: int | None = None
    drawn: int = 0
    equals: int = 0
    slot: int | None = None

    @property
    def pro(self) -> int:
        return self.candidate.pro

    @property
    def code(self) -> str:
        return self.verdict.code

    @property
    def seated(self) -> bool:
        return self.code == MATCHED

    @property
    def eligible(self) -> bool:
        return self.code in (MATCHED, RANKED_LOWER, OFFERED)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way down: how many are `left` after it, and how many fell out of it by which rule."""

    stage: str
    left: int
    fell: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Receipt:
    """`standings`: seats first, then who came next, then who failed a rule, the last rules first. `changed` names the parts that come
    out differently when it is decided again; `slots` are the numbers of the seats that were free, empty when not known."""

    request: Request
    seed: int
    standings: tuple[Standing, ...]
    mean: int
    changed: tuple[str, ...]
    slots: tuple[int, ...]

    def of(self, pro: int) -> Standing | None:
        return next((standing for standing in self.standings if standing.pro == pro), None)

    @property
    def looked_at(self) -> int:
        return len(self.standings)

    @property
    def eligible(self) -> int:
        return sum(standing.eligible for standing in self.standings)

    @property
    def seated(self) -> int:
        return sum(standing.seated for standing in self.standings)

    @property
    def last_seat(self) -> Standing | None:
        return next((standing for standing in reversed(self.standings) if standing.seated), None)

    @property
    def limit(self) -> int:
        """Up to how much a balance counts, either way of the mean."""
        return self.request.credit_limit * SEAT

    def funnel(self) -> list[Step]:
        """From everybody who was looked at to the seats, in the order of the rules."""
        fell = Counter(standing.code for standing in self.standings if not standing.seated)
        left, asked = self.looked_at, set(rules_of(self.request))
        steps = [Step(LOOKED_AT, left)]
        for stage, codes in STAGES:
            if asked.isdisjoint(codes):
                continue
            lost = tuple((code, fell[code]) for code in codes if fell[code])
            left -= sum(count for _code, count in lost)
            steps.append(Step(stage, left, lost))
        if self.request.offers:
            return [*steps, Step(OFFERED, self.eligible)]
        return [*steps, Step(SEATS, self.seated, ((RANKED_LOWER, fell[RANKED_LOWER]),) if fell[RANKED_LOWER] else ())]

    def with_change(self, pro: int, **values) -> Standing:
        """Where `pro` would have stood if only these values of it had been others, everything else as it was."""
        candidates = [one.candidate._replace(**values) if one.pro == pro else one.candidate for one in self.standings]
        decided = decide(self.request, candidates, seed=self.seed)
        standings, _mean = _standings(self.request, candidates, decided, self.seed, self.slots)
        return next(standing for standing in standings if standing.pro == pro)


def read(row, *, slots: tuple[int, ...] = ()) -> Receipt:
    """The receipt of a stored decision (anything with the attributes that `leads.decision.freeze` names, and its seed). Refuses
    (Unreadable) what no decision can be made of."""
    try:
        request, candidates, then = thaw(row)
        standings, mean = _standings(request, candidates, then, row.seed, slots)
        now = decide(request, candidates, seed=row.seed)
    except (TypeError, ValueError, LookupError, AttributeError):
        raise Unreadable from None
    changed = tuple(part.name for part in fields(Decision) if getattr(then, part.name) != getattr(now, part.name))
    return Receipt(request, row.seed, standings, mean, changed, slots if len(slots) == request.seats else ())


def _standings(request, candidates, decided, seed, slots) -> tuple[tuple[Standing, ...], int]:
    stood = {candidate.pro: candidate for candidate in candidates}
    ranked = [stood[pro] for pro in decided.eligible]
    mean = sum(one.owed for one in ranked) // len(ranked) if ranked else 0
    limit = request.credit_limit * SEAT
    counted = {one.pro: max(-limit, min(limit, one.owed - mean)) for one in ranked}
    equals: dict[tuple, list[int]] = {}
    for one in sorted(ranked, key=lambda one: tie(seed, one.pro)):
        equals.setdefault((one.held, counted[one.pro]), []).append(one.pro)
    places = {pro: place for place, pro in enumerate(decided.eligible, start=1)}
    seats = dict(zip(decided.winners, slots if len(slots) == request.seats else (), strict=False))

    def standing(verdict):
        one = stood[verdict.pro]
        if one.pro not in places:
            return Standing(one, verdict)
        alike = equals[one.held, counted[one.pro]]
        place, drawn = places[one.pro], alike.index(one.pro) + 1
        return Standing(one, verdict, place, counted[one.pro], drawn, len(alike), seats.get(one.pro))

    found = [standing(verdict) for verdict in decided.verdicts]
    return tuple(sorted(found, key=lambda one: (not one.eligible, one.place, 0 if one.eligible else -ORDER[one.code]))), mean
