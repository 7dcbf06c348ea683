"""Numbers, lines, clocks and calls (INVARIANTS 11, 12, 15-17, 19-22)."""

import json
from collections import defaultdict

from contact.merging import FINAL, STATUSES
from operations.prove.check import Check

LATE = "interval '120 seconds'"
CORRECTED = "interval '60 seconds'"  # a carrier's record may say that a leg started a little earlier than its event did


def facts(policies) -> dict:
    """What the checks compare with, of all versions of the policy there were."""
    hours = defaultdict(list)
    for policy in policies:
        for reach, allowed in policy.hours.items():
            hours[reach].append(allowed)
    return {
        "contact_hours": json.dumps(hours),
        "accepted_counts_after": [policy.accepted_counts_after for policy in policies],
        "accepted_counts_least": min(policy.accepted_counts_after for policy in policies),
        "pin_rest_days": min(policy.pin_rest_days for policy in policies),
        "pins_per_call": max(policy.pins_per_call for policy in policies),
        "wrong_pins_per_hour": max(policy.wrong_pins_per_hour for policy in policies),
    }


def _words(statuses) -> str:
    return f"array[{', '.join(repr(status) for status in statuses)}]::text[]"


def _allowed(at: str) -> str:
    """Whether the homeowner `h` of the line `l` allows contact at an instant, by the hours of any version of the policy."""
    hour = f"extract(hour from {at} at time zone h.zone)"
    return (
        f"coalesce((select bool_or({hour} >= (part ->> 0)::int and {hour} < (part ->> 1)::int)"
        " from jsonb_array_elements(%(contact_hours)s::jsonb -> l.reach) as part), true)"
    )


CHECKS = (
    Check(
        name="contact.pins",
        invariant=20,
        sentence="No two lines of one number have the same PIN while one of them is live, or in the days for which its PIN rests.",
        of="from contact_line",
        sql="""
        select id from (
          select id, opened_at, lag(coalesce(closed_at, 'infinity')) over (partition by number_id, pin order by opened_at, id) as before
          from contact_line
        ) as given where opened_at < before + make_interval(days => %(pin_rest_days)s)
        """,
    ),
    Check(
        name="contact.lines",
        invariant=19,
        sentence="Every match has had its line since it was made: between its pro and its homeowner, about its charge.",
        of="from leads_match",
        sql="""
        select coalesce(m.id, c.id) from leads_match m join leads_lead l on l.id = m.lead_id
        full join contact_line c on c.id = m.id
        where case when m.id is null then true when c.id is null then m.at >= (select min(added_at) from contact_number)
          else m.line_id is distinct from m.id or (c.pro_id, c.homeowner_id, c.charge_id, c.test, c.opened_at)
            is distinct from (m.pro_id, l.homeowner_id, m.charge_id, m.test, m.at) end
        """,
    ),
    Check(
        name="contact.closed",
        invariant=19,
        sentence="A match that is withdrawn, credited, undone or replaced has a line that is closed since; no live one lost it so.",
        of="from leads_match where state <> 'live'",
        sql="""
        select m.id from leads_match m join contact_line l on l.id = m.id
        where case when m.state = 'live' then l.closed_reason in ('withdrawn', 'credited', 'undone', 'replaced')
          else l.closed_at is null or l.closed_at > m.state_at end
        """,
    ),
    Check(
        name="contact.callers",
        invariant=19,
        sentence="A homeowner was dialled only for a live line of the number that was called, by a member of its pro.",
        of="from contact_leg where side = 'homeowner'",
        sql="""
        select g.id from contact_leg g join contact_call c on c.id = g.call_id left join contact_line l on l.id = c.line_id
        left join accounts_member p on p.id = c.member_id
        where g.side = 'homeowner' and c.way <> 'callback' and (l.id is null or l.number_id <> c.number_id or l.closed_at < c.opened_at
          or p.pro_id is distinct from l.pro_id or p.joined_at > c.opened_at or p.removed_at < c.opened_at)
        """,
    ),
    Check(
        name="contact.guesses",
        invariant=19,
        sentence="Nobody tried more wrong PINs in a call, or in an hour, than the policy lets them.",
        of="from contact_wrongpin",
        sql="""
        select id::text from contact_call where wrong_pins > %(pins_per_call)s
        union all
        select id::text from (
          select id, count(*) over (
            partition by caller order by at range between interval '3599.999999 seconds' preceding and current row) as tries
          from contact_wrongpin
        ) as guessed where tries > %(wrong_pins_per_hour)s
        """,
    ),
    Check(
        name="contact.clock",
        invariant=15,
        sentence="A clock lasts exactly as many seconds as the terms say under which the match was sold.",
        of="from contact_line where clock_starts_at is not null",
        sql="""
        select l.id from contact_line l left join billing_charge c on c.id = l.charge_id left join billing_terms t on t.id = c.terms_id
        where l.clock_ends_at - l.clock_starts_at <> make_interval(secs => coalesce(t.discount_seconds, 1800))
        """,
    ),
    Check(
        name="contact.clock_starts",
        invariant=15,
        sentence="A clock starts when the pro learned of the lead, or with the first minute after that when the homeowner allows contact.",
        of="from contact_line where clock_starts_at is not null",
        sql=f"""
        select l.id from contact_line l join leads_match m on m.id = l.id join accounts_homeowner h on h.id = l.homeowner_id
        left join notifications_firstdelivery f on f.subject = l.id::text
        where l.clock_starts_at is not null and not ({_allowed("l.clock_starts_at")} and coalesce(
          l.clock_starts_at in (f.confirmed_at, m.opened_at)
          or extract(epoch from l.clock_starts_at - f.accepted_at) = any(%(accepted_counts_after)s)
          or date_trunc('hour', l.clock_starts_at) = l.clock_starts_at and l.clock_starts_at > least(
            f.confirmed_at, m.opened_at, f.accepted_at + make_interval(secs => %(accepted_counts_least)s)), false))
        """,
    ),
    Check(
        name="contact.delivered",
        invariant=15,
        sentence="What a line calls the first confirmed delivery of its notice is that.",
        of="from contact_line where delivered_at is not null",
        sql="""
        select l.id from contact_line l left join notifications_firstdelivery f on f.subject = l.id::text
        where l.delivered_at is not null and l.delivered_at is distinct from f.confirmed_at
        """,
    ),
    Check(
        name="contact.in_time",
        invariant=16,
        sentence="What earned a discount began before the end of its clock, and at an hour the homeowner allows if none had begun.",
        of="from contact_line where earned_at is not null",
        sql=f"""
        select l.id from contact_line l join accounts_homeowner h on h.id = l.homeowner_id
        where l.earned_at > l.clock_ends_at
          or l.earned_at < coalesce(l.clock_starts_at, 'infinity') and not {_allowed("l.earned_at")}
        """,
    ),
    Check(
        name="contact.earned",
        invariant=16,
        sentence="What earned a discount is a call of that line, whose leg to the homeowner began then, or which failed through us.",
        of="from contact_line where earned_at is not null",
        sql=f"""
        select l.id from contact_line l where l.earned_at is not null and not exists (
          select from contact_call c left join contact_leg g on g.call_id = c.id and g.side = 'homeowner'
          where 'call:' || c.id = l.earned_by and c.line_id = l.id
            and (l.earned_at between g.initiated_at and g.initiated_at + {CORRECTED} or c.fault and l.earned_at = c.opened_at)
        )
        """,
    ),
    Check(
        name="contact.discounted",
        invariant=12,
        sentence="A discount was posted for every line that earned one, unless it was credited in full before, and for no other.",
        of="from contact_line where earned_at is not null",
        sql="""
        select c.id from billing_charge c join billing_terms e on e.id = c.terms_id
        left join contact_line l on l.charge_id = c.id and l.earned_at is not null
        left join billing_transfer t on t.reference = 'discount:' || c.id
        where case when t.id is not null then l.id is null
          else l.id is not null and (c.price::bigint * e.discount_bp + 5000) / 10000 > 0 and c.credited < c.price end
        """,
    ),
    Check(
        name="contact.discount",
        invariant=11,
        sentence="A discount is the share of the rounded price that the terms say, half up.",
        of="from billing_transfer where starts_with(reference, 'discount:')",
        sql="""
        select t.id from billing_transfer t join billing_charge c on t.reference = 'discount:' || c.id
        join billing_terms e on e.id = c.terms_id where t.amount <> (c.price::bigint * e.discount_bp + 5000) / 10000
        """,
    ),
    Check(
        name="contact.settled",
        invariant=15,
        sentence="A clock is settled once it has ended, was earned, or can never start; its charge is billable from then on.",
        of="from contact_line where settled_at is not null",
        sql="""
        select l.id from contact_line l left join billing_charge c on c.id = l.charge_id
        where l.settled_at is not null and (c.id is not null and coalesce(c.billable_at > l.settled_at, true)
          or l.earned_at is null and coalesce(l.settled_at <= l.clock_ends_at, l.closed_at is null))
        """,
    ),
    Check(
        name="contact.told",
        invariant=21,
        sentence="A call is over when the carrier has told the end of its legs, or was asked.",
        of="from contact_call where closed_at is not null",
        sql=f"""
        select c.id from contact_call c left join contact_leg g on g.call_id = c.id where c.closed_at is not null and c.attempts = 0
        group by c.id having bool_or(coalesce(g.status <> all({_words(sorted(FINAL))}), true))
        """,
    ),
    Check(
        name="contact.forward",
        invariant=21,
        sentence="A leg has come as far as the furthest of what the carrier told of it, in whatever order.",
        of="from contact_legevent where said ? 'status'",
        sql=f"""
        select e.id from contact_legevent e join contact_leg g on g.id = e.leg_id
        where array_position({_words(STATUSES)}, g.status) < array_position({_words(STATUSES)}, e.said ->> 'status')
        """,
    ),
    Check(
        name="contact.once",
        invariant=21,
        sentence="No leg is known twice, and nothing that was told of one is kept twice.",
        of="from contact_legevent",
        sql="""
        select provider_id from contact_leg group by provider_id having count(*) > 1
        union all
        select key from contact_legevent group by key having count(*) > 1
        """,
    ),
    Check(
        name="contact.masked",
        invariant=22,
        sentence="What is kept of the carrier's words holds no phone number and no PIN.",
        of="from contact_legevent",
        sql="select id from contact_legevent where said::text ~ '[0-9]{10}' or said ? 'digits'",
    ),
    Check(
        name="contact.introduced",
        invariant=22,
        sentence="The number that a homeowner is told is the masked number of the request's lines.",
        of="from notifications_message where kind = 'introduction' and context ? 'number'",
        sql="""
        select g.id from notifications_message g where g.kind = 'introduction' and g.context ? 'number' and not exists (
          select from leads_match m join contact_line l on l.id = m.line_id join contact_number n on n.id = l.number_id
          where m.lead_id::text = g.subject and right(n.number, 10) = regexp_replace(g.context ->> 'number', '[^0-9]', '', 'g')
        )
        """,
    ),
    Check(
        name="contact.due",
        invariant=17,
        sentence="No live line and no call has waited for its next look for more than 120 seconds (is a worker running?).",
        of="from contact_line where due_at is not null",
        sql=f"""
        select id from contact_line
        where due_at < %(now)s - {LATE} or closed_at is null and (due_at is null or expires_at < %(now)s - {LATE})
        union all
        select id from contact_call where closed_at is null and (due_at is null or due_at < %(now)s - {LATE})
        """,
        live=True,
    ),
)
