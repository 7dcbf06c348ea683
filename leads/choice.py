"""The homeowner chooses: who can be picked, in which order, and the picks (RULES 14, INVARIANTS 1, 3).

The order is drawn anew for each request, by weight where there are tiers, so that over time everybody stands first equally often. It is
the same whenever the page of that request is opened. Choosing changes nothing in what AutoMatch owes anybody.

Where pros opt in, those who are picked are asked: each has a seat held for it until it answers (leads.picked).
"""

import hashlib
import math
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.models import Pro
from accounts.seat_counters import lock_waiting
from billing.policy import Memberships
from core import events, sql
from core.doorbell import ring
from core.errors import Refusal
from core.policy import read
from core.tenancy import current
from leads import consent, lifecycle, matching, offering, picked
from leads.candidates import narrow
from leads.decision import MATCHED, OFFERED, decide
from leads.models import Lead, LeadType, Match, Offer, PickConsent
from leads.policy import Choice, Leads
from leads.seats import seats_of
from leads.tasks import route


class ChoosingOver(Refusal):
    code = "choosing_over"
    sentence = _("This request is closed. No more pros can be chosen.")
    status = 409


class NobodyPicked(Refusal):
    code = "nobody_picked"
    sentence = _("Choose at least one pro.")


class TooManyPicked(Refusal):
    code = "too_many_picked"
    sentence = _("There are fewer free seats than pros you chose. Choose fewer.")
    status = 409


class PickGone(Refusal):
    """Some picks cannot be had any more: `pros` names them. Nobody was seated."""

    code = "pick_gone"
    sentence = _("No longer free for this job: %(pros)s. Nobody got your details yet. Choose another pro, or go on without.")
    status = 409


@dataclass(frozen=True)
class Choices:
    """Who can be picked now, in the order drawn for this request, how many seats are free, and of which tier each member is, by the
    id of the pro; `taken` are the other seats, as (slot, name of the pro that has it), without a name where it has it by another
    request of the group."""

    pros: tuple[Pro, ...]
    free: int
    tiers: dict = field(default_factory=dict)
    taken: tuple[tuple[int, str], ...] = ()


def choices(lead, *, now: datetime) -> Choices:
    """What the homeowner of `lead` can choose from at `now`. As many queries for many pros as for few."""
    taken = seats_of(lead)
    situation = _situation(lead, taken, picks=(), now=now)
    if lead.state == Lead.State.CLOSED or not situation.free:
        return Choices((), 0)
    states, decided = _look(situation)
    sold = read(Memberships).tiers
    weights = {state.pro_id: state.weight if sold else 1 for state in states}
    able = [verdict.pro for verdict in decided.verdicts if verdict.code == "not_picked"]
    order = sorted(able, key=lambda pro: draw(lead.seed, pro, weights[pro]))
    tiers = {state.pro_id: state.tier for state in states if sold and state.tier}
    gone = taken | taken.held
    pros = Pro.objects.in_bulk({*order, *gone.values()})
    mine = {*Match.objects.filter(lead=lead).values_list("pro", flat=True), *taken.held.values()} if gone else ()
    names = tuple((slot, pros[pk].name if pk in mine else "") for slot, pk in sorted(gone.items()))
    return Choices(tuple(pros[pk] for pk in order), len(situation.free), tiers, names)


def draw(seed: int, pro: int, weight: int) -> float:
    """The place of a pro in the order of a request: smallest first. It comes first with a chance of its weight out of all weights
    (an exponential race: -ln(u) / weight)."""
    digest = hashlib.blake2b(f"choice:{seed}:{pro}".encode(), digest_size=8).digest()
    return -math.log((int.from_bytes(digest, "big") + 1) / (2**64 + 1)) / max(weight, 1)


def is_open(lead, *, now: datetime) -> bool:
    """Whether the homeowner may still choose, or invite one more pro; whether a seat is free is another question."""
    chooses = lead.way == Lead.Way.CHOOSE or (read(Leads).choice and lead.routed_at is not None)
    return chooses and not lead.hired and lead.state in (Lead.State.NEW, Lead.State.OPEN) and now < lead.closes_at


def seen(lead, *, now: datetime) -> None:
    """The page to choose on is in use: while it is, AutoMatch waits, until `choice_last_at`."""
    Lead.objects.filter(pk=lead.pk, chosen_at=None, choice_last_at__gt=now).exclude(state=Lead.State.CLOSED).update(choice_seen_at=now)


def choose(lead, pro_ids, *, fill: bool, now: datetime, page="", ip=None) -> list[Match] | list[Offer]:
    """Give seats to the picked pros, all or none, or hold them where pros opt in; with `fill` others may have the seats left free, as they
    may anyway where the homeowner asked to be matched.

    Returns the matches, or the personal offers; sent twice, the same. Raises NobodyPicked, ChoosingOver, TooManyPicked, PickGone.
    """
    picks = tuple(dict.fromkeys(pro_ids))
    if not picks:
        raise NobodyPicked
    lead, policy = lifecycle.lock(lead.pk), read(Leads)
    if policy.opt_in:
        offering.expire(lead, now=now)
    taken = seats_of(lead)
    if before := _sent_before(lead, picks, taken):
        return before
    if not is_open(lead, now=now):
        raise ChoosingOver
    situation = replace(_situation(lead, taken, picks=picks, now=now), offers=policy.opt_in)
    if len(picks) > len(situation.free):
        raise TooManyPicked
    contest = _hold(situation)
    names = dict(Pro.objects.filter(pk__in=picks).values_list("pk", "name"))
    won = {verdict.pro for verdict in contest.decided.verdicts if verdict.code in (MATCHED, OFFERED)}
    if gone := [names[pro] for pro in picks if pro not in won]:
        raise PickGone(pros=", ".join(gone))
    matches = matching.seat(situation, contest)
    words = consent.pick_words([names[pro] for pro in picks], lead)
    PickConsent.objects.create(consent=lead.consent, words=words, version=consent.VERSION, at=now, ip=ip, page=page[:200])
    fills = fill and policy.takes_requests and lead.way == Lead.Way.CHOOSE
    sql.update(lead, chosen_at=lead.chosen_at or now, choice_remind_at=None, automatch_from=now if fills else None)
    events.record("lead.chosen", lead.pk, now=now, test=lead.test, pros=list(picks), fill=fills, asked=policy.opt_in)
    asked = _ask(situation, contest, now=now) if policy.opt_in else []
    lifecycle.settle(lead, seats=len(taken) + len(matches), policy=policy, now=now)
    if fills and lead.state != Lead.State.CLOSED:
        sql.update(lead, due_at=now)
        ring(route, current().pk, lead.pk)
    return asked or matches


def _sent_before(lead, picks, taken) -> list[Match] | list[Offer] | None:
    """What these picks came to when they were sent before; None where they were not, or came by another request of the group."""
    found = []
    if set(picks) <= set(taken.held.values()):
        found = list(Offer.objects.filter(lead=lead, pro__in=picks, slot__isnull=False).order_by("slot"))
    elif set(picks) <= set(taken.values()):
        found = list(Match.objects.filter(lead=lead, pro__in=picks).order_by("slot"))
    return found if len(found) == len(picks) else None


def _ask(situation, contest, *, now) -> list[Offer]:
    """Hold a seat for each pick, in the order in which they were ticked."""
    states = {state.pro_id: state for state in contest.states}
    chosen = [states[pro] for pro in situation.picks]
    return picked.ask(situation.lead, chosen, situation.free, situation.terms, situation.quote.price, now=now)


def _situation(lead, taken, *, picks, now):
    policy = read(Leads)
    spent = picked.spent(lead) if policy.opt_in else frozenset()
    return matching.situate(lead, taken, lead_type=LeadType.CHOICE, policy=policy, now=now, picks=picks, asked=spent)


def _look(situation):
    """The pros this request can be sent to, the same at every look, and what became of each."""
    states = _within(situation)
    return states, decide(situation.request(), situation.candidates(states), seed=situation.seed)


def _within(situation):
    return narrow(situation.lead, seed=situation.lead.seed, window=read(Choice).most)[1]


def _hold(situation) -> matching.Contest:
    """Lock the picks by ascending id, and decide on what they are then. Of the others the decision keeps those who stand first: hundreds
    more would only make it long."""
    fresh = {state.pro_id: state for state in lock_waiting(situation.picks)}
    states = [fresh.get(state.pro_id, state) for state in _within(situation)]
    order = sorted(states, key=lambda state: draw(situation.lead.seed, state.pro_id, state.weight))
    states = [state for place, state in enumerate(order) if place < situation.policy.window or state.pro_id in situation.picks]
    candidates = situation.candidates(states)
    return matching.Contest(states, candidates, decide(situation.request(), candidates, seed=situation.seed))
