"""Whether leads reach a pro right now, and if not, why: the rules of the decision, asked for the cheapest lead it could get."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from accounts.models import ProArea, ProService
from billing import terms as terms_of
from billing.pricing import NoPrice, quote
from core.policy import read
from core.tenancy import current_id
from leads.candidates import as_candidates
from leads.decision import Request, first_failure, instant
from leads.models import LeadType
from leads.policy import Leads

ON = "on"
OFFERED = "offered"
NO_SERVICES = "no_services"
NO_AREA = "no_area"

COVERED = """
select coalesce(sum(bit_count(ground.mask::bit(64))), 0) from (
  select bit_or(mask) as mask from accounts_proarea where marketplace_id = %s and pro_id = %s group by cell
) ground
"""


@dataclass(frozen=True)
class Standing:
    """`code` is "on", "offered" where leads are offered and not matched, or the first thing that keeps leads away: no_services, no_area, or
    a code of the decision's rules with the two values compared. `cheapest` is the price in cents of the cheapest lead the pro could get."""

    code: str
    have: object = None
    need: object = None
    cheapest: int | None = None

    @property
    def is_on(self) -> bool:
        return self.code in (ON, OFFERED)


def standing(state, *, now: datetime) -> Standing:
    """How the pro of `state` (its ProState) stands at `now`: for AutoMatch, or for offers where there is none. Three queries at most."""
    automatch = read(Leads).automatch
    lead_type = LeadType.AUTOMATCH if automatch else LeadType.OPT_IN
    services = set(ProArea.objects.filter(pro=state.pro_id).values_list("service__code", flat=True).distinct())
    if not services:
        return Standing(NO_AREA if ProService.objects.filter(pro=state.pro_id).exists() else NO_SERVICES)
    smallest = state.job_min or 0
    cheapest = cheapest_lead(terms_of.in_force(now), services, smallest)
    price = (cheapest or 0) if automatch else max(1, cheapest or 0)  # with nothing to pay from, no offer comes
    request = Request(at=instant(now), lead_type=lead_type, seats=1, estimate=smallest, price=price, test=state.test)
    candidate = as_candidates([state], lead_type=lead_type, own=set(), in_group=set(), now=now)[0]
    failed = first_failure(request, candidate)
    if failed is None:
        return Standing(ON if automatch else OFFERED, cheapest=cheapest)
    return Standing(failed.code, failed.have, failed.need, cheapest)


def cheapest_lead(terms, services, estimate: int) -> int | None:
    """The lowest price among `services` (codes) for a job of `estimate` cents; None when none of them has a price."""
    prices = []
    for service in services:
        try:
            prices.append(quote(terms, service, estimate).price)
        except NoPrice:
            continue
    return min(prices, default=None)


def zips_covered(pro) -> int:
    """How many ZIP codes the pro covers for at least one service."""
    with connection.cursor() as cursor:
        cursor.execute(COVERED, [current_id(), pro.pk])
        return int(cursor.fetchone()[0])
