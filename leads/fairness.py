"""Fair share over time: what each pro is entitled to is folded from kept decisions into its state (RULES 13, DESIGN 4).

The hot path writes nothing for the pros who did not win; this fold, every few seconds, does it for all of them at once.
"""

from core import sql

BATCH = 50  # decisions a transaction: short, so that seats waiting for a pro's row wait little

FOLD = """
with batch as (
  select id, eligible, share from leads_decision
  where marketplace_id = %(marketplace)s and not folded order by id limit %(batch)s for no key update skip locked
), parts as (
  select part.pro, sum(part.share)::bigint as share from batch, unnest(batch.eligible, batch.share) as part(pro, share) group by 1
), locked as materialized (
  select id, pro_id from accounts_prostate
  where marketplace_id = %(marketplace)s and pro_id in (select pro from parts) order by pro_id for no key update
), added as (
  update accounts_prostate s set entitled = s.entitled + parts.share
  from locked join parts on parts.pro = locked.pro_id where s.id = locked.id
)
update leads_decision d set folded = true from batch where d.id = batch.id
"""


def fold() -> int:
    """Fold one batch of decisions, exactly once each; returns how many. Call it until it returns less than BATCH, each call in
    a scope of its own. `rev` stays: what a pro is owed decides the order, never whether it is eligible."""
    return sql.run(FOLD, batch=BATCH)
