"""Leads, seats and decisions (INVARIANTS 1-6)."""

from leads.decision import SEAT
from leads.open_work import OPEN
from operations.prove.check import Check
from operations.prove.replaying import decided_otherwise

# Two requests of one home: the same number, address or dwelling, in the same trade and the same kind of traffic. `age` is that of
# the earlier one's group. Ids tell who came first; the clocks of two requests in flight may differ a little. One that had to wait for its
# code came when its phone was confirmed, and belongs to nobody's home before that; of what happened in the same two minutes it cannot be
# said which was earlier (`surely`).
RELATED = """
person as materialized (
  select l.id, l.group_id, l.submitted_at, l.different_job, l.test, s.trade_id, head.submitted_at as since, h.phone, h.email, h.address_key,
    l.phone_check = 'required' as waited
  from leads_lead l join leads_lead head on head.id = l.group_id
  join accounts_homeowner h on h.id = l.homeowner_id join catalog_service s on s.id = l.service_id
  where l.phone_check <> 'required' or l.phone_confirmed_at is not null
), alike as (
  select a.id as later, b.id as earlier from person a join person b using (trade_id, test, phone) where a.phone <> '' and BEFORE
  union select a.id, b.id from person a join person b using (trade_id, test, email) where a.email <> '' and BEFORE
  union select a.id, b.id from person a join person b using (trade_id, test, address_key) where a.address_key <> '' and BEFORE
), related as (
  select later, b.group_id, a.submitted_at - b.since as age,
    not (a.waited or b.waited) or b.submitted_at < a.submitted_at - interval '120 seconds' as surely
  from alike join person a on a.id = later join person b on b.id = earlier where b.submitted_at <= a.submitted_at + interval '120 seconds'
)
""".replace("BEFORE", "case when a.waited or b.waited then a.id <> b.id else b.id < a.id end")


CHECKS = (
    Check(
        name="routing.cap",
        invariant=1,
        sentence="A duplicate group has at most as many taken seats as its cap, each in a slot of its own from 1 to the cap.",
        of="from leads_match where slot is not null",
        sql="""
        select m.group_id from leads_match m join leads_lead l on l.id = m.lead_id where m.slot is not null group by m.group_id
        having count(*) > least(max(l.seats), 4) or count(distinct m.slot) < count(*) or min(m.slot) < 1 or bool_or(m.slot > l.seats)
        """,
    ),
    Check(
        name="routing.group",
        invariant=1,
        sentence="A match belongs to the duplicate group of its lead, and a group is named by its first lead.",
        of="from leads_lead",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id where m.group_id <> l.group_id
        union all
        select l.id from leads_lead l join leads_lead head on head.id = l.group_id
        where head.group_id <> head.id or head.test <> l.test or head.submitted_at > l.submitted_at + interval '120 seconds'
        """,
    ),
    Check(
        name="routing.duplicates",
        invariant=1,
        sentence="Requests of one home in one trade within the days of the policy are one group, unless said to be a different job.",
        of="from leads_lead",
        sql=f"""
        with {RELATED}
        select p.id from person p left join related r on r.later = p.id group by p.id, p.group_id, p.different_job
        having case
          when p.different_job then p.group_id <> p.id
          when p.group_id = p.id then coalesce(bool_or(r.surely and r.age < make_interval(days => %(duplicate_days_least)s)), false)
          else not coalesce(bool_or(r.group_id = p.group_id and r.age < make_interval(days => %(duplicate_days_most)s)), false)
        end
        """,
    ),
    Check(
        name="routing.freed",
        invariant=1,
        sentence="A seat was freed only by an undone accept, or from a pro warned a day before that had called nobody in 48 hours.",
        of="from leads_match where state in ('undone', 'replaced')",
        sql="""
        select m.id from leads_match m
        where m.slot is not null and m.state in ('undone', 'replaced')
          or m.slot is null and m.state not in ('undone', 'replaced') and (m.state <> 'credited' or m.warned_at is null)
          or m.state = 'replaced' and (m.warned_at is null
            or m.state_at < m.at + make_interval(secs => %(replace_seconds)s)
            or m.state_at < m.warned_at + make_interval(secs => %(replace_after_warning)s)
            or exists (select from contact_call c join contact_leg g on g.call_id = c.id and g.side = 'homeowner'
              where c.line_id = m.line_id and c.way <> 'callback' and g.initiated_at <= m.state_at))
        """,
    ),
    Check(
        name="routing.revealed",
        invariant=22,
        sentence="What a homeowner showed a pro was shown while the pro had its seat, and written down.",
        of="from leads_reveal",
        sql="""
        select r.id from leads_reveal r join leads_match m on m.id = r.match_id
        left join core_event e on e.kind = 'match.revealed' and e.subject = m.id::text and e.at = r.at and e.data ->> 'what' = r.what
        where e.id is null or r.at < m.at or m.state <> 'live' and r.at > m.state_at
        """,
    ),
    Check(
        name="routing.once",
        invariant=2,
        sentence="A pro has at most one match in a duplicate group.",
        of="from leads_match",
        sql="select pro_id::text || ' in ' || group_id from leads_match group by group_id, pro_id having count(*) > 1",
    ),
    Check(
        name="routing.winner",
        invariant=3,
        sentence="The pro of a match won its decision and was judged eligible there, at the instant of the match, for its lead.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m join leads_decision d on d.id = m.decision_id
        where d.lead_id <> m.lead_id or d.at <> m.at or not m.pro_id = any(d.winners) or not m.pro_id = any(d.eligible)
        """,
    ),
    Check(
        name="routing.seated",
        invariant=3,
        sentence="Every winner of a decision has the seat, and nobody else has one by it.",
        of="from leads_decision",
        sql="""
        select d.id from leads_decision d left join leads_match m on m.decision_id = d.id
        group by d.id having count(m.id) <> cardinality(d.winners)
        """,
    ),
    Check(
        name="routing.inputs",
        invariant=3,
        sentence="The request frozen with a decision is the lead it decided: instant, value, price, traffic, free seats, seed.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m join leads_decision d on d.id = m.decision_id join leads_lead l on l.id = m.lead_id
        where (d.request ->> 'at')::timestamptz <> m.at or (d.request ->> 'lead_type') <> m.lead_type
          or (d.request ->> 'estimate')::bigint <> m.estimate or (d.request ->> 'price')::bigint <> m.price
          or (d.request ->> 'test')::boolean <> l.test or (d.request ->> 'seats')::int not between cardinality(d.winners) and l.seats
          or d.seed not between l.seed and l.seed + l.attempts
        """,
    ),
    Check(
        name="routing.serial",
        invariant=3,
        sentence="No two seats of a pro were decided on the same state of it.",
        of="from proved_seat",
        sql="select pro_id::text || ' at rev ' || rev from proved_seat group by pro_id, rev having count(*) > 1",
    ),
    Check(
        name="routing.frozen",
        invariant=3,
        sentence="The counters a seat was decided on are what the seats before it add up to.",
        of="from proved_seat",
        sql="""
        select id from proved_seat
        where day_count <> day_before or week_count <> week_before or spent not between kept_before and spent_before
        """,
    ),
    Check(
        name="routing.replay",
        invariant=5,
        sentence="A decision made again from its stored inputs and seed is identical.",
        of="from leads_decision",
        function=decided_otherwise,
    ),
    Check(
        name="routing.shares",
        invariant=5,
        sentence="The shares of a decision are one for each eligible pro and add up to the seats given.",
        of="from leads_decision",
        sql=f"""
        select id from leads_decision d where cardinality(eligible) <> cardinality(share)
          or {SEAT}::bigint * cardinality(winners) <> (select coalesce(sum(part), 0) from unnest(share) as one(part))
        """,
    ),
    Check(
        name="routing.day_cap",
        invariant=6,
        sentence="No seat took a pro past its cap of leads a day, in its own zone.",
        of="from proved_seat where day_cap is not null",
        sql="select id from proved_seat where day_before + 1 > day_cap",
    ),
    Check(
        name="routing.week_cap",
        invariant=6,
        sentence="No seat took a pro past its cap of leads a week, in its own zone.",
        of="from proved_seat where week_cap is not null",
        sql="select id from proved_seat where week_before + 1 > week_cap",
    ),
    Check(
        name="routing.counters",
        invariant=6,
        sentence="The day and week counters of a pro are what its seats add up to.",
        of="from accounts_prostate",
        sql="""
        with latest as (select pro_id, max(day) as day, max(week) as week from proved_seat group by pro_id),
        counted as (
          select l.pro_id, l.day, l.week,
            count(*) filter (where p.day = l.day) as day_count, count(*) filter (where p.week = l.week) as week_count
          from proved_seat p join latest l on l.pro_id = p.pro_id group by l.pro_id, l.day, l.week
        )
        select s.pro_id from accounts_prostate s left join counted c on c.pro_id = s.pro_id
        where (s.day, s.day_count, s.week, s.week_count)
          is distinct from (c.day, coalesce(c.day_count, 0)::int, c.week, coalesce(c.week_count, 0)::int)
        """,
    ),
    Check(
        name="routing.open_work",
        invariant=6,
        sentence="The open work of a pro is the number of its live matches that it has not finished.",
        of="from accounts_prostate",
        sql=f"""
        with counted as (
          select pro_id, count(*)::int as matches from leads_match
          where state = 'live' and not test and progress in ({", ".join(f"'{progress}'" for progress in sorted(OPEN))}) group by pro_id
        )
        select s.pro_id from accounts_prostate s left join counted c on c.pro_id = s.pro_id where s.open_work <> coalesce(c.matches, 0)
        """,
    ),
    Check(
        name="routing.picked",
        invariant=28,
        sentence="The homeowner's words of the instant it picked the pro of a Choice Match name that pro.",
        of="from leads_match where lead_type = 'choice'",
        sql="""
        select m.id from leads_match m join leads_consent c on c.lead_id = m.lead_id left join leads_consentname n on n.match_id = m.id
        left join leads_offer o on o.lead_id = m.lead_id and o.pro_id = m.pro_id and o.lead_type = 'choice'
        where m.lead_type = 'choice' and (n.id is null or not exists (
          select from leads_pickconsent p where p.consent_id = c.id and p.at = coalesce(o.at, m.at) and position(n.name in p.words) > 0
        ))
        """,
    ),
    Check(
        name="routing.phone",
        invariant=3,
        sentence="Nothing was offered or sold of a request whose phone had to be confirmed and was not yet.",
        of="from leads_lead",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id
        where l.phone_check = 'required' and (l.phone_confirmed_at is null or m.at < l.phone_confirmed_at)
        union all
        select o.id from leads_offer o join leads_lead l on l.id = o.lead_id
        where l.phone_check = 'required' and (l.phone_confirmed_at is null or o.at < l.phone_confirmed_at)
        """,
    ),
    Check(
        name="routing.waited",
        invariant=3,
        sentence="AutoMatch filled no seat of a homeowner who chooses before the window was over or the choice was made.",
        of="from leads_match m join leads_lead l on l.id = m.lead_id where l.way = 'choose' and m.lead_type = 'automatch'",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id
        where l.way = 'choose' and m.lead_type = 'automatch' and m.at < least(l.choice_ends_at, l.chosen_at)
        """,
    ),
    Check(
        name="routing.consent",
        invariant=28,
        sentence="Every lead has its consent, given by the time it was submitted.",
        of="from leads_lead",
        sql="""
        select l.id from leads_lead l left join leads_consent c on c.lead_id = l.id
        where c.id is null or c.at > l.submitted_at or c.words = ''
        """,
    ),
    Check(
        name="routing.unlisted",
        invariant=28,
        sentence="A request for an unlisted service was sent as one lead, with the words that were agreed to and their time.",
        of="from leads_wish",
        sql="""
        select w.id from leads_wish w left join leads_consent c on c.lead_id = w.lead_id
        where w.state = 'sent' and (c.id is null or c.at <> w.at or c.words <> w.consent_words or c.sms <> (w.sms_words <> ''))
        union all
        select l.id from leads_lead l left join leads_wish w on w.lead_id = l.id where l.source = 'unlisted' and w.id is null
        """,
    ),
    Check(
        name="routing.named",
        invariant=28,
        sentence="The name of every matched pro stands under the consent of its lead, since the instant of the match.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m left join leads_consentname n on n.match_id = m.id left join leads_consent c on c.id = n.consent_id
        where n.id is null or c.lead_id <> m.lead_id or n.at > m.at or n.name = ''
        """,
    ),
)
