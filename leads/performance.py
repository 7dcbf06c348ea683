"""How a pro does with its leads, measured: one statement for every figure of some days, by lead type, service, and week (RULES 46).

How each figure counts a match of those days:

- Which seats are leads, and when each was contacted, says leads.response, for the profile that homeowners read too. A credited lead is
  only counted apart.
- Won and lost are what the pro says, of one that was archived what it said last. Whoever won has quoted.
- Money is that of the statement: every charge of those days, credited and undone ones too, whose price comes back among the credits.

A match belongs to the local day of the pro on which it was made.
"""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from billing.policy import Memberships
from catalog.models import Service
from contact import reached
from core import sql
from core.errors import NotAllowed, NotFound
from core.policy import read
from leads.figures import Figures
from leads.models import LeadType
from leads.policy import Analytics
from leads.response import CLOCK, STANDS, TIMED
from leads.spans import Column, Span

MEASURED = f"""
with seats as materialized (
  select m.lead_type, l.service_id, m.line_id,
    date_trunc(%(step)s, m.at at time zone %(zone)s)::date as since,
    stands, of_service, of_type, of_service and of_type as chosen, stands and of_service and of_type as counts,
    m.state = 'credited' as returned,
    m.progress = 'won' or m.progress = 'archived' and m.won_amount is not null as won,
    m.progress = 'lost' or m.progress = 'archived' and m.lost_reason <> '' as lost,
    m.progress = 'quoted' as quoted,
    m.won_amount, c.price, c.discounted, c.credited, {CLOCK}
  from leads_match m
  join leads_lead l on l.marketplace_id = m.marketplace_id and l.id = m.lead_id
  left join contact_line line on line.marketplace_id = m.marketplace_id and line.id = m.line_id
  left join billing_charge c on c.marketplace_id = m.marketplace_id and c.id = m.charge_id
  cross join lateral (
    select {STANDS} as stands,
      %(service)s::bigint is null or l.service_id = %(service)s as of_service,
      %(lead_type)s = '' or m.lead_type = %(lead_type)s as of_type
  ) asked
  where m.marketplace_id = %(marketplace)s and m.pro_id = %(pro)s and m.at >= %(since)s and m.at < %(until)s and not m.test
), {TIMED}
select grouping(since, lead_type, service_id), since, lead_type, service_id,
  count(*) filter (where stands and of_service), count(*) filter (where stands and of_type),
  count(*) filter (where counts), count(*) filter (where chosen and returned),
  count(*) filter (where counts and contacted_at is not null), count(*) filter (where counts and in_time),
  count(*) filter (where counts and spoke_at is not null), count(*) filter (where counts and (quoted or won)),
  count(*) filter (where counts and won), count(*) filter (where counts and lost), count(*) filter (where counts and won and in_time),
  count(seconds) filter (where counts), percentile_cont(0.5) within group (order by seconds) filter (where counts),
  coalesce(sum(won_amount) filter (where counts and won), 0)::bigint, coalesce(sum(price) filter (where chosen), 0)::bigint,
  coalesce(sum(discounted) filter (where chosen), 0)::bigint, coalesce(sum(credited) filter (where chosen), 0)::bigint
from timed group by grouping sets ((), (since), (lead_type), (service_id))
"""
# After the grouping and the two counts beside the filters the columns are in the order of Figures' fields.
ALL, BY_COLUMN, BY_TYPE, BY_SERVICE = 0b111, 0b011, 0b101, 0b110  # what is not grouped by has its bit set


class NotIncluded(NotAllowed):
    """The pro's tier does not include analytics (RULES 2)."""

    code = "analytics_not_included"
    sentence = _("Analytics is part of a membership.")


@dataclass(frozen=True)
class Part:
    """The figures of one lead type or service. `leads` counts what it would show if it were chosen, beside the other filter."""

    code: str
    name: str
    leads: int
    figures: Figures


@dataclass(frozen=True)
class Performance:
    """The figures of the chosen leads in all, of every lead type, of each service that has some, and of each week or month."""

    all: Figures
    types: list[Part]
    services: list[Part]
    columns: list[tuple[Column, Figures]]


class _Group(NamedTuple):
    """One row of the statement: how many leads there would be without the filter by type, and by service, and the figures."""

    of_service: int
    of_type: int
    figures: Figures


def included(state) -> bool:
    """Whether the tier of a pro (its ProState) includes analytics, as the policy says (RULES 2)."""
    return read(Memberships).has_analytics(state.tier)


def require(state) -> None:
    """NotIncluded unless it does."""
    if not included(state):
        raise NotIncluded


def service_called(code: str) -> Service:
    """The service with this code, asked for or not any more. Raises NotFound."""
    service = Service.objects.filter(code=code).first()
    if service is None:
        raise NotFound
    return service


def performance_of(pro, span: Span, *, today: date, service: Service | None = None, lead_type: str = "") -> Performance:
    """How `pro` did in the days of `span`, of one service or lead type if said. `today` is the pro's local date. Two queries."""
    policy = read(Analytics)
    bounds = (policy.very_few, policy.few)
    found = {ALL: {}, BY_COLUMN: {}, BY_TYPE: {}, BY_SERVICE: {}}
    for kind, since, type_, service_id, with_service, with_type, *counted in sql.rows(
        MEASURED,
        pro=pro.pk,
        since=span.since,
        until=span.until,
        step=span.step,
        zone=span.zone,
        service=service.pk if service else None,
        lead_type=lead_type,
        **reached.parameters(),
    ):
        group = _Group(with_service, with_type, Figures(bounds, *counted))
        found[kind][{BY_COLUMN: since, BY_TYPE: type_, BY_SERVICE: service_id}.get(kind)] = group
    none = _Group(0, 0, Figures(bounds))
    services = Service.objects.filter(pk__in=[*found[BY_SERVICE], *([service.pk] if service else [])]).order_by("name", "pk")
    of_type, of_service, of_column = found[BY_TYPE], found[BY_SERVICE], found[BY_COLUMN]
    return Performance(
        all=found[ALL].get(None, none).figures,
        types=[Part(kind.value, kind.label, (group := of_type.get(kind, none)).of_service, group.figures) for kind in LeadType],
        services=[Part(each.code, each.name, (group := of_service.get(each.pk, none)).of_type, group.figures) for each in services],
        columns=[(column, of_column.get(column.key, none).figures) for column in span.columns(today=today)],
    )
