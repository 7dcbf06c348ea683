"""Fair share, and the rows matching reads of a pro (INVARIANTS 3, 7)."""

from leads.decision import SEAT
from operations.prove.areas import FALSE_AREAS
from operations.prove.check import Check

BAND = 2  # seats either way, always
ENOUGH = 20  # seats from which on the ratio is judged


CHECKS = (
    Check(
        name="fairness.received",
        invariant=7,
        sentence="What a pro is said to have received is the number of its AutoMatch seats.",
        of="from accounts_prostate",
        sql="""
        with counted as (select pro_id, count(*) as seats from proved_seat where lead_type = 'automatch' group by pro_id)
        select s.pro_id from accounts_prostate s left join counted c on c.pro_id = s.pro_id where s.received <> coalesce(c.seats, 0)
        """,
    ),
    Check(
        name="fairness.entitled",
        invariant=7,
        sentence="What a pro is said to be entitled to is the sum of its shares in the folded decisions.",
        of="from accounts_prostate",
        sql="""
        select s.pro_id from accounts_prostate s left join proved_share d on d.pro_id = s.pro_id where s.entitled <> coalesce(d.folded, 0)
        """,
    ),
    Check(
        name="fairness.band",
        invariant=7,
        sentence=f"No pro has received more than {BAND} seats less or more than all decisions entitled it to.",
        of="from accounts_prostate where not test",
        sql=f"""
        select s.pro_id from accounts_prostate s left join proved_share d on d.pro_id = s.pro_id
        where not s.test and abs(s.received * {SEAT}::bigint - coalesce(d.entitled, 0)) > {BAND * SEAT}
        """,
    ),
    Check(
        name="fairness.ratio",
        invariant=7,
        sentence=f"A pro entitled to {ENOUGH} seats or more has received 95 to 105 percent of them.",
        of=f"from proved_share where entitled >= {ENOUGH * SEAT}",
        sql=f"""
        select s.pro_id from accounts_prostate s join proved_share d on d.pro_id = s.pro_id
        where not s.test and d.entitled >= {ENOUGH * SEAT}
          and s.received * {SEAT}::bigint * 100 not between d.entitled * 95 and d.entitled * 105
        """,
    ),
    Check(
        name="fairness.drawn",
        invariant=7,
        sentence="What a pro is said to be owed by draws is the sum of its shares in them, less the seats it was drawn for.",
        of="from accounts_prostate",
        sql="""
        with part as (
          select part.pro_id, sum(part.share)::bigint as share, count(*) filter (where part.pro_id = any(d.winners)) as won
          from leads_decision d join leads_lead l on l.id = d.lead_id and not l.test
          cross join unnest(d.eligible, d.share) as part(pro_id, share) where (d.request ->> 'draw')::boolean group by part.pro_id
        )
        select s.pro_id from accounts_prostate s left join part p on p.pro_id = s.pro_id
        where (s.draw_entitled, s.draw_won) is distinct from (coalesce(p.share, 0), coalesce(p.won, 0)::int)
        """,
    ),
    Check(
        name="fairness.state",
        invariant=3,
        sentence="Every pro has the row matching reads, and it agrees with the pro on approval and test traffic.",
        of="from accounts_pro",
        sql="""
        select p.id from accounts_pro p left join accounts_prostate s on s.pro_id = p.id
        where s.id is null or s.test <> p.test or s.approved <> (p.status = 'approved')
        """,
    ),
    Check(
        name="fairness.areas",
        invariant=3,
        sentence="The areas matching reads are what the pro's services and coverage say.",
        of="from accounts_proarea",
        sql=FALSE_AREAS,
    ),
)
