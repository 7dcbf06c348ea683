"""The form by which staff bring a company in."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminTextInputWidget,
)

from accounts.enrolling import enrol
from accounts.models import Pro
from catalog.models import Service
from core.errors import Refusal

CENTS = 100
FIELDS = {"center": "zip"}


class EnrollingForm(forms.ModelForm):
    """A company as staff type it. It is there once the form is valid, or nothing of it is."""

    name = forms.CharField(label=_("Company"), max_length=120, widget=UnfoldAdminTextInputWidget)
    zip = forms.CharField(label=_("ZIP code"), max_length=5, widget=UnfoldAdminTextInputWidget)
    miles = forms.IntegerField(label=_("Works within, miles"), min_value=1, initial=25, widget=UnfoldAdminIntegerFieldWidget)
    services = forms.ModelMultipleChoiceField(label=_("Services"), queryset=None, widget=UnfoldAdminCheckboxSelectMultipleWidget)
    phone = forms.CharField(label=_("Phone"), required=False, widget=UnfoldAdminTextInputWidget)
    email = forms.EmailField(label=_("Company e-mail"), required=False, widget=UnfoldAdminTextInputWidget)
    budget = forms.DecimalField(
        label=_("Budget cap for 30 days, dollars"), required=False, min_value=0, max_digits=9, decimal_places=2,
        help_text=_("The most it spends. Empty: no cap, where the policy allows that."), widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    owner_email = forms.EmailField(
        label=_("Owner's e-mail"),
        help_text=_("An invitation goes there; who accepts it owns the account."),
        widget=UnfoldAdminTextInputWidget,
    )

    class Meta:
        model = Pro
        fields = []

    by = now = None  # the user of the staff, and the instant, set by the page

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["services"].queryset = Service.objects.filter(active=True).select_related("trade").order_by("trade__position", "name")

    def clean(self):
        said = super().clean()
        if not self.errors:
            asked = {name: said[name] for name in ("name", "zip", "miles", "services", "phone", "email", "owner_email")}
            budget = None if said["budget"] is None else int(said["budget"] * CENTS)
            try:
                with transaction.atomic():
                    self.instance = enrol(**asked, budget=budget, by=self.by, now=self.now)
            except Refusal as refusal:
                for name, sentence in refusal.fields.items() or [(None, str(refusal))]:
                    name = FIELDS.get(name, name)
                    self.add_error(name if name in self.fields else None, sentence)
        return said
