"""The books in the admin, to look at: nobody changes what was posted, and a correction is another posting (INVARIANTS 9)."""

from django.contrib import admin
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing import terms as terms_of
from billing import terms_form
from billing.models import Charge, LedgerAccount, Terms, Transfer
from billing.statement import how_made, percent
from catalog.guide import dollars
from core.admin import SHOWN, Section, TenantAdmin, VersionsAdmin, facts, link, linked


@admin.register(Terms)
class TermsAdmin(VersionsAdmin):
    list_display = ["version", "pricing", "effective_from", "share", "discount"]
    list_leaves_out = ["prices"]
    exclude = ["prices"]
    forms = terms_form

    def publish(self, form, *, by, now):
        return terms_of.announce(**form.conditions(), by=by, now=now)

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


@admin.register(Transfer)
class TransferAdmin(TenantAdmin):
    list_display = ["at", "reference", "debit_", "credit_", "amount_"]
    list_select_related = ["debit__pro", "credit__pro"]
    search_fields = ["reference__exact"]
    search_help_text = _("The whole reference, like charge:<id>")
    fields = ["reference", "at", "debit", "credit", "amount_", "charge", "reverses"]

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
