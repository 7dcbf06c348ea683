"""What homeowners read of pros: reviews of real work, and checks that hold (INVARIANTS 3, 21)."""

from operations.prove.check import Check

CHECKS = (
    Check(
        name="profiles.reviews",
        invariant=21,
        sentence="Every review is of a match of the pro it counts for, test or real as that is, after the two were in contact.",
        of="from leads_review",
        sql="""
        select r.id from leads_review r left join leads_match m on m.id = r.match_id left join contact_line l on l.id = m.line_id
        where m.id is null or (m.pro_id, m.test) is distinct from (r.pro_id, r.test) or l.last_contact_at is null or r.at < m.at
        """,
    ),
    Check(
        name="profiles.checks",
        invariant=3,
        sentence="What the decision reads of a pro's license and insurance is the end of the check that stands.",
        of="from accounts_prostate",
        sql="""
        select s.pro_id from accounts_prostate s
        left join accounts_check c on c.pro_id = s.pro_id and c.kind = 'licence' and c.revoked_at is null
        left join accounts_check i on i.pro_id = s.pro_id and i.kind = 'insurance' and i.revoked_at is null
        where (s.licensed_until, s.insured_until) is distinct from (c.ends_at, i.ends_at)
        """,
    ),
)
