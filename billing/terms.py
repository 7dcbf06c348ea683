"""Terms: which conditions are in force."""

from billing.models import Terms
from core import sql

IN_FORCE = """
select {row} from billing_terms row where marketplace_id = %(marketplace)s and effective_from <= %(now)s
order by effective_from desc, version desc limit 1
"""


def publish(*, now, effective_from=None, **conditions) -> Terms:
    """The next immutable version of the conditions, in force from `effective_from` (now by default)."""
    latest = Terms.objects.order_by("-version").first()
    version = latest.version + 1 if latest else 1
    return Terms.objects.create(version=version, effective_from=effective_from or now, **conditions)


def in_force(now) -> Terms:
    """The terms under which a match made at `now` is sold. Raises Terms.DoesNotExist when none were published."""
    terms = sql.load(IN_FORCE, Terms, now=now)
    if not terms:
        raise Terms.DoesNotExist("No terms are in force: publish some with billing.terms.publish.")
    return terms[0]
