"""Time that passes in a play: a little, much, exactly to what is due next, a second beside it, and now and then back by a minute."""

from datetime import datetime, timedelta

from core import sql
from core.tenancy import scope

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

NEXT = """
select at from (
  select due_at as at from leads_lead where marketplace_id = %(marketplace)s
  union all select closes_at from leads_lead where marketplace_id = %(marketplace)s and state <> 'closed'
  union all select draws_at from leads_lead where marketplace_id = %(marketplace)s and drawn_at is null
  union all select expires_at from leads_offer where marketplace_id = %(marketplace)s and state in ('open', 'waiting')
  union all select opens_at from leads_offer where marketplace_id = %(marketplace)s
  union all select undo_until from leads_offer where marketplace_id = %(marketplace)s
  union all select clock_ends_at from contact_line where marketplace_id = %(marketplace)s
  union all select warn_due_at from leads_match where marketplace_id = %(marketplace)s
  union all select warned_at + interval '24 hours' from leads_match where marketplace_id = %(marketplace)s
  union all select at + interval '48 hours' from leads_match where marketplace_id = %(marketplace)s
  union all select due_at from billing_membership where marketplace_id = %(marketplace)s
) as instants where at > %(now)s order by at limit 1
"""


def later(game) -> datetime:
    """What time it is next."""
    how = game.chance.random()
    if how < 0.5:
        return game.now + game.chance.choice([SECOND, 20 * SECOND, MINUTE, 5 * MINUTE, 10 * MINUTE])
    if how < 0.8:
        with scope(game.marketplace):
            found = sql.rows(NEXT, now=game.now)
        beside = game.chance.choice([-SECOND, timedelta(0), timedelta(0), timedelta(microseconds=1), SECOND])
        return max(game.now, found[0][0] + beside) if found else game.now + HOUR
    if how < 0.95:
        return game.now + game.chance.choice([HOUR, 4 * HOUR, 12 * HOUR])
    if how < 0.98 or not game.back:
        return game.now + game.chance.choice([DAY, 2 * DAY, 3 * DAY])
    return game.now - MINUTE
