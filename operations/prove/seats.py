"""What several checks read: two temporary tables, gone at the end of the transaction.

proved_seat   each sold seat with what was frozen of its pro when it was decided, and what the seats before it add up to
proved_share  what the kept decisions of AutoMatch entitled each pro to, in millionths of a seat

The order of a pro's seats is that of `rev`: every seat was decided on one state of the pro and made the next. A window never
goes back (accounts.windows.counters), so a seat counts in the latest day, week and period any seat up to it has reached.
"""

from django.db import connection

from leads.decision import CANDIDATE_FIELDS

PRO = CANDIDATE_FIELDS.index("pro")


def _frozen(name: str, kind: str = "bigint") -> str:
    """The SQL of one frozen input of a candidate."""
    return f"(frozen.inputs ->> {CANDIDATE_FIELDS.index(name)})::{kind} as {name}"


SEATS = f"""
create temporary table proved_seat on commit drop as
with frozen as (
  select d.id as decision_id, inputs, (inputs ->> {PRO})::bigint as pro_id
  from leads_decision d cross join jsonb_array_elements(d.candidates) as candidate(inputs)
  where d.winners <> '{{}}' and (inputs ->> {PRO})::bigint = any(d.winners)
), seat as (
  select m.id, m.pro_id, m.at, m.price, m.lead_type, c.period as charged_period, c.discounted + c.credited as taken_back,
    (m.at at time zone s.zone)::date as local_day, s.anchor,
    {_frozen("rev")}, {_frozen("day_count")}, {_frozen("day_cap")}, {_frozen("week_count")}, {_frozen("week_cap")},
    {_frozen("spent")}, {_frozen("budget")}
  from leads_match m
  join accounts_prostate s on s.pro_id = m.pro_id
  join frozen on frozen.decision_id = m.decision_id and frozen.pro_id = m.pro_id
  left join billing_charge c on c.id = m.id
  where not m.test
), placed as (
  select seat.*, max(local_day) over so_far as day, max(date_trunc('week', local_day::timestamp)::date) over so_far as week,
    max(floor((local_day - anchor)::numeric / %(period_days)s)::int) over so_far as period
  from seat window so_far as (partition by pro_id order by rev, id)
)
select placed.*,
  row_number() over (partition by pro_id, day order by rev, id) - 1 as day_before,
  row_number() over (partition by pro_id, week order by rev, id) - 1 as week_before,
  coalesce(sum(price) over earlier, 0) as spent_before,
  coalesce(sum(price - taken_back) over earlier, 0) as kept_before
from placed window earlier as (partition by pro_id, period order by rev, id rows between unbounded preceding and 1 preceding)
"""

SHARES = """
create temporary table proved_share on commit drop as
select part.pro_id, sum(part.share)::bigint as entitled, coalesce(sum(part.share) filter (where d.folded), 0)::bigint as folded
from leads_decision d join leads_lead l on l.id = d.lead_id and not l.test and d.request ->> 'lead_type' = 'automatch'
cross join unnest(d.eligible, d.share) as part(pro_id, share)
group by part.pro_id
"""


def lay_out(facts: dict) -> None:
    """Make both tables for the marketplace in force."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.proved_seat, pg_temp.proved_share")
        cursor.execute(SEATS, facts)
        cursor.execute(SHARES)
        cursor.execute("analyze pg_temp.proved_seat, pg_temp.proved_share")
