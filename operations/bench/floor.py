"""The floor: what it costs to write a seated lead's rows and nothing else. No reading, no deciding, no locking order to keep but
ascending ids, no ORM; one round trip a lead, with the twelve statements in one string. Its lines rest from the start: no PIN is looked
for."""

import json
import uuid

import psycopg2
import psycopg2.extras

from operations.bench.scratch import parameters

psycopg2.extras.register_uuid()

SCOPE = "select set_config('plumbline.marketplace', %(at)s::text, true);"
ROWS = """
update accounts_prostate s set day = '2026-05-20', day_count = s.day_count + 1, week = '2026-05-18', week_count = s.week_count + 1,
  period = 3, spent = s.spent + %(price)s, received = s.received + 1, rev = s.rev + 1
  from (select id from accounts_prostate where marketplace_id = %(at)s and pro_id = any(%(pros)s) order by pro_id for no key update) l
  where s.id = l.id;
insert into leads_decision (marketplace_id, id, lead_id, at, seed, request, candidates, verdicts, winners, eligible, share, folded)
  values (%(at)s, %(decision)s, %(lead)s, %(now)s, 1, %(request)s, %(candidates)s, %(verdicts)s, %(pros)s, %(eligible)s, %(share)s, false);
insert into billing_charge (marketplace_id, id, pro_id, terms_id, price, basis, period, opened_at, discounted, credited)
  select %(at)s, m, p, %(terms)s, %(price)s, %(basis)s, 3, %(now)s, 0, 0 from unnest(%(matches)s, %(pros)s) as t(m, p);
insert into billing_transfer (marketplace_id, id, reference, at, debit_id, credit_id, amount, charge_id)
  select %(at)s, t, 'charge:' || m, %(now)s, a, %(earned)s, %(price)s, m
  from unnest(%(transfers)s, %(matches)s, %(owed)s::bigint[]) as x(t, m, a);
insert into contact_line (marketplace_id, id, number_id, pin, pro_id, homeowner_id, charge_id, about, reach, also_from, test, opened_at,
    held, expires_at, closed_at, closed_reason, earned_by, reminders, due_at, attempts)
  select %(at)s, m, (select min(id) from contact_number where marketplace_id = %(at)s), '0000', p, l.homeowner_id, m, 'A service', 'any',
    '', false, %(now)s, false, %(now)s::timestamptz + interval '90 days', %(now)s, 'floor', '', 0, %(now)s, 0
  from leads_lead l, unnest(%(matches)s, %(pros)s) as t(m, p) where l.id = %(lead)s;
insert into leads_match (marketplace_id, id, lead_id, group_id, slot, pro_id, lead_type, decision_id, charge_id, line_id, terms_id,
    price, estimate, at, state, progress, lost_reason, test)
  select %(at)s, m, %(lead)s, %(lead)s, n, p, 'automatch', %(decision)s, m, m, %(terms)s, %(price)s, 100000, %(now)s, 'live', 'new',
    '', false
  from unnest(%(matches)s, %(pros)s) with ordinality as t(m, p, n);
insert into leads_consentname (marketplace_id, consent_id, match_id, name, at)
  select %(at)s, c.id, m, 'Pro', %(now)s from leads_consent c, unnest(%(matches)s) as m where c.lead_id = %(lead)s;
insert into notifications_message (marketplace_id, id, kind, subject, recipient, channel, occurrence, address, context, zone,
    respects_quiet_hours, test, state, reason, created_at, due_at, attempts, provider_id)
  select %(at)s, i, 'new_lead', s, r, 'email', '', r || '@pros.example', %(context)s, 'America/Chicago', false, false, 'queued', '',
    %(now)s, %(now)s, 0, ''
  from unnest(%(messages)s, %(subjects)s, %(recipients)s) as t(i, s, r);
update leads_lead set state = 'closed', outcome = 'filled', outcome_reason = 'all_seats_taken', ended_at = %(now)s, due_at = null,
  attempts = 1, routed_at = %(now)s where id = %(lead)s;
insert into core_event (marketplace_id, id, kind, subject, at, actor, data, test)
  values (%(at)s, %(event)s, 'lead.closed', %(lead)s::text, %(now)s, '', '{"outcome": "filled"}', false);
"""


def write_leads(market, lead_ids, model, now) -> None:
    """Write the rows of each lead as the role of the site, one transaction a lead. `model` is a stored decision to copy in size."""
    connection = psycopg2.connect(**parameters("default"))
    rand = market.random.__class__(str(lead_ids[0]))
    with connection.cursor() as cursor:
        for lead in lead_ids:
            pros = sorted(rand.sample(rand.choice(market.segments).pros, 4))
            cursor.execute(SCOPE + ROWS, _values(market, lead, pros, model, now))
            connection.commit()
    connection.close()


def _values(market, lead, pros, model, now):
    matches = [uuid.uuid4() for _ in pros]
    return {
        "at": market.marketplace.pk,
        "lead": lead,
        "now": now,
        "pros": pros,
        "matches": matches,
        "transfers": [uuid.uuid4() for _ in pros],
        "messages": [uuid.uuid4() for _ in range(5)],
        "subjects": [*(str(match) for match in matches), str(lead)],
        "recipients": [*(f"member:{pro}" for pro in pros), f"lead:{lead}"],
        "decision": uuid.uuid4(),
        "event": uuid.uuid4(),
        **model,
    }


def model_of(decision, charge, accounts, terms_id, context) -> dict:
    """The parts of a real lead that the floor copies, so that its rows are as large."""
    return {
        "request": json.dumps(decision.request),
        "candidates": json.dumps(decision.candidates),
        "verdicts": json.dumps(decision.verdicts),
        "eligible": decision.eligible,
        "share": decision.share,
        "price": charge.price,
        "basis": json.dumps(charge.basis),
        "earned": accounts[None],
        "owed": [account for pro, account in accounts.items() if pro is not None][:4],
        "terms": terms_id,
        "context": json.dumps(context),
    }
