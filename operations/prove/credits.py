"""Credits: asked for once, decided on a record, and what a grant closes (INVARIANTS 17, 22-25)."""

from operations.prove.check import Check

LATE = "interval '120 seconds'"
DECISIONS = "('grant', 'refuse')"

CHECKS = (
    Check(
        name="credits.open_once",
        invariant=23,
        sentence="A match has at most one request that is not decided, and at most one that was granted.",
        of="from credits_creditrequest",
        sql="""
        select match_id from credits_creditrequest group by match_id
        having count(*) filter (where state in ('open', 'asked')) > 1 or count(*) filter (where state = 'granted') > 1
        """,
    ),
    Check(
        name="credits.in_time",
        invariant=23,
        sentence="Every request that a pro filed came within the seconds of its match's terms, counted from the first confirmed delivery.",
        of="from credits_creditrequest where filed_by <> 'marketplace'",
        sql="""
        select r.id from credits_creditrequest r join leads_match m on m.id = r.match_id join billing_terms t on t.id = m.terms_id
        join contact_line l on l.id = m.line_id
        where r.filed_by <> 'marketplace'
          and r.received_at > greatest(m.at, l.delivered_at) + make_interval(secs => t.claim_seconds) and l.delivered_at is not null
        """,
    ),
    Check(
        name="credits.posted",
        invariant=24,
        sentence="Money was given back for a request exactly when it was granted, and exactly that amount.",
        of="from credits_creditrequest where state = 'granted'",
        sql="""
        select coalesce(r.id::text, t.reference) from (select * from credits_creditrequest where state = 'granted') r
        full join (select * from billing_transfer where starts_with(reference, 'credit:')) t on t.reference = 'credit:' || r.id
        where r.id is null or t.id is null or t.charge_id <> r.match_id or t.amount <> r.amount or t.at <> r.decided_at
        """,
    ),
    Check(
        name="credits.ruled",
        invariant=24,
        sentence="A request stands as its last decision says, or is not decided, or is appealed and not decided again.",
        of="from credits_creditrequest",
        sql=f"""
        with decided as (
          select distinct on (request_id) request_id, verdict, at, is_appeal from credits_ruling
          where verdict in {DECISIONS} order by request_id, at desc, id desc
        )
        select r.id from credits_creditrequest r left join decided d on d.request_id = r.id
        where case r.state
          when 'granted' then d.verdict is distinct from 'grant' or d.at <> r.decided_at
          when 'refused' then d.verdict is distinct from 'refuse' or d.at <> r.decided_at
          else d.verdict = 'grant' or d.is_appeal or (d.verdict is not null) <> (r.appealed_at is not null) end
        """,
    ),
    Check(
        name="credits.recorded",
        invariant=24,
        sentence="Every decision says by which rule and on what evidence; a refusal carries a person's name and words: code only grants.",
        of="from credits_ruling",
        sql=f"""
        select id from credits_ruling where not evidence ? 'mine' or verdict in {DECISIONS} and rule = ''
          or by_id is null and verdict <> 'grant' or verdict = 'refuse' and note = ''
        """,
    ),
    Check(
        name="credits.someone_else",
        invariant=24,
        sentence="An appeal is heard by somebody else than who refused, and nobody files the appeal of the own refusal.",
        of="from credits_creditrequest where appealed_at is not null",
        sql="""
        select r.id from credits_creditrequest r join credits_ruling f on f.request_id = r.id and f.verdict = 'refuse' and not f.is_appeal
        left join credits_ruling a on a.request_id = r.id and a.is_appeal and a.verdict in ('grant', 'refuse')
        where a.by_id = f.by_id or r.appealed_by = 'staff:' || f.by_id
        """,
    ),
    Check(
        name="credits.not_after_contact",
        invariant=24,
        sentence="Code granted nothing to a pro that had spoken with the homeowner or had said that it won the job.",
        of="from credits_ruling where by_id is null",
        sql="""
        select id from credits_ruling where by_id is null and rule <> 'homeowner_stopped'
          and (evidence -> 'mine' ->> 'two_way_at' is not null or (evidence -> 'mine' ->> 'won')::boolean)
        """,
    ),
    Check(
        name="credits.closed",
        invariant=25,
        sentence="A granted credit has closed the match and its line, and a match is called credited only if it was.",
        of="from credits_creditrequest where state = 'granted'",
        sql="""
        select r.id from credits_creditrequest r join leads_match m on m.id = r.match_id left join contact_line l on l.id = m.line_id
        where r.state = 'granted' and (m.state = 'live' or l.closed_at is null or l.closed_at > r.decided_at)
        union all
        select m.id from leads_match m left join credits_creditrequest r on r.match_id = m.id and r.state = 'granted'
        where m.state = 'credited' and r.id is null
        """,
    ),
    Check(
        name="credits.for_all",
        invariant=25,
        sentence="A fact proven about a lead was applied to every other pro who had it then, had to pay, and had neither spoken nor won.",
        of="from credits_ruling where verdict = 'grant' and rule in ('dead_number', 'fraudulent')",
        sql="""
        select o.id from credits_ruling g cross join jsonb_array_elements(g.evidence -> 'others') as other(tried)
        join leads_match o on o.id = (tried ->> 'match')::uuid join billing_charge c on c.id = o.charge_id
        where g.verdict = 'grant' and g.rule in ('dead_number', 'fraudulent') and tried ->> 'two_way_at' is null
          and not (tried ->> 'won')::boolean
          and o.state = 'live' and c.price > c.discounted
        """,
    ),
    Check(
        name="credits.answered",
        invariant=26,
        sentence="Every member with an e-mail address was told of each decision about what its pro had asked for.",
        of="from credits_creditrequest where state in ('granted', 'refused')",
        sql="""
        select r.id from credits_creditrequest r join leads_match m on m.id = r.match_id
        join accounts_member p on p.pro_id = m.pro_id and p.joined_at < r.decided_at
          and (p.removed_at is null or p.removed_at > r.decided_at)
        join accounts_user u on u.id = p.user_id and u.is_active
        left join notifications_message g on g.subject = 'credit:' || r.id and g.recipient = 'member:' || p.id and g.channel = 'email'
          and g.created_at = r.decided_at and g.kind = case r.state when 'granted' then 'credit_granted' else 'credit_refused' end
        where r.state in ('granted', 'refused') and g.id is null
        """,
    ),
    Check(
        name="credits.masked",
        invariant=22,
        sentence="No notice about a credit carries the homeowner's number, e-mail address or street.",
        of="from notifications_message where starts_with(subject, 'credit:')",
        sql="""
        select g.id from notifications_message g join credits_creditrequest r on g.subject = 'credit:' || r.id
        join leads_match m on m.id = r.match_id join leads_lead l on l.id = m.lead_id join accounts_homeowner h on h.id = l.homeowner_id
        where h.phone <> '' and position(h.phone in g.context::text) > 0
          or h.email <> '' and position(h.email in lower(g.context::text)) > 0
          or h.street <> '' and position(lower(h.street) in lower(g.context::text)) > 0
        """,
    ),
    Check(
        name="credits.due",
        invariant=17,
        sentence="No undecided request has waited for its next look for more than 120 seconds (is a worker running?).",
        of="from credits_creditrequest where state in ('open', 'asked')",
        sql=f"""
        select id from credits_creditrequest
        where state in ('open', 'asked') and (due_at is null or due_at < %(now)s - {LATE})
        """,
        live=True,
    ),
)
