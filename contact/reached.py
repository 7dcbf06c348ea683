"""When homeowners were first reached, over many lines at once: what contact.clock.counts and CallSheet.is_two_way say of a call, in SQL.

Set-based because figures look at thousands of lines; tests/contact/test_reached.py holds it to the rules in Python.
"""

from contact.merging import FINAL
from contact.policy import Contact
from core.policy import read

# Of each line of a CTE `lines`(line_id, clock_from): the start of the first call that counts as a contact of the pro whenever it came
# (RULES 23), of the first of those from `clock_from` on, and of the first in which two people spoke. Lines without calls have no row. A
# call that failed through us starts when it was begun.
REACHED = """
select c.line_id,
  min(said.began_at) filter (where said.counts) as contacted_at,
  min(said.began_at) filter (where said.counts and said.began_at >= lines.clock_from) as contacted_since,
  min(said.began_at) filter (where
    said.answered and far.machine is not true
    and (said.talked >= %(talk_seconds)s or not said.final and c.closed_at is null)
  ) as spoke_at
from lines
join contact_call c on c.marketplace_id = %(marketplace)s and c.line_id = lines.line_id
left join lateral (
  select g.* from contact_leg g where g.marketplace_id = c.marketplace_id and g.call_id = c.id
    and g.side = case c.way when 'callback' then 'pro' else 'homeowner' end
  order by g.id limit 1
) far on true
left join lateral (
  select g.initiated_at from contact_leg g where c.way = 'callback' and g.marketplace_id = c.marketplace_id and g.call_id = c.id
    and g.side = 'homeowner'
  order by g.id limit 1
) back on true
cross join lateral (
  select
    coalesce(case c.way when 'callback' then back.initiated_at else far.initiated_at end, c.opened_at) as began_at,
    far.answered_at is not null or coalesce(far.status, '') = 'completed' as answered,
    coalesce(far.status, '') = any(%(final)s) as final,
    greatest(trunc(extract(epoch from greatest(far.alive_at, far.ended_at) - far.answered_at)), far.seconds, 0) as talked,
    greatest(trunc(extract(epoch from coalesce(far.answered_at, far.ended_at) - far.ringing_at)), 0) as rang
) leg
cross join lateral (
  select leg.*, leg.final and (far.ended_by = 'homeowner' or c.closed_at is not null and far.ended_by = '') as left_by_them
) told
cross join lateral (
  select told.*,
    c.fault
    or c.way = 'callback' and told.answered
    or c.way <> 'callback' and (
      far.status in ('busy', 'failed')
      or told.answered and (told.talked >= %(answered_seconds)s or told.left_by_them)
      or not told.answered and (told.rang >= %(ring_seconds)s or far.status = 'no-answer' and told.left_by_them)
    ) as counts
) said
group by c.line_id
"""


def parameters() -> dict:
    """What REACHED asks of the policy in force."""
    policy = read(Contact)
    return {
        "ring_seconds": policy.ring_seconds,
        "answered_seconds": policy.answered_seconds,
        "talk_seconds": policy.talk_seconds,
        "final": sorted(FINAL),
    }
