"""Personal offers: where pros opt in, a homeowner's pick asks that one pro, and holds a seat for it until it answers (RULES 2).

The pro accepts like any other offer (leads.offers); then it gets the details and is charged, and the match is a Choice Match. When it
declines or lets the time pass the seat is free again, and the homeowner may choose another. Everything here needs the lead's lock.
"""

from datetime import datetime, timedelta

from accounts.models import Pro
from core import sql
from core.ids import new_id
from core.policy import read
from leads import messages
from leads.models import LeadType, Offer
from leads.policy import OptIn

# What a pick cannot ask again: who answered, waits for the draw, or was asked by a pick before.
SPENT = (Offer.State.ACCEPTED, Offer.State.UNDONE, Offer.State.DECLINED, Offer.State.WAITING)


def spent(lead) -> frozenset:
    """The pros that cannot be picked for this lead (any more)."""
    offers = Offer.objects.filter(lead=lead).order_by()
    return frozenset(offers.filter(state__in=SPENT).union(offers.filter(lead_type=LeadType.CHOICE)).values_list("pro_id", flat=True))


def ask(lead, states, slots, terms, price: int, *, now: datetime) -> list[Offer]:
    """Make an offer of the locked lead to each pro of `states`, which holds one of `slots` for it. One that was offered it before like
    everybody is asked by the same row."""
    expires_at = min(now + timedelta(seconds=read(OptIn).pick_seconds), lead.closes_at)
    before = {offer.pro_id: offer for offer in Offer.objects.filter(lead=lead, pro__in=[state.pro_id for state in states])}
    asked, new = [], []
    for state, slot in zip(states, slots, strict=False):
        said = {
            "lead_type": LeadType.CHOICE,
            "slot": slot,
            "terms_id": terms.pk,
            "price": price,
            "estimate": lead.estimate,
            "at": now,
            "opens_at": now,
            "expires_at": expires_at,
        }
        if offer := before.get(state.pro_id):
            sql.update(offer, state=Offer.State.OPEN, round=offer.round + 1, decided_at=None, **said)
        else:
            offer = Offer(id=new_id(), lead=lead, pro_id=state.pro_id, tier=state.tier, test=lead.test, **said)
            new.append(offer)
        asked.append(offer)
    sql.insert(new)
    messages.offered(lead, asked, now=now)
    return asked


def turned_down(lead, offers, *, now: datetime) -> None:
    """The seats that these offers held are free again: the homeowner is told who cannot take the request, once each."""
    names = dict(Pro.objects.filter(pk__in=[offer.pro_id for offer in offers]).values_list("pk", "name"))
    for offer in offers:
        messages.pick_not_taken(lead, names[offer.pro_id], occurrence=offer.pk.hex, now=now)
