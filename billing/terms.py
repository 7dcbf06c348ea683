"""Terms: which conditions are in force, and which are announced (RULES 32)."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from billing.models import Charge, Terms
from billing.policy import Billing
from billing.pricing import WHOLE
from core import events, sql
from core.errors import NotAllowed, Refusal
from core.marketplaces import one_at_a_time
from core.policy import read

IN_FORCE = """
select {row} from billing_terms row where marketplace_id = %(marketplace)s and effective_from <= %(now)s
order by effective_from desc, version desc limit 1
"""


class BadTerms(Refusal):
    """Conditions that cannot be sold under; `fields` names them."""

    code = "bad_terms"
    sentence = _("Some of these conditions are not possible. Correct them, then publish again.")
    status = 400


def publish(*, now, effective_from=None, **conditions) -> Terms:
    """The next immutable version of the conditions, in force from `effective_from` (now by default)."""
    one_at_a_time()
    latest = Terms.objects.order_by("-version").first()
    version = latest.version + 1 if latest else 1
    return Terms.objects.create(version=version, effective_from=effective_from or now, **conditions)


def announce(*, effective_from, by, now, **conditions) -> Terms:
    """`publish`, by the one who runs the marketplace: from the notice of RULES 32 on, or at once as long as nothing was sold.

    Refuses NotAllowed for other staff, and BadTerms.
    """
    if not (by.is_staff and by.owns_marketplace):
        raise NotAllowed
    if wrong := problems(effective_from=effective_from, now=now, **conditions):
        raise BadTerms(fields=wrong)
    terms = publish(now=now, effective_from=max(effective_from, now), **conditions)
    events.record("terms.published", f"terms:{terms.version}", now=now, actor=f"staff:{by.pk}")
    return terms


def problems(*, effective_from, now, pricing, claim_seconds, prices=None, basis_points=0, price_min=None, price_max=None, discount_bp=0,
             discount_seconds=1800) -> dict:  # fmt: skip
    """{condition: why it is not possible}; empty for conditions that can be announced at `now`."""
    wrong = {}
    days = read(Billing).terms_notice_days
    if effective_from < now + timedelta(days=days) and Charge.objects.exists():
        wrong["effective_from"] = _("Pros are told %(days)s days before: choose a later day.") % {"days": days}
    if pricing not in Terms.Pricing.values:
        wrong["pricing"] = _("Choose one of the two.")
    if pricing == Terms.Pricing.PERCENT and not 0 < basis_points <= WHOLE:
        wrong["basis_points"] = _("Enter the share of the job's value, more than 0 % and at most 100 %.")
    if pricing == Terms.Pricing.FLAT and not prices:
        wrong["prices"] = _("Enter the price of at least one service.")
    if price_min is not None and price_max is not None and price_min > price_max:
        wrong["price_max"] = _("The highest price must not be below the lowest.")
    if not 0 <= discount_bp <= WHOLE:
        wrong["discount_bp"] = _("Enter 0 % to 100 %.")
    if discount_bp and discount_seconds <= 0:
        wrong["discount_seconds"] = _("Enter within how many minutes a call earns it.")
    if claim_seconds <= 0:
        wrong["claim_seconds"] = _("Enter how many hours a credit may be asked for.")
    return wrong


def in_force(now) -> Terms:
    """The terms under which a match made at `now` is sold. Raises Terms.DoesNotExist when none were published."""
    terms = sql.load(IN_FORCE, Terms, now=now)
    if not terms:
        raise Terms.DoesNotExist("No terms are in force: publish some with billing.terms.publish.")
    return terms[0]


def add_price(service_code: str, cents: int, *, now) -> None:
    """Name the price of a service that no terms named yet, in those in force and in those announced: nobody was shown another, so that it
    needs no notice (RULES 32). Terms without a price list stay as they are."""
    one_at_a_time()
    announced = list(Terms.objects.filter(effective_from__gt=now).order_by("effective_from", "version"))
    for terms in (in_force(now), *announced):
        if terms.pricing == Terms.Pricing.FLAT and service_code not in terms.prices:
            kept = {field.name: getattr(terms, field.name) for field in Terms._meta.concrete_fields}
            conditions = {name: value for name, value in kept.items() if name not in ("id", "marketplace", "version", "effective_from")}
            prices = {"prices": terms.prices | {service_code: cents}}
            publish(now=now, effective_from=max(terms.effective_from, now), **conditions | prices)
