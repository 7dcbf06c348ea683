"""What a replay counts and prints."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, F, Sum

from accounts.models import ProState
from billing.models import Charge
from contact.models import Call, Leg, Side
from core import sql
from credits.models import CreditRequest, Ruling
from leads.decision import SEAT
from leads.models import Decision, Lead, Match, Offer
from notifications.models import Message

ENOUGH = 20  # seats a pro must be entitled to before a ratio says anything


@dataclass
class Tally:
    """Counted while the replay runs. `true_share` is what each pro would be entitled to over all eligible pros of each lead."""

    rows: int = 0
    with_zip: int = 0
    accepted: int = 0
    linked: int = 0
    repeats: int = 0
    refused: Counter = field(default_factory=Counter)
    true_share: defaultdict = field(default_factory=lambda: defaultdict(int))
    seconds: float = 0.0

    def report(self) -> dict:
        """Everything a replay prints, as JSON can hold it. Call it in the marketplace's scope."""
        own = Lead.objects.filter(test=False)
        return {
            "rows": self.rows,
            "rows with a ZIP": self.with_zip,
            "accepted": self.accepted,
            "linked duplicates": self.linked,
            "repeats": self.repeats,
            "refused": dict(self.refused.most_common()),
            "became something": share(self.accepted + self.linked + self.repeats, self.with_zip),
            "leads": own.count(),
            "seats filled": seats_filled(),
            "outcomes": {row["outcome"] or "open": row["n"] for row in own.values("outcome").annotate(n=Count("id"))},
            "messages": {row["state"]: row["n"] for row in Message.objects.order_by().values("state").annotate(n=Count("id"))},
            "charged cents": Charge.objects.aggregate(total=Sum("price"))["total"] or 0,
            "fairness": fairness(self.true_share),
        } | _of_opting_in_and_calls() | {"seconds": round(self.seconds, 1)}  # fmt: skip


def _of_opting_in_and_calls() -> dict:
    return (opted_in() if Offer.objects.exists() else {}) | (contact() if Call.objects.exists() else {})


def seats_filled() -> dict:
    """How many leads with a group of their own fill 0 to 4 seats (over the group), and the share that fill four."""
    taken = dict(Match.objects.filter(slot__isnull=False, test=False).order_by().values_list("group_id").annotate(n=Count("id")))
    groups = Lead.objects.filter(test=False, group_id=F("pk")).values_list("pk", flat=True)
    counted = Counter(taken.get(group, 0) for group in groups)
    return {str(seats): counted[seats] for seats in range(5)} | {"four": share(counted[4], sum(counted.values()))}


def fairness(true_share) -> dict:
    """Received against entitled (RULES 13): `off by` in seats, ratios where at least 20 seats were due. Counts what is not yet folded."""
    owed = dict(ProState.objects.filter(test=False).values_list("pro_id", "entitled"))
    received = dict(ProState.objects.filter(test=False).values_list("pro_id", "received"))
    for eligible, parts in Decision.objects.filter(folded=False).values_list("eligible", "share"):
        for pro, part in zip(eligible, parts, strict=True):
            owed[pro] += part
    off = sorted(abs(received[pro] - owed[pro] / SEAT) for pro in owed)
    ratios = sorted(received[pro] * SEAT / owed[pro] for pro in owed if owed[pro] >= ENOUGH * SEAT)
    true = sorted(received[pro] * SEAT / due for pro, due in true_share.items() if due >= ENOUGH * SEAT)
    return {
        "pros": len(off),
        "pros with a seat": sum(1 for seats in received.values() if seats),
        "off by at most 1": share(sum(1 for value in off if value <= 1), len(off)),
        "off by at most": round(off[-1], 3) if off else 0,
        "received/entitled": spread(ratios),
        "received/true share": spread(true),
    }


BY_TIER = """
select o.tier, count(*), count(*) filter (where o.state = 'accepted'), count(*) filter (where o.state = 'undone'),
  count(*) filter (where o.state = 'declined'), count(distinct o.pro_id), coalesce(sum(m.price) filter (where m.slot is not null), 0),
  percentile_cont(0.5) within group (order by extract(epoch from m.at - l.offered_at)) filter (where m.slot is not null)
from leads_offer o join leads_lead l on l.id = o.lead_id
left join leads_match m on m.marketplace_id = o.marketplace_id and m.lead_id = o.lead_id and m.pro_id = o.pro_id
where o.marketplace_id = %(marketplace)s and not o.test group by o.tier order by o.tier
"""


def opted_in() -> dict:
    """What came of the offers, by the tier a pro had when it was offered; how soon after the first release a seat was sold."""
    tiers = {
        f"tier {tier}": {
            "pros": pros,
            "offers": offers,
            "seats": share(seats, offers),
            "undone": undone,
            "declined": declined,
            "charged cents": int(cents),
            "median seconds to the seat": round(median) if median is not None else None,
        }
        for tier, offers, seats, undone, declined, pros, cents, median in sql.rows(BY_TIER)
    }
    drawn = Lead.objects.filter(test=False, drawn_at__isnull=False).count()
    return {"offers": tiers, "leads drawn": drawn}


CONTACTED = """
select count(distinct m.id) from leads_match m join contact_call c on c.line_id = m.id join contact_leg g on g.call_id = c.id
where m.marketplace_id = %(marketplace)s and g.side = 'homeowner' and c.way <> 'callback' and g.initiated_at <= m.at + interval '30 minutes'
"""


def contact() -> dict:
    """What came of the calls (RULES 22-24, 36-40). A claim is a request that somebody made; code also gives back what nobody asked for."""
    matches = Match.objects.filter(test=False).count()
    [[contacted]] = sql.rows(CONTACTED)
    claims = CreditRequest.objects.filter(filed_by__startswith="member:")
    by_code = Ruling.objects.filter(verdict="grant", by=None)
    at_once = by_code.filter(request__in=claims, at=F("request__received_at")).count()
    dead = Leg.objects.filter(side=Side.HOMEOWNER, status="failed", code=404)
    money = Charge.objects.aggregate(discounted=Sum("discounted"), credited=Sum("credited"))
    return {
        "matches": matches,
        "calls": Call.objects.filter(line__isnull=False).count(),
        "discounts": share(Charge.objects.exclude(discounted=0).count(), matches),
        "called within 30 minutes": share(contacted, matches),
        "dead numbers": dead.values("call__line__homeowner").distinct().count(),
        "claims": claims.count(),
        "granted by code at once": share(at_once, claims.count()),
        "granted by code": {row["rule"]: row["n"] for row in by_code.order_by().values("rule").annotate(n=Count("id"))},
        "sent to review": share(claims.count() - at_once, claims.count()),
        "still in review": claims.filter(state__in=CreditRequest.UNDECIDED).count(),
        "discounted cents": money["discounted"] or 0,
        "credited cents": money["credited"] or 0,
    }


def spread(ratios) -> dict:
    """Least, 5th, 50th and 95th percentile and greatest of sorted ratios, with their number."""
    if not ratios:
        return {"pros": 0}
    at = {"least": 0, "p5": 0.05, "median": 0.5, "p95": 0.95, "greatest": 1}
    return {"pros": len(ratios)} | {name: round(ratios[round(part * (len(ratios) - 1))], 3) for name, part in at.items()}


def share(part: int, whole: int) -> str:
    """ "97.3% (of 5000)": a figure never stands without its base."""
    return f"{100 * part / whole:.2f}% of {whole}" if whole else "none"
