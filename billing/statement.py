"""How a price was made, in words, and a statement that adds up. Pure."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.pricing import share


class Amounts:
    """What `price`, `discounted` and `credited` come to, and how a statement shows what is taken off."""

    @property
    def net(self) -> int:
        return self.price - self.discounted - self.credited

    @property
    def saved(self) -> int:
        return self.discounted + self.credited

    @property
    def discount(self) -> int:
        return -self.discounted

    @property
    def credit(self) -> int:
        return -self.credited


@dataclass(frozen=True)
class Sum(Amounts):
    """What some charges come to, in cents; `period` counts the pro's 30-day periods from 0."""

    period: int
    charges: int = 0
    price: int = 0
    discounted: int = 0
    credited: int = 0


@dataclass(frozen=True)
class Line(Amounts):
    """One charge of a statement. `label` and `code` name the lead, `how` says how its price was made; an `undone` one was given back by its
    pro, not credited."""

    id: object
    at: object
    label: str
    code: str
    lead_type: str
    how: str
    price: int
    discounted: int
    credited: int
    undone: bool = False


@dataclass(frozen=True)
class Added:
    """Money that came into the wallet: `reference` names the payment, `cents` were added."""

    at: object
    reference: str
    cents: int


NO_LEAD = gettext_lazy("Lead")


def line(charge, names: dict) -> Line:
    """The line of `charge`; `names` maps the ids of charges to (label, code, lead type, whether it was undone)."""
    label, code, lead_type, undone = names.get(charge.pk, (NO_LEAD, "", "", False))
    return Line(
        id=charge.pk,
        at=charge.opened_at,
        label=str(label),
        code=code,
        lead_type=lead_type,
        how=f"{how_made(charge)}, {price_list(charge.terms)}",
        price=charge.price,
        discounted=charge.discounted,
        credited=charge.credited,
        undone=undone,
    )


def how_made(charge) -> str:
    """ "Flat price" or "1% of $2,500", from what was kept with the charge and its terms."""
    return how_priced(charge.price, charge.basis, charge.terms)


def how_priced(price: int, basis: dict, terms) -> str:
    """The same of a price that nobody has paid yet, from its quote (billing.pricing)."""
    if basis.get("pricing") != "percent":
        return _("Flat price")
    said = {"percent": percent(basis["basis_points"]), "estimate": whole_dollars(basis["estimate"]), "price": whole_dollars(price)}
    exact = share(basis["estimate"], basis["basis_points"])
    if price > exact and price == terms.price_min:
        return _("%(percent)s of %(estimate)s, at least %(price)s") % said
    if price < exact and price == terms.price_max:
        return _("%(percent)s of %(estimate)s, at most %(price)s") % said
    return _("%(percent)s of %(estimate)s") % said


def price_list(terms) -> str:
    """Which version of the conditions priced it, "price list 3"."""
    return _("price list %(version)s") % {"version": terms.version}


def price_list_since(terms) -> str:
    """ "Price list 3, in force since Sep 1, 2025"."""
    since = date_format(terms.effective_from, "M j, Y")
    return _("Price list %(version)s, in force since %(since)s") % {"version": terms.version, "since": since}


def percent(basis_points: int) -> str:
    """100 -> "1%", 125 -> "1.25%"."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02}".rstrip("0").rstrip(".") + "%"


def whole_dollars(cents: int) -> str:
    """ "$2,500", and with cents where there are some: "$2,500.50"."""
    dollars, rest = divmod(cents, 100)
    return f"${dollars:,}.{rest:02}" if rest else f"${dollars:,}"
