"""Test traffic is a dimension of its own (INVARIANTS 8)."""

from operations.prove.check import Check

CHECKS = (
    Check(
        name="traffic.apart",
        invariant=8,
        sentence="Test leads meet only test pros, and test pros only test leads.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id join accounts_pro p on p.id = m.pro_id
        where m.test <> l.test or m.test <> p.test
        """,
    ),
    Check(
        name="traffic.free",
        invariant=8,
        sentence="Test traffic charges nothing, and all other matches have a charge.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m left join billing_charge c on c.id = m.id
        where case when m.test then m.charge_id is not null or c.id is not null else m.charge_id is distinct from m.id or c.id is null end
        """,
    ),
    Check(
        name="traffic.silent",
        invariant=8,
        sentence="Messages of test traffic are marked as such and never sent.",
        of="from notifications_message where test",
        sql="""
        select g.id from notifications_message g where g.test and (g.state <> 'suppressed' or g.accepted_at is not null)
        union all
        select g.id from notifications_message g join leads_lead l on l.id::text = g.subject where l.test and not g.test
        union all
        select g.id from notifications_message g join leads_match m on m.id::text = g.subject where m.test and not g.test
        union all
        select g.id from notifications_message g join notifications_localdelivery d on d.message = g.id where g.test
        """,
    ),
)
