"""Memberships: the tier in force, and what was charged for it (INVARIANTS 3, 10, 15, 17)."""

from operations.prove.check import Check
from operations.prove.time import LATE

CHECKS = (
    Check(
        name="membership.tier",
        invariant=3,
        sentence="The tier that matching reads of a pro is that of its membership in force; none without.",
        of="from accounts_prostate",
        live=True,  # a replay gives tiers without selling them
        sql="""
        select s.pro_id from accounts_prostate s left join billing_membership m on m.pro_id = s.pro_id and m.state = 'active'
        where s.tier <> coalesce(m.tier, 0)
        """,
    ),
    Check(
        name="membership.charged",
        invariant=10,
        sentence="Every month of a membership was charged once, and every charge was posted once with its amount.",
        of="from billing_membershipcharge",
        sql="""
        select m.id from billing_membership m left join billing_membershipcharge c on c.membership_id = m.id
        group by m.id having count(distinct c.number) <> m.period or min(c.number) <> 1 or max(c.number) <> m.period
        union all
        select c.id from billing_membershipcharge c
        left join billing_transfer t on t.reference = concat_ws(':', 'membership', c.membership_id, c.number, c.tier)
        left join billing_ledgeraccount a on a.id = t.debit_id
        group by c.id having case when c.amount > 0 then count(t.id) <> 1 or min(t.amount) <> c.amount or min(a.pro_id) <> c.pro_id
          else count(t.id) > 0 end
        union all
        select t.id from billing_transfer t
        left join billing_membershipcharge c on t.reference = concat_ws(':', 'membership', c.membership_id, c.number, c.tier)
        where starts_with(t.reference, 'membership:') and c.id is null
        """,
    ),
    Check(
        name="membership.months",
        invariant=15,
        sentence="The months of a membership follow one another without a gap, and none ends before it was paid for.",
        of="from billing_membership",
        sql="""
        with month as (
          select membership_id, number, min(from_at) as begins, max(until_at) as ends from billing_membershipcharge group by 1, 2
        ), told as (select *, lag(ends) over (partition by membership_id order by number) as before from month)
        select m.id from billing_membership m join told t on t.membership_id = m.id
        where t.begins <> coalesce(t.before, m.since) or t.number = m.period and (t.begins, t.ends) <> (m.period_start, m.period_end)
          or m.ended_at <> m.period_end
        """,
    ),
    Check(
        name="membership.cancelled",
        invariant=10,
        sentence="No month was begun that had been cancelled.",
        of="from billing_membershipcharge where number > 1",
        sql="""
        select c.id from billing_membershipcharge c cross join lateral (
          select e.data from core_event e where e.subject = 'membership:' || replace(c.membership_id::text, '-', '')
            and e.kind in ('membership.bought', 'membership.given', 'membership.changed', 'membership.cancelled')
            and (e.data ->> 'month')::int < c.number
          order by e.at desc, e.id desc limit 1
        ) as decided where (decided.data ->> 'then')::int < c.tier and not exists (
          select from billing_membershipcharge b where b.membership_id = c.membership_id and b.number = c.number and b.tier < c.tier
        )
        """,
    ),
    Check(
        name="membership.due",
        invariant=17,
        sentence="No membership has been due for more than 120 seconds (is a worker running?).",
        of="from billing_membership where due_at is not null",
        sql=f"select id from billing_membership where due_at < %(now)s - {LATE}",
        live=True,
    ),
)
