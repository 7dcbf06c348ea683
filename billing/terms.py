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


def add_price(service_code: str, cents: int, *, now) -> None:
    """Name the price of a service that no terms named yet, in those in force and in those announced: nobody was shown another, so that it
    needs no notice (RULES 32). Terms without a price list stay as they are."""
    announced = list(Terms.objects.filter(effective_from__gt=now).order_by("effective_from", "version"))
    for terms in (in_force(now), *announced):
        if terms.pricing == Terms.Pricing.FLAT and service_code not in terms.prices:
            kept = {field.name: getattr(terms, field.name) for field in Terms._meta.concrete_fields}
            conditions = {name: value for name, value in kept.items() if name not in ("id", "marketplace", "version", "effective_from")}
            prices = {"prices": terms.prices | {service_code: cents}}
            publish(now=now, effective_from=max(terms.effective_from, now), **conditions | prices)
