"""The books in the admin, to look at: nobody changes what was posted, and a correction is another posting (INVARIANTS 9)."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, Sum
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accounts.models import Pro
from billing import wallet
from billing.models import Charge, LedgerAccount, Terms, Transfer
from billing.policy import Billing
from billing.statement import how_made, percent
from catalog.guide import dollars
from core.admin import SHOWN, Section, TenantAdmin, facts, link, linked
from core.errors import Refusal
from core.policy import read


@admin.register(Terms)
class TermsAdmin(TenantAdmin):
    list_display = ["version", "pricing", "effective_from", "share", "discount"]
    list_leaves_out = ["prices"]
    exclude = ["prices"]

    @admin.display(description=_("share of the job's value"))
    def share(self, terms):
        return percent(terms.basis_points) if terms.basis_points else None

    @admin.display(description=_("Speed-To-Call"))
    def discount(self, terms):
        return percent(terms.discount_bp) if terms.discount_bp else None

    def sections(self, terms):
        return [facts(_("Flat prices"), *((service, dollars(cents)) for service, cents in sorted(terms.prices.items())))]


@admin.register(LedgerAccount)
class LedgerAccountAdmin(TenantAdmin):
    list_display = ["kind", "pro"]
    list_filter = ["kind"]
    list_select_related = ["pro"]
    search_fields = ["pro__name"]
    readonly_fields = ["balance"]

    @admin.display(description=_("balance"))
    def balance(self, account):
        mine = {"debit": Sum("amount", filter=Q(debit=account)), "credit": Sum("amount", filter=Q(credit=account))}
        found = Transfer.objects.filter(Q(debit=account) | Q(credit=account)).aggregate(**mine)
        return dollars((found["debit"] or 0) - (found["credit"] or 0))


@admin.register(Charge)
class ChargeAdmin(TenantAdmin):
    list_display = ["opened_at", "pro", "price_", "discounted_", "credited_", "net_", "period"]
    list_select_related = ["pro"]
    search_fields = ["pro__name"]
    follows = ["pro"]
    fields = ["pro", "seat", "terms", "how", "price_", "discounted_", "credited_", "net_", "period", "opened_at"]

    @admin.display(description=_("seat"))
    def seat(self, charge):
        """Its id is the charge's: why this pro, and the lead."""
        return linked(reverse("admin:leads_match_change", args=[charge.pk]), _("Why this pro has it"))

    @admin.display(description=_("price"))
    def price_(self, charge):
        return dollars(charge.price)

    @admin.display(description=_("discount"))
    def discounted_(self, charge):
        return dollars(-charge.discounted)

    @admin.display(description=_("credit"))
    def credited_(self, charge):
        return dollars(-charge.credited)

    @admin.display(description=_("to pay"))
    def net_(self, charge):
        return dollars(charge.net)

    @admin.display(description=_("how the price was made"))
    def how(self, charge):
        return how_made(charge)

    def sections(self, charge):
        posted = Transfer.objects.filter(charge=charge).select_related("debit__pro", "credit__pro")[:SHOWN]
        rows = [[link(each, each.reference), each.at, _side(each.debit), _side(each.credit), dollars(each.amount)] for each in posted]
        return [Section(_("Transfers"), [_("Reference"), _("When"), _("Debit"), _("Credit"), _("Amount")], rows)]


class PaymentForm(forms.ModelForm):
    """A payment that reached the marketplace, typed by whoever saw it (billing.wallet.top_up). Its fields are not those of a transfer."""

    pro = forms.IntegerField(label=_("Pro"), min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    dollars = forms.RegexField(
        r"\A\$?[0-9]{1,7}(\.[0-9]{2})?\Z",
        label=_("Amount, dollars"),
        error_messages={"invalid": _("Enter an amount in dollars, like 600 or 600.00.")},
        widget=UnfoldAdminTextInputWidget,
    )
    payment = forms.CharField(
        label=_("Payment"), help_text=_("Its number at the bank or the card company."), max_length=60, widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Transfer
        fields = []

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        asked = str(self.initial.get("pro", ""))
        if asked.isascii() and asked.isdecimal() and len(asked) < 19 and (pro := Pro.objects.filter(pk=int(asked)).first()):
            self.fields["dollars"].help_text = _("What %(pro)s has paid.") % {"pro": pro.name}

    def clean_pro(self):
        found = Pro.objects.filter(pk=self.cleaned_data["pro"]).first()
        if found is None:
            raise forms.ValidationError(_("There is no such pro."))
        return found

    def clean_dollars(self):
        whole, _point, rest = self.cleaned_data["dollars"].removeprefix("$").partition(".")
        return int(whole) * 100 + int(rest or 0)


@admin.register(Transfer)
class TransferAdmin(TenantAdmin):
    """The books. What can be added is a payment, from the page of the pro that paid; everything else is posted by what happened."""

    list_display = ["at", "reference", "debit_", "credit_", "amount_"]
    list_select_related = ["debit__pro", "credit__pro"]
    search_fields = ["reference__exact"]
    search_help_text = _("The whole reference, like charge:<id>")
    fields = ["reference", "at", "debit", "credit", "amount_", "charge", "reverses"]

    def has_add_permission(self, request):
        """Where pros pay beforehand; the page of the pro leads here."""
        return self.has_view_permission(request) and read(Billing).prepaid

    def get_form(self, request, obj=None, change=False, **options):
        return super().get_form(request, obj, change, **options) if obj else PaymentForm

    def get_fields(self, request, obj=None):
        return self.fields if obj else ["pro", "dollars", "payment"]

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the use case refuses is said on the form, which keeps what was typed."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            typed = {name: request.POST.get(name, "") for name in ("pro", "dollars", "payment")}
            return HttpResponseRedirect(f"{reverse('admin:billing_transfer_add')}?{urlencode(typed)}")

    def save_model(self, request, row, form, change):
        said = form.cleaned_data
        wallet.top_up(said["pro"], said["dollars"], by=request.user, reference=said["payment"], now=timezone.now())
        row.pk = wallet.payment(said["payment"]).pk

    def log_addition(self, request, row, message):
        """The event of the top-up says who and when."""

    def response_add(self, request, row, post_url_continue=None):
        self.message_user(request, _("The payment is in the wallet."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:billing_transfer_change", args=[row.pk]))

    @admin.display(description=_("debit"))
    def debit_(self, transfer):
        return _side(transfer.debit)

    @admin.display(description=_("credit"))
    def credit_(self, transfer):
        return _side(transfer.credit)

    @admin.display(description=_("amount"))
    def amount_(self, transfer):
        return dollars(transfer.amount)


def _side(account):
    return f"{account}: {account.pro}" if account.pro else str(account)
