"""The outbox: what was promised, sent and held back (INVARIANTS 22, 26-28, 33, 35)."""

from operations.prove.check import Check

# What a worker may still be handing over when a STOP or a withdrawal arrives: a provider call takes at most so long.
IN_FLIGHT = "interval '10 seconds'"

CHECKS = (
    Check(
        name="notices.once",
        invariant=26,
        sentence="No notice was promised or handed over twice.",
        of="from notifications_message",
        sql="""
        select min(id::text) from notifications_message group by kind, subject, recipient, channel, occurrence having count(*) > 1
        union all
        select message::text from notifications_localdelivery group by message having count(*) > 1
        """,
    ),
    Check(
        name="notices.state",
        invariant=26,
        sentence="The state of a message agrees with its times, and one that is on its way has a time at which it is looked at again.",
        of="from notifications_message",
        sql="""
        select id from notifications_message where not case state
          when 'queued' then due_at is not null and accepted_at is null and confirmed_at is null and cancelled_at is null
          when 'sending' then due_at is not null and accepted_at is null and confirmed_at is null
          when 'accepted' then accepted_at is not null and confirmed_at is null and failed_at is null
          when 'confirmed' then accepted_at is not null and confirmed_at is not null and due_at is null
          when 'failed' then failed_at is not null and confirmed_at is null and due_at is null
          when 'suppressed' then accepted_at is null and confirmed_at is null and due_at is null
          when 'cancelled' then cancelled_at is not null and accepted_at is null and due_at is null
          else false
        end
        """,
    ),
    Check(
        name="notices.first_delivery",
        invariant=26,
        sentence="The first acceptance about a subject is kept as soon as one of its messages was accepted.",
        of="from notifications_message where accepted_at is not null",
        sql="""
        select g.subject from notifications_message g left join notifications_firstdelivery f on f.subject = g.subject
        where g.accepted_at is not null group by g.subject
        having min(f.accepted_at) is null or bool_or(g.confirmed_at is not null) and min(f.confirmed_at) is null
        """,
    ),
    Check(
        name="notices.new_lead",
        invariant=26,
        sentence="Every match was promised by e-mail to each member its pro had, but those who have touched that switch.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m
        join accounts_member p on p.pro_id = m.pro_id and p.joined_at < m.at and (p.removed_at is null or p.removed_at > m.at)
        join accounts_user u on u.id = p.user_id and u.is_active
        left join notifications_preference s on s.recipient = 'member:' || p.id and s.kind = 'new_lead' and s.channel = 'email'
        left join notifications_message g
          on g.subject = m.id::text and g.recipient = 'member:' || p.id and g.kind = 'new_lead' and g.channel = 'email'
        where s.id is null and g.id is null
        """,
    ),
    Check(
        name="notices.introduction",
        invariant=26,
        sentence="At each match the homeowner was told by e-mail who the pro is.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id join accounts_homeowner h on h.id = l.homeowner_id
        left join leads_consentname n on n.match_id = m.id
        left join notifications_message g
          on g.subject = l.id::text and g.kind = 'introduction' and g.channel = 'email' and g.created_at = m.at
        where h.email <> '' group by m.id having not bool_or(coalesce(g.context -> 'pros' ? n.name, false))
        """,
    ),
    Check(
        name="notices.answered",
        invariant=26,
        sentence="Every homeowner with an e-mail address was told that the request was received, once it was, and that it was withdrawn.",
        of="from leads_lead",
        sql="""
        select l.id from leads_lead l join accounts_homeowner h on h.id = l.homeowner_id
        left join notifications_message g on g.subject = l.id::text and g.kind = 'request_received' and g.channel = 'email'
        where h.email <> '' and g.id is null and (l.phone_check <> 'required' or l.phone_confirmed_at is not null)
        union all
        select l.group_id from leads_lead l join accounts_homeowner h on h.id = l.homeowner_id
        left join notifications_message g on g.subject = l.id::text and g.kind = 'request_withdrawn'
        group by l.group_id having bool_or(l.withdrawn_at is not null) and bool_and(h.email <> '') and count(g.id) = 0
        """,
    ),
    Check(
        name="notices.stopped",
        invariant=27,
        sentence="Nothing was handed over to an address with a live STOP.",
        of="from notifications_suppression",
        sql=f"""
        select g.id from notifications_message g join notifications_suppression s on s.channel = g.channel and s.address = lower(g.address)
        where g.accepted_at > s.since + {IN_FLIGHT} and (s.lifted_at is null or g.accepted_at < s.lifted_at)
        """,
    ),
    Check(
        name="notices.sms_consent",
        invariant=28,
        sentence="A homeowner gets text messages only after consenting to them, and a code only by asking for it.",
        of="from notifications_message where channel = 'sms' and starts_with(recipient, 'lead:')",
        sql="""
        select g.id from notifications_message g
        left join leads_lead l on g.recipient = 'lead:' || l.id left join leads_consent c on c.lead_id = l.id
        where g.channel = 'sms' and starts_with(g.recipient, 'lead:')
          and (c.id is null or c.at > g.created_at or case when g.kind = 'phone_code'
            then not exists (select from leads_phonecode p where p.lead_id = l.id and p.at = g.created_at)
            else not c.sms or c.sms_words = '' end)
        """,
    ),
    Check(
        name="notices.forgotten",
        invariant=35,
        sentence="No link or code that lets somebody in is kept once its message was handed over, and no code with one taken back.",
        of="from notifications_message",
        sql="""
        select id from notifications_message
        where state not in ('queued', 'sending', 'suppressed', 'cancelled') and kind in ('invitation', 'password_reset') and context ? 'url'
          or state not in ('queued', 'sending') and kind = 'phone_code' and context ? 'code'
        """,
    ),
    Check(
        name="notices.withdrawn",
        invariant=33,
        sentence="A withdrawn lead has no live match, another one only those that were stopped, and nothing promised before is to be sent.",
        of="from leads_lead where withdrawn_at is not null",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id
        where case when l.withdrawn_at is not null then m.state = 'live' else m.state = 'withdrawn' and not exists (
          select from core_event e where e.kind = 'lead.pro_stopped' and e.subject = l.id::text and e.data ->> 'match' = m.id::text) end
        union all
        select g.id from leads_lead l join notifications_message g on g.subject = l.id::text
        where g.state = 'queued' and g.created_at < l.withdrawn_at
        union all
        select g.id from leads_lead l join leads_match m on m.lead_id = l.id join notifications_message g on g.subject = m.id::text
        where g.state = 'queued'
          and g.created_at < coalesce(l.withdrawn_at, case when m.state in ('withdrawn', 'replaced') then m.state_at end)
        """,
    ),
    Check(
        name="notices.masked",
        invariant=22,
        sentence="No notice to a pro carries the homeowner's number, e-mail address or street.",
        of="from notifications_message where starts_with(recipient, 'member:')",
        sql="""
        select g.id from notifications_message g join leads_match m on m.id::text = g.subject
        join leads_lead l on l.id = m.lead_id join accounts_homeowner h on h.id = l.homeowner_id
        where starts_with(g.recipient, 'member:') and (
          h.phone <> '' and position(h.phone in g.context::text) > 0 or h.email <> '' and position(h.email in lower(g.context::text)) > 0
          or h.street <> '' and position(lower(h.street) in lower(g.context::text)) > 0)
        """,
    ),
    Check(
        name="notices.events",
        invariant=35,
        sentence="What is written down as an event carries ids, codes and numbers, no e-mail addresses and no phone numbers.",
        of="from core_event",
        sql=r"select id from core_event where data::text ~ '@|\+1[0-9]{10}'",
    ),
)
