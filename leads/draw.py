"""The draw: seats go to those who accepted in time by what all their draws owe them, equals by a seeded hash (RULES 15; ADR 11).

Who accepts before `Lead.draws_at` waits, and its fee is reserved. At the draw, once a lead, everybody who waits is judged as it is then;
who is drawn is charged, the others have their money free again and are told why. Who gets the seats is decided like everywhere
(leads.decision); matching.draw writes it. What is here does the rest.

Lock order: lead -> offers by ascending id -> pro_state by ascending pro.
"""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from billing import reservation
from core import events, sql
from core.policy import read
from leads import messages
from leads.decision import RANKED_LOWER, Candidate
from leads.models import Lead, Offer
from leads.policy import OptIn
from leads.why_not import FACTS

COUNT = """
update accounts_prostate s set draw_entitled = s.draw_entitled + drawn.share, draw_won = s.draw_won + drawn.won
from unnest(%(pros)s::bigint[], %(shares)s::bigint[], %(won)s::int[]) as drawn(pro_id, share, won)
where s.marketplace_id = %(marketplace)s and s.pro_id = drawn.pro_id
"""


def instant(lead, *, open_to_all_at: datetime, policy: OptIn) -> datetime | None:
    """When the seats of a lead are drawn that everybody may accept from `open_to_all_at` on; None where the first to accept has them, or
    the lead would have closed by then."""
    at = open_to_all_at + timedelta(seconds=policy.draw_seconds)
    return at if policy.allocation == "draw" and at < lead.closes_at else None


def is_to_come(lead) -> bool:
    """Whether seats of this lead will be drawn."""
    return lead.draws_at is not None and lead.drawn_at is None


def due(lead) -> list[datetime]:
    """When the lead has to be looked at for the sake of its draw."""
    return [lead.draws_at] if is_to_come(lead) else []


def is_due(lead, *, now: datetime) -> bool:
    return is_to_come(lead) and lead.draws_at <= now < lead.closes_at


def enters(offer: Offer, lead, taken: int, *, policy, now: datetime) -> bool:
    """Whether an accept enters the draw: it comes before the draw, and is none of the few that are sold before all may accept. `taken` of
    the seats are; `policy` is leads.policy.OptIn."""
    if offer.slot or not is_to_come(lead) or now >= lead.draws_at:
        return False
    return now >= lead.open_to_all_at or taken >= policy.early_seats


def enter(offer: Offer, *, quote, terms, now: datetime) -> None:
    """The pro of this offer waits for the draw. It agreed to the price of `quote`, which is reserved. The lead, the offer and the pro
    are locked, and the pro was judged to have the money; raises WalletTooLow otherwise."""
    cents = 0 if offer.test else quote.price
    if cents:
        reservation.reserve(offer.pro_id, cents)
    sql.update(
        offer,
        state=Offer.State.WAITING,
        decided_at=now,
        price=quote.price,
        terms_id=terms.pk,
        estimate=offer.lead.estimate,
        reserved=cents,
    )


def leave(offer: Offer) -> None:
    """The pro of this waiting, locked offer waits no more; until the draw it may accept again."""
    reservation.release({offer.pro_id: offer.reserved})
    sql.update(offer, state=Offer.State.OPEN, decided_at=None, reserved=0)


def entrants(lead) -> list[Offer]:
    """The offers that wait for the draw, locked."""
    waiting = Offer.objects.filter(lead=lead, state=Offer.State.WAITING).select_related("terms").order_by("pk")
    return list(waiting.select_for_update(no_key=True, of=("self",)))


def free(offers) -> None:
    """What these waiting offers reserved is free again. Locks their pros by ascending id."""
    reservation.release({offer.pro_id: offer.reserved for offer in offers})


def as_entrants(candidates: list[Candidate], states, offers, serving: set[int]) -> list[Candidate]:
    """The candidates as the draw sees them: what they are owed is counted over their draws, each agreed to the price of its offer, and
    some may no longer be `serving` the place."""
    by_pro, shown = {state.pro_id: state for state in states}, {offer.pro_id: offer.price for offer in offers}
    return [
        one._replace(
            entitled=by_pro[one.pro].draw_entitled,
            received=by_pro[one.pro].draw_won,
            serves=one.pro in serving,
            shown=shown[one.pro],
        )
        for one in candidates
    ]


def conclude(lead: Lead, offers: list[Offer], decided, matches, *, now: datetime) -> None:
    """Write down what the draw made of the offers: accepted, taken by others, or expired where a rule failed. It counts in what later
    draws owe; everybody without a seat is told why."""
    seats = {match.pro_id for match in matches}
    verdicts = {verdict.pro: verdict for verdict in decided.verdicts}
    others = [offer for offer in offers if offer.pro_id not in seats]
    lower = [offer.pk for offer in others if verdicts[offer.pro_id].code == RANKED_LOWER]
    failed = [offer.pk for offer in others if verdicts[offer.pro_id].code != RANKED_LOWER]
    _accepted([offer.pk for offer in offers if offer.pro_id in seats], matches, lead, now=now)
    Offer.objects.filter(pk__in=lower).update(state=Offer.State.TAKEN, decided_at=now, reserved=0)
    Offer.objects.filter(pk__in=failed).update(state=Offer.State.EXPIRED, decided_at=now, reserved=0)
    if not lead.test:
        pros = list(decided.eligible)
        sql.run(COUNT, pros=pros, shares=list(decided.share), won=[int(pro in seats) for pro in pros])
    sql.update(lead, drawn_at=now)
    events.record("lead.drawn", lead.pk, now=now, test=lead.test, entrants=len(offers), pros=list(seats))
    why = {offer.pk: _why(verdicts[offer.pro_id], len(decided.eligible), len(matches)) for offer in others}
    messages.not_drawn(lead, others, why, now=now)


def _accepted(ids, matches, lead, *, now):
    """The offers of those who were drawn. All were sold at one price."""
    if not matches:
        return
    one = matches[0]
    Offer.objects.filter(pk__in=ids).update(
        state=Offer.State.ACCEPTED,
        decided_at=now,
        undo_until=min(now + timedelta(seconds=read(OptIn).undo_seconds), lead.closes_at),
        price=one.price,
        terms=one.terms_id,
        estimate=one.estimate,
        reserved=0,
    )


def why_none(state) -> str:
    """Why there was no draw, where the lead ended and left its offers in this state."""
    if state == Offer.State.TAKEN:
        return _("All seats were taken before the draw.")
    if state == Offer.State.WITHDRAWN:
        return _("The homeowner withdrew the request.")
    return _("The request was closed before the draw.")


def _why(verdict, entrants, seats) -> str:
    """Why there is no seat, as the pro reads it. Of the others it learns how many there were."""
    if verdict.code != RANKED_LOWER:
        return FACTS[verdict.code](verdict.have, verdict.need)
    if not seats:
        return why_none(Offer.State.TAKEN)
    return _("%(n)s pros were in the draw for %(seats)s free seats, and others were drawn.") % {"n": entrants, "seats": seats}
