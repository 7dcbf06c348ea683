"""The form by which staff announce new terms: dollars, percent, minutes and hours become cents, basis points and seconds."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
)

from billing import terms
from billing.models import Terms
from catalog.models import Service

HUNDRED = Decimal(100)
PRICE = "price__"  # price__<service's code>
FIELDS = {
    "prices": None,
    "basis_points": "share",
    "price_min": "lowest",
    "price_max": "highest",
    "discount_bp": "discount",
    "discount_seconds": "minutes",
    "claim_seconds": "hours",
}


def _amount(label, help_text=""):
    return forms.DecimalField(
        label=label, help_text=help_text, required=False, min_value=0, max_digits=9, decimal_places=2, widget=UnfoldAdminDecimalFieldWidget
    )


def _whole(label, most):
    return forms.IntegerField(label=label, min_value=0, max_value=most, widget=UnfoldAdminIntegerFieldWidget)


class TermsForm(forms.ModelForm):
    """Filled with the terms announced last. What was sold is sold under the terms it was sold under."""

    effective_from = forms.SplitDateTimeField(label=_("In force from"), widget=UnfoldAdminSplitDateTimeWidget)
    pricing = forms.ChoiceField(label=_("What a lead costs"), choices=Terms.Pricing.choices, widget=UnfoldAdminSelectWidget)
    share = _amount(_("Share of the job's value, percent"), _("Where a lead costs a share."))
    lowest = _amount(_("Lowest price, dollars"), _("Empty: none."))
    highest = _amount(_("Highest price, dollars"), _("Empty: none."))
    discount = _amount(_("Speed-To-Call discount, percent"), _("0: there is none."))
    minutes = _whole(_("Call within, minutes"), most=1_440)
    hours = _whole(_("A credit may be asked for, hours"), most=8_760)

    now = None  # the instant, set by the page

    class Meta:
        model = Terms
        fields = ["effective_from", "pricing"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        if latest := Terms.objects.order_by("-version").first():
            self.initial |= {
                "pricing": latest.pricing,
                "share": latest.basis_points / HUNDRED,
                "lowest": _dollars(latest.price_min),
                "highest": _dollars(latest.price_max),
                "discount": latest.discount_bp / HUNDRED,
                "minutes": latest.discount_seconds // 60,
                "hours": latest.claim_seconds // 3600,
                **{f"{PRICE}{code}": _dollars(cents) for code, cents in latest.prices.items()},
            }

    def conditions(self) -> dict:
        """What billing.terms.announce takes."""
        said = self.cleaned_data
        prices = {name.removeprefix(PRICE): _cents(value) for name, value in said.items() if name.startswith(PRICE) and value is not None}
        return {
            "effective_from": said["effective_from"],
            "pricing": said["pricing"],
            "prices": prices if said["pricing"] == Terms.Pricing.FLAT else {},
            "basis_points": _cents(said["share"]) or 0,
            "price_min": _cents(said["lowest"]),
            "price_max": _cents(said["highest"]),
            "discount_bp": _cents(said["discount"]) or 0,
            "discount_seconds": said["minutes"] * 60,
            "claim_seconds": said["hours"] * 3600,
        }

    def clean(self):
        said = super().clean()
        if not self.errors:
            for name, sentence in terms.problems(**self.conditions(), now=self.now).items():
                self.add_error(FIELDS.get(name, name), sentence)
        return said


def form_class(now) -> type:
    """A TermsForm of this instant, with a price for every service on offer."""
    prices = {name: _amount(label) for name, label in _services()}
    return type("TermsForm", (TermsForm,), {"now": now, **prices})


def fieldsets() -> list:
    conditions = ["effective_from", "pricing", "share", "lowest", "highest", "discount", "minutes", "hours"]
    prices = [name for name, _label in _services()]
    return [(None, {"fields": conditions}), (_("Flat price per service, dollars"), {"classes": ["collapse"], "fields": prices})]


def _services():
    return [(f"{PRICE}{service.code}", service.name) for service in Service.objects.filter(active=True).order_by("name")]


def _dollars(cents):
    return None if cents is None else cents / HUNDRED


def _cents(amount):
    """Of dollars cents, of percent basis points."""
    return None if amount is None else int(amount * HUNDRED)
