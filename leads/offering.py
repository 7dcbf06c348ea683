"""The offers of a lead: released to everybody who is qualified, offered again, expired, ended (RULES 15, 18). What a pro answers to
one is leads.offers.

Lock order: lead -> offers by ascending id -> pro_state. An offer is released, accepted and undone under the lock of its lead; the sweep
takes no lead and skips what somebody holds.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q

from accounts.seat_counters import lock_waiting
from core import events, sql
from core.ids import new_id
from core.policy import read
from leads import draw, messages, picked
from leads.models import Lead, LeadType, Match, Offer
from leads.policy import Leads, OptIn
from notifications import outbox

ASKING = (Offer.State.OPEN, Offer.State.WAITING)
LIMIT = 5_000  # offers a sweep expires in one transaction

AGAIN = """
update leads_offer set state = 'open', round = round + 1, at = %(now)s, opens_at = %(now)s, expires_at = %(expires)s,
  terms_id = %(terms)s, price = %(price)s, estimate = %(estimate)s, decided_at = null
where marketplace_id = %(marketplace)s and lead_id = %(lead)s and pro_id = any(%(pros)s) and state in ('expired', 'taken')
"""

EXPIRE = """
with due as materialized (
  select id from leads_offer where marketplace_id = %(marketplace)s and state = 'open' and slot is null and expires_at <= %(now)s
  order by expires_at limit %(limit)s for no key update skip locked
)
update leads_offer o set state = 'expired', decided_at = o.expires_at
from due where o.marketplace_id = %(marketplace)s and o.id = due.id
"""

UNDOABLE = """
select max(o.undo_until) from leads_match m
join leads_offer o on o.marketplace_id = m.marketplace_id and o.lead_id = m.lead_id and o.pro_id = m.pro_id
where m.marketplace_id = %(marketplace)s and m.group_id = %(group)s and m.state = 'live' and m.opened_at is null
  and o.state = 'accepted' and o.undo_until > %(now)s
"""


def release(lead, states, terms, price: int, *, now: datetime) -> list[Offer]:
    """Offer the locked lead to the pros of `states` at `price` under `terms`. The pros of a tier may accept, and are told, at the same
    instant: its delay after the lead was first offered, or now if that is over (RULES 15).

    From `lead.open_to_all_at`, the latest instant of the first release, everybody who was qualified then may accept; `lead.draws_at` is
    set then too. One INSERT, one UPDATE for those who are asked again, one promise of notices, however many pros.
    """
    if not states:
        return []
    policy, opens = read(OptIn), opening(lead, now=now)
    before = set(Offer.objects.filter(lead=lead).order_by().values_list("pro_id", flat=True))
    offers = []
    for state in states:
        opens_at = opens(state)
        if state.pro_id not in before and opens_at < lead.closes_at:
            offers.append(
                Offer(
                    id=new_id(),
                    lead=lead,
                    pro_id=state.pro_id,
                    tier=state.tier,
                    terms=terms,
                    price=price,
                    estimate=lead.estimate,
                    at=now,
                    opens_at=opens_at,
                    expires_at=_expiry(lead, opens_at, policy),
                    test=lead.test,
                )
            )
    sql.insert(offers)
    known = [state.pro_id for state in states if state.pro_id in before]
    if known and _again(lead, known, terms, price, policy, now=now):
        offers += Offer.objects.filter(lead=lead, pro__in=known, state=Offer.State.OPEN, at=now)
    if not offers:
        return []
    if not lead.offered_at:
        to_all = max(offer.opens_at for offer in offers)
        sql.update(lead, offered_at=now, open_to_all_at=to_all, draws_at=draw.instant(lead, open_to_all_at=to_all, policy=policy))
    events.record("lead.offered", lead.pk, now=now, test=lead.test, pros=len(offers))
    messages.offered(lead, offers, now=now)
    return offers


def opening(lead, *, now: datetime) -> Callable:
    """When the pro of a state may accept an offer of `lead` that is released now: its tier's delay after the first release."""
    policy, begun = read(OptIn), lead.offered_at or now
    return lambda state: max(now, begun + timedelta(seconds=policy.delay(state.tier)))


def _again(lead, pros, terms, price, policy, *, now) -> int:
    return sql.run(
        AGAIN,
        lead=lead.pk,
        pros=pros,
        terms=terms.pk,
        price=price,
        estimate=lead.estimate,
        now=now,
        expires=_expiry(lead, now, policy),
    )


def _expiry(lead, opens_at, policy):
    return min(opens_at + timedelta(seconds=policy.offer_seconds), lead.closes_at)


def was_offered(lead) -> bool:
    """Whether there may be offers of this lead, to everybody or to those who were picked."""
    return bool(lead.offered_at or (lead.chosen_at and read(Leads).opt_in))


def terms_of(lead):
    """The terms under which the lead was offered first, as long as the job is worth the same; None otherwise."""
    first = Offer.objects.filter(lead=lead, estimate=lead.estimate).select_related("terms").order_by("at", "pk").first()
    return first.terms if first else None


def asked(lead) -> frozenset:
    """The pros who are not asked again: those who may still answer, have answered, let it expire once too often, or were asked by the
    homeowner's pick. Who came too late, or was not drawn, is asked again should a seat become free."""
    again = Q(lead_type=LeadType.OPT_IN) & (Q(state=Offer.State.EXPIRED, round__lte=read(OptIn).again) | Q(state=Offer.State.TAKEN))
    return frozenset(Offer.objects.filter(~again, lead=lead).order_by().values_list("pro_id", flat=True))


def declined(lead) -> frozenset:
    """The pros who said no to an offer of this lead."""
    if not was_offered(lead):
        return frozenset()
    return frozenset(Offer.objects.filter(lead=lead, state=Offer.State.DECLINED).order_by().values_list("pro_id", flat=True))


def expire(lead, *, now: datetime) -> int:
    """What nobody answered in time has expired, and the seats that were held by picks are free. The lead is locked."""
    due = Offer.objects.filter(lead=lead, state=Offer.State.OPEN, expires_at__lte=now)
    holding = list(due.exclude(slot=None)) if lead.chosen_at else []
    expired = due.update(state=Offer.State.EXPIRED, decided_at=F("expires_at"), slot=None)
    if holding and now < lead.closes_at:
        picked.turned_down(lead, holding, now=now)
    return expired


def expire_due(*, now: datetime) -> int:
    """The same for all leads, in one statement: of those that nobody looks at any more, too. Where a seat is held, the look at its lead
    does it, which is due then."""
    return sql.run(EXPIRE, now=now, limit=LIMIT)


def due(lead, *, policy) -> list[datetime]:
    """When the lead has to be looked at for the sake of its offers: when the first of them expires. `policy` is leads.policy.Leads."""
    if not policy.opt_in:
        return []
    first = Offer.objects.filter(lead=lead, state=Offer.State.OPEN).aggregate(at=Min("expires_at"))["at"]
    return [first] if first else []


def undoable_until(lead, *, now: datetime) -> datetime | None:
    """Until when a seat of this lead's group may be given back by an undone accept: as long, the lead is not over. None when none may."""
    return sql.rows(UNDOABLE, group=lead.group_id, now=now)[0][0]


def why_unfilled(lead) -> str:
    """Why a lead that was offered ends with free seats."""
    answers = answers_to(lead)
    if answers.get(Offer.State.ACCEPTED):
        return "no_more_accepted"
    return "all_declined" if set(answers) == {Offer.State.DECLINED} else "nobody_accepted"


def end(lead, *, now: datetime) -> dict:
    """The lead is closed: nobody may accept any more, and nobody is told of it who was not yet. Returns what became of its offers, for
    the record."""
    if ended := shut(lead, now=now):
        outbox.cancel(subjects=ended, kinds=("new_offer",), reason="closed", now=now)
    reasons = Offer.objects.filter(lead=lead, state=Offer.State.DECLINED).order_by().values_list("reason").annotate(Count("pk"))
    return {"offers": answers_to(lead), "declined": dict(reasons)}


def shut(lead, *, now: datetime) -> list:
    """Close what is still open of the offers, by the outcome of the lead; who waits for the draw is told. Returns their ids."""
    state = {Lead.Outcome.FILLED: Offer.State.TAKEN, Lead.Outcome.WITHDRAWN: Offer.State.WITHDRAWN}.get(lead.outcome, Offer.State.EXPIRED)
    asking = list(Offer.objects.filter(lead=lead, state__in=ASKING).order_by("pk").select_for_update(no_key=True))
    ended = [offer.pk for offer in asking]
    if waiting := [offer for offer in asking if offer.state == Offer.State.WAITING]:
        # Whoever stops the lead goes on to the pros that have a seat: all of both are locked in one order.
        lock_waiting({offer.pro_id for offer in waiting} | set(Match.objects.filter(lead=lead).order_by().values_list("pro_id", flat=True)))
        draw.free(waiting)
        messages.not_drawn(lead, waiting, dict.fromkeys((offer.pk for offer in waiting), draw.why_none(state)), now=now)
    Offer.objects.filter(pk__in=ended).update(state=state, decided_at=now, reserved=0, slot=None)
    return ended


def answers_to(lead) -> dict:
    """{state: how many} of the lead's offers."""
    return dict(Offer.objects.filter(lead=lead).order_by().values_list("state").annotate(Count("pk")))
