"""What lets somebody in, a link or a code, is not left lying where staff and backups can read it."""

from core import sql
from notifications.kinds import OPENING

FORGET = """
update notifications_message set context = context - '{url,code}'::text[] where marketplace_id = %(marketplace)s and id = any(%(rows)s)
"""


def forget(kinds: dict) -> None:
    """Forget what lets in, of those of these messages ({id: kind}) that have it: they need not be written again."""
    rows = [pk for pk, kind in kinds.items() if kind in OPENING]
    if rows:
        sql.run(FORGET, rows=rows)
