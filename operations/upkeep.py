"""After a bulk load: what autovacuum would do some minutes later, done now."""

from django.db import connections

LOADED = (
    "accounts_pro",
    "accounts_prostate",
    "accounts_proarea",
    "accounts_proservice",
    "accounts_coverage",
    "accounts_member",
    "accounts_user",
)


def refresh(tables=LOADED) -> None:
    """Give the planner its statistics and let matching read its index alone (a segment is walked without its table).

    Runs as the owner, outside a transaction."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"vacuum (analyze) {', '.join(tables)}")
