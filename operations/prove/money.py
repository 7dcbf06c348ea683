"""Charges and the books (INVARIANTS 6, 9-14)."""

from operations.prove.check import Check

# The price of a match by its immutable terms, in whole cents, half up.
PRICE = """
case t.pricing
  when 'flat' then (t.prices ->> s.code)::bigint
  else least(greatest((m.estimate * t.basis_points + 5000) / 10000, coalesce(t.price_min, 0)), t.price_max)
end
"""

CHECKS = (
    Check(
        name="money.budget",
        invariant=6,
        sentence="No seat took a pro past the budget it had at that instant, in its 30-day period.",
        of="from proved_seat where budget is not null",
        sql="select id from proved_seat where kept_before + price > budget",
    ),
    Check(
        name="money.spent",
        invariant=6,
        sentence="What a pro is said to have spent in its running period is what its charges of that period add up to.",
        of="from accounts_prostate",
        sql="""
        with latest as (select pro_id, max(period) as period from proved_seat group by pro_id),
        counted as (
          select l.pro_id, l.period, sum(p.price - coalesce(p.taken_back, 0)) as spent
          from proved_seat p join latest l on l.pro_id = p.pro_id and l.period = p.period group by l.pro_id, l.period
        )
        select s.pro_id from accounts_prostate s left join counted c on c.pro_id = s.pro_id
        where s.period is distinct from c.period or s.spent <> coalesce(c.spent, 0)
        """,
    ),
    Check(
        name="money.period",
        invariant=6,
        sentence="A charge counts in the pro's 30-day period in which the match was made.",
        of="from proved_seat",
        sql="select id from proved_seat where charged_period <> period",
    ),
    Check(
        name="money.charged_once",
        invariant=10,
        sentence="Every charge with a price was posted exactly once, with its amount.",
        of="from billing_charge",
        sql="""
        select c.id from billing_charge c left join billing_transfer t on t.reference = 'charge:' || c.id
        group by c.id having case when c.price > 0 then count(t.id) <> 1 or min(t.amount) <> c.price else count(t.id) > 0 end
        """,
    ),
    Check(
        name="money.reference",
        invariant=10,
        sentence="Every transfer names the business event it posts, and the charge it belongs to, if it is of a lead.",
        of="from billing_transfer",
        sql="""
        select t.id from billing_transfer t left join billing_charge c on c.id = t.charge_id
        where case when starts_with(t.reference, 'topup:') or starts_with(t.reference, 'membership:') then t.charge_id is not null
          else c.id is null or t.at < c.opened_at
            or t.reference not in ('charge:' || c.id, 'discount:' || c.id, 'undo:' || c.id) and not starts_with(t.reference, 'credit:') end
        """,
    ),
    Check(
        name="money.accounts",
        invariant=9,
        sentence="A charge moves money from what its pro owes, or its wallet, to what the marketplace earned; so does a membership; a "
        "payment fills a wallet; anything else moves it back.",
        of="from billing_transfer",
        sql="""
        select t.id from billing_transfer t left join billing_charge c on c.id = t.charge_id
        join billing_ledgeraccount d on d.id = t.debit_id join billing_ledgeraccount e on e.id = t.credit_id
        cross join lateral (select case when c.prepaid then 'wallet' else 'receivable' end as kind) as mine
        where case
          when starts_with(t.reference, 'topup:')
            then (d.kind, d.pro_id, e.kind) is distinct from ('cash', null, 'wallet') or e.pro_id is null
          when starts_with(t.reference, 'membership:')
            then d.kind not in ('wallet', 'receivable') or d.pro_id is null or (e.kind, e.pro_id) is distinct from ('memberships', null)
          when c.id is null then false
          when starts_with(t.reference, 'charge:')
            then (d.kind, d.pro_id, e.kind, e.pro_id) is distinct from (mine.kind, c.pro_id, 'leads', null)
          else (e.kind, e.pro_id, d.kind, d.pro_id) is distinct from (mine.kind, c.pro_id, 'leads', null) end
        """,
    ),
    Check(
        name="money.wallet",
        invariant=13,
        sentence="What is in a wallet is what its transfers add up to, and never below the floor.",
        of="from accounts_prostate",
        sql="""
        with moved as (
          select a.pro_id, t.amount from billing_transfer t join billing_ledgeraccount a on a.id = t.credit_id where a.kind = 'wallet'
          union all
          select a.pro_id, -t.amount from billing_transfer t join billing_ledgeraccount a on a.id = t.debit_id where a.kind = 'wallet'
        ), held as (select pro_id, sum(amount) as cents from moved group by pro_id)
        select s.pro_id from accounts_prostate s left join held h on h.pro_id = s.pro_id
        where s.wallet <> coalesce(h.cents, 0) or s.wallet < least(%(wallet_floor)s, 0)
        """,
    ),
    Check(
        name="money.reserved",
        invariant=13,
        sentence="What is reserved of a pro is what its waiting offers show, and its wallet holds that much above the floor.",
        of="from accounts_prostate",
        sql="""
        with waiting as (
          select pro_id, sum(reserved) as cents, bool_or(reserved <> case when test then 0 else price end) as otherwise
          from leads_offer where state = 'waiting' group by pro_id
        )
        select s.pro_id from accounts_prostate s left join waiting w on w.pro_id = s.pro_id
        where s.reserved <> coalesce(w.cents, 0) or w.otherwise
          or %(prepaid)s and s.reserved > 0 and s.wallet - s.reserved < %(wallet_floor)s
        """,
    ),
    Check(
        name="money.bounds",
        invariant=12,
        sentence="Discount and credit together never exceed the price, and none is below zero.",
        of="from billing_charge",
        sql="select id from billing_charge where discounted + credited > price or discounted < 0 or credited < 0 or price < 0",
    ),
    Check(
        name="money.taken_back",
        invariant=13,
        sentence="Discount and credit of a charge are what was posted back for it.",
        of="from billing_charge",
        sql="""
        select c.id from billing_charge c left join billing_transfer t on t.charge_id = c.id and not starts_with(t.reference, 'charge:')
        group by c.id having c.discounted + c.credited <> coalesce(sum(t.amount), 0)
        """,
    ),
    Check(
        name="money.price",
        invariant=14,
        sentence="The price of a match is what its terms make of it, and the terms were in force.",
        of="from leads_match",
        sql=f"""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id join catalog_service s on s.id = l.service_id
        join billing_terms t on t.id = m.terms_id where m.price is distinct from {PRICE} or t.effective_from > m.at
        """,
    ),
    Check(
        name="money.shown",
        invariant=14,
        sentence="What was charged is what was shown: pro, price, terms and instant of a match are those of its charge.",
        of="from billing_charge",
        sql="""
        select c.id from billing_charge c left join leads_match m on m.id = c.id
        where m.id is null or (m.pro_id, m.price, m.terms_id, m.at) is distinct from (c.pro_id, c.price, c.terms_id, c.opened_at)
        """,
    ),
    Check(
        name="money.estimate",
        invariant=14,
        sentence="The job value a match was sold on is that of its lead and of its charge.",
        of="from leads_match",
        sql="""
        select m.id from leads_match m join leads_lead l on l.id = m.lead_id left join billing_charge c on c.id = m.id
        where m.estimate <> l.estimate or (c.basis ->> 'estimate')::bigint <> m.estimate
        """,
    ),
)
