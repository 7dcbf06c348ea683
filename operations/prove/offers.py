"""Offers against what their pages and notices promise: when, for how long, at which price, to whom (RULES 15; INVARIANTS 1, 3-5, 14)."""

import json

from operations.prove.check import Check
from operations.prove.money import PRICE

LATE = "interval '120 seconds'"

# An offer that was made again is told of again: which notices are those of its last round.
THIS_ROUND = "g.kind = 'new_offer' and g.occurrence = case when o.round > 1 then o.round::text else '' end"


def facts(policies) -> dict:
    """What the checks compare with, of all versions of the policy there were."""
    return {
        "early_seats": max(policy.early_seats for policy in policies),
        "offer_delays": json.dumps([policy.delays for policy in policies]),
        "offer_seconds": [policy.offer_seconds for policy in policies],
        "pick_seconds": [policy.pick_seconds for policy in policies],
    }


CHECKS = (
    Check(
        name="offers.qualified",
        invariant=3,
        sentence="An offer was made to each pro that a decision of that instant found qualified, and to nobody else.",
        of="from leads_offer",
        sql="""
        with qualified as (
          select d.lead_id, d.at, (verdict ->> 0)::bigint as pro_id from leads_decision d
          cross join jsonb_array_elements(d.verdicts) as said(verdict) where (d.request ->> 'offers')::boolean and verdict ->> 1 = 'offered'
        )
        select o.id::text from leads_offer o left join qualified q on q.lead_id = o.lead_id and q.pro_id = o.pro_id and q.at = o.at
        where q.lead_id is null
        union all
        select q.pro_id || ' of ' || q.lead_id from qualified q join leads_lead l on l.id = q.lead_id
        left join leads_offer o on o.lead_id = q.lead_id and o.pro_id = q.pro_id where o.id is null
          and q.at + make_interval(secs => (
            select max((delay #>> '{}')::int) from jsonb_array_elements(%(offer_delays)s::jsonb) as version(delays)
            cross join jsonb_array_elements(delays) as one(delay))) < l.closes_at
        """,
    ),
    Check(
        name="offers.released",
        invariant=3,
        sentence="A pro may accept when the delay of its tier is over, all of a tier at one instant; by then all of the first can.",
        of="from leads_offer",
        sql="""
        select o.id from leads_offer o join leads_lead l on l.id = o.lead_id
        where case when o.lead_type = 'choice' or o.round > 1 then o.opens_at <> o.at
          else o.opens_at <> all (
            select greatest(o.at, l.offered_at + make_interval(secs => (delays ->> least(o.tier, jsonb_array_length(delays) - 1))::int))
            from jsonb_array_elements(%(offer_delays)s::jsonb) as version(delays)
          ) or o.at < l.offered_at or o.at = l.offered_at and o.opens_at > l.open_to_all_at end
        """,
    ),
    Check(
        name="offers.told",
        invariant=3,
        sentence="Nobody was told of an offer before it could be accepted.",
        of="from leads_offer",
        sql=f"""
        select g.id from leads_offer o join notifications_message g on g.subject = o.id::text and {THIS_ROUND}
        where g.accepted_at < o.opens_at
        """,
    ),
    Check(
        name="offers.expire",
        invariant=15,
        sentence="An offer is open exactly as many seconds as the policy says, and not longer than its request.",
        of="from leads_offer",
        sql="""
        select o.id from leads_offer o join leads_lead l on l.id = o.lead_id where o.expires_at <> all (
          select least(l.closes_at, o.opens_at + make_interval(secs => seconds))
          from unnest(case o.lead_type when 'choice' then %(pick_seconds)s::int[] else %(offer_seconds)s::int[] end) as said(seconds)
        )
        """,
    ),
    Check(
        name="offers.overdue",
        invariant=17,
        sentence="No offer is open for more than 120 seconds after its time (is a worker running?).",
        of="from leads_offer",
        sql=f"select id from leads_offer where state = 'open' and expires_at < %(now)s - {LATE}",
        live=True,
    ),
    Check(
        name="offers.declined",
        invariant=3,
        sentence="Whoever declined a lead, or gave it back, is offered it no more and gets no seat on it later.",
        of="from leads_offer where state in ('declined', 'undone')",
        sql="""
        select o.id from core_event e join leads_offer o on o.id::text = e.subject
        left join leads_match m on m.lead_id = o.lead_id and m.pro_id = o.pro_id and m.at > e.at
        where e.kind in ('offer.declined', 'offer.undone')
          and (e.kind <> 'offer.' || o.state or o.at > e.at or m.id is not null)
        union all
        select o.id from leads_offer o left join core_event e on e.subject = o.id::text and e.kind = 'offer.' || o.state
        where o.state in ('declined', 'undone') and e.id is null
        """,
    ),
    Check(
        name="offers.price",
        invariant=14,
        sentence="An offer has the price that its terms say; whoever accepted paid no more than the notice said, of the same job.",
        of="from leads_offer",
        sql=f"""
        select m.id from leads_offer m join billing_terms t on t.id = m.terms_id
        join leads_lead l on l.id = m.lead_id join catalog_service s on s.id = l.service_id where m.price is distinct from {PRICE}
        union all
        select o.id from leads_offer o join notifications_message g on g.subject = o.id::text and {THIS_ROUND}
        where o.state in ('accepted', 'undone') and o.price > regexp_replace(g.context ->> 'price', '[^0-9]', '', 'g')::bigint
          and not exists (select from core_event e where e.kind = 'lead.corrected' and e.subject = o.lead_id::text and e.at >= o.at)
        """,
    ),
    Check(
        name="offers.accepted",
        invariant=3,
        sentence="Whoever has a seat by an offer accepted it in time or was drawn, at the price it showed, and nobody else accepted.",
        of="from leads_match",
        sql="""
        with answered as (select * from leads_offer where state in ('accepted', 'undone'))
        select m.id from leads_match m where m.lead_type = 'opt_in'
          and not exists (select from answered o where o.lead_id = m.lead_id and o.pro_id = m.pro_id)
        union all
        select o.id from answered o join leads_lead l on l.id = o.lead_id
        left join leads_match m on m.lead_id = o.lead_id and m.pro_id = o.pro_id
        where m.id is null or m.lead_type <> o.lead_type or m.at < o.opens_at
          or m.at >= o.expires_at and m.at is distinct from l.drawn_at
          or (m.price, m.terms_id, m.estimate) is distinct from (o.price, o.terms_id, o.estimate)
          or (m.state = 'undone') <> (o.state = 'undone')
        """,
    ),
    Check(
        name="offers.head_start",
        invariant=3,
        sentence="No more seats were sold than the policy allows before every qualified pro could accept.",
        of="from leads_lead",
        sql="""
        select l.id from leads_lead l join leads_match m on m.lead_id = l.id and m.lead_type = 'opt_in' and m.slot is not null
        where m.at < l.open_to_all_at group by l.id having count(*) > %(early_seats)s
        """,
    ),
    Check(
        name="offers.drawn",
        invariant=5,
        sentence="The seats of a lead are drawn once, when everybody had had time to accept, among pros who were offered it.",
        of="from leads_decision",
        sql="""
        with drawn as (select * from leads_decision where (request ->> 'draw')::boolean)
        select d.lead_id from drawn d join leads_lead l on l.id = d.lead_id
        group by d.lead_id, l.draws_at, l.drawn_at having count(*) > 1 or min(d.at) is distinct from l.drawn_at or min(d.at) < l.draws_at
        union all
        select d.id from drawn d cross join jsonb_array_elements(d.candidates) as candidate(inputs)
        left join leads_offer o on o.lead_id = d.lead_id and o.pro_id = (inputs ->> 0)::bigint where o.id is null
        """,
    ),
    Check(
        name="offers.waiting",
        invariant=4,
        sentence="Nobody waits for a draw that was held, or that never comes; a draw that is to come is not overslept.",
        of="from leads_lead",
        sql="""
        select o.id from leads_offer o join leads_lead l on l.id = o.lead_id
        where o.state = 'waiting' and (l.draws_at is null or l.drawn_at is not null or l.state = 'closed')
        union all
        select id from leads_lead where state <> 'closed' and draws_at is not null and drawn_at is null and due_at > draws_at
        """,
    ),
    Check(
        name="offers.held",
        invariant=1,
        sentence="Seats that are taken and seats held for pros who were picked are together never more than the cap, and none is both.",
        of="from leads_lead",
        sql="""
        with seat as (
          select group_id, slot from leads_match where slot is not null
          union all
          select l.group_id, o.slot from leads_offer o join leads_lead l on l.id = o.lead_id where o.slot is not null
        )
        select s.group_id from seat s join leads_lead l on l.id = s.group_id
        where exists (select from leads_offer o join leads_lead g on g.id = o.lead_id where g.group_id = s.group_id and o.slot is not null)
        group by s.group_id, l.seats having count(*) > l.seats or count(distinct s.slot) < count(*)
        union all
        select l.id from leads_offer o join leads_lead l on l.id = o.lead_id
        where o.slot is not null and (l.state = 'closed' or o.expires_at > l.closes_at or l.due_at > o.expires_at)
        """,
    ),
)
