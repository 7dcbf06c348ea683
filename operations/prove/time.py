"""Deadlines, final states and due rows (INVARIANTS 4, 15, 17)."""

from operations.prove.check import Check

LATE = "interval '120 seconds'"

CHECKS = (
    Check(
        name="time.deadline",
        invariant=15,
        sentence="A lead closes exactly as many seconds after its submit as the policy said.",
        of="from leads_lead",
        sql="select id from leads_lead where not extract(epoch from closes_at - submitted_at) = any(%(open_seconds)s)",
    ),
    Check(
        name="time.drafts",
        invariant=15,
        sentence="No draft is older than the time its phone may be confirmed in, and none was confirmed after that.",
        of="from leads_lead",
        sql=f"""
        select id from leads_lead where state = 'draft' and confirm_by < %(now)s - {LATE} or phone_confirmed_at >= confirm_by
        """,
        live=True,
    ),
    Check(
        name="time.wishes_due",
        invariant=17,
        sentence="No request for an unlisted service waits for a pro longer than was said.",
        of="from leads_wish",
        sql=f"select id from leads_wish where (state = 'offered') <> (due_at is not null) or due_at < %(now)s - {LATE}",
        live=True,
    ),
    Check(
        name="time.limbo",
        invariant=4,
        sentence="A lead that has not ended has a time at which it is looked at again, not after its deadline; an ended one has none.",
        of="from leads_lead",
        sql="select id from leads_lead where (state = 'closed') <> (due_at is null) or due_at > closes_at",
    ),
    Check(
        name="time.in_time",
        invariant=4,
        sentence="No lead is open after its deadline.",
        of="from leads_lead where state <> 'closed'",
        sql=f"select id from leads_lead where state <> 'closed' and closes_at < %(now)s - {LATE}",
        live=True,
    ),
    Check(
        name="time.ended_once",
        invariant=4,
        sentence="Every ended lead has ended once more than a replaced pro opened it again, with one outcome and its reason, written down.",
        of="from leads_lead",
        sql="""
        with told as (
          select subject,
            count(*) filter (where kind = 'lead.closed') - count(*) filter (where kind = 'lead.reopened') as closed,
            count(*) filter (where kind = 'lead.withdrawn') as withdrawn
          from core_event where kind in ('lead.closed', 'lead.reopened', 'lead.withdrawn') group by subject
        )
        select l.id from leads_lead l left join told t on t.subject = l.id::text
        where coalesce(t.closed, 0) <> (l.state = 'closed' and l.outcome <> 'withdrawn')::int
          or coalesce(t.withdrawn, 0) <> (l.withdrawn_at is not null)::int
          or (l.outcome <> '') <> (l.ended_at is not null) or (l.outcome <> '') <> (l.outcome_reason <> '')
        """,
    ),
    Check(
        name="time.outcome",
        invariant=4,
        sentence="The outcome of a lead agrees with the seats its group has taken; filled ones count those that were freed later.",
        of="from leads_lead where state = 'closed'",
        sql="""
        select l.id from leads_lead l left join core_event e on e.kind = 'lead.closed' and e.subject = l.id::text
        left join leads_match m on m.group_id = l.group_id and m.state <> 'undone'
        where l.state = 'closed' group by l.id
        having case l.outcome
          when 'filled' then count(distinct m.id) < l.seats
          when 'part_filled' then count(distinct m.id) filter (where m.slot is not null and m.at < l.ended_at) >= l.seats
            or count(m.id) filter (where m.slot is not null and m.at <= coalesce(e.at, l.ended_at)) = 0
          when 'unfilled' then count(m.id) filter (where m.slot is not null and m.at < l.ended_at) > 0
          when 'withdrawn' then l.withdrawn_at is distinct from l.ended_at
          else l.outcome <> 'rejected' or bool_or(m.lead_id = l.id)
        end
        """,
    ),
    Check(
        name="time.seats_in_time",
        invariant=4,
        sentence="A lead is matched between its submit and its end, and ends by its deadline.",
        of="from leads_lead",
        sql=f"""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id
        where m.at < l.submitted_at or m.at >= l.closes_at or m.at > least(l.ended_at, l.withdrawn_at) + {LATE}
        union all
        select id from leads_lead
        where ended_at < submitted_at or withdrawn_at < submitted_at or outcome <> 'withdrawn' and ended_at > closes_at + {LATE}
        """,
    ),
    Check(
        name="time.leads_due",
        invariant=17,
        sentence="No lead has been due for more than 120 seconds (is a worker running?).",
        of="from leads_lead where due_at is not null",
        sql=f"select id from leads_lead where due_at < %(now)s - {LATE}",
        live=True,
    ),
    Check(
        name="time.messages_due",
        invariant=17,
        sentence="No message has been due for more than 120 seconds (is a worker running?).",
        of="from notifications_message where due_at is not null",
        sql=f"select id from notifications_message where due_at < %(now)s - {LATE}",
        live=True,
    ),
    Check(
        name="time.repeats",
        invariant=37,
        sentence="The same request sent again within the seconds of the policy is one lead.",
        of="from leads_lead",
        sql="""
        select id from (
          select id, submitted_at - lag(submitted_at) over (partition by content_hash order by submitted_at, id) as pause from leads_lead
        ) as sent where pause <= make_interval(secs => %(repeat_seconds)s)
        """,
    ),
)
