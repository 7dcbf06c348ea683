"""What a lead costs. The one place where a price is computed and rounded (RULES 28)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from billing.models import Terms
from core.errors import Refusal

WHOLE = 10_000  # basis points


class NoPrice(Refusal):
    """The price list of these terms does not name the service: the lead cannot be sold."""

    code = "no_price"
    sentence = _("This service has no price yet. Add it to the next price list.")


@dataclass(frozen=True)
class Quote:
    """A price in cents and how it was made; `basis` is kept with the charge."""

    price: int
    basis: dict


def share(amount: int, basis_points: int) -> int:
    """`basis_points` of `amount`, in whole cents, half up. Both are 0 or more."""
    return (amount * basis_points + WHOLE // 2) // WHOLE


def quote(terms: Terms, service_code: str, estimate: int) -> Quote:
    """The full price of a lead under `terms`; `estimate` is the job's value in cents. Pure.

    Flat: the list's price. Percentage: clamp(round(estimate x bp / 10000), min, max). Raises NoPrice.
    """
    if terms.pricing == Terms.Pricing.FLAT:
        if service_code not in terms.prices:
            raise NoPrice
        price = terms.prices[service_code]
        return Quote(price, {"pricing": "flat", "service": service_code, "terms": terms.version})
    price = share(estimate, terms.basis_points)
    price = max(price, terms.price_min or 0)
    price = min(price, terms.price_max) if terms.price_max is not None else price
    basis = {"pricing": "percent", "basis_points": terms.basis_points, "estimate": estimate, "terms": terms.version}
    return Quote(price, basis)


def discounted(terms: Terms, price: int) -> int:
    """What the Speed-To-Call discount takes off an already rounded `price`."""
    return share(price, terms.discount_bp)
