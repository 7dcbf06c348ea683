"""The catalogue in the admin, to look at. Guides are immutable, and the ZIP map is the same for everybody."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from catalog.guide import dollars
from catalog.models import GuideVersion, Service, Trade, Zip
from core.admin import Section, TenantAdmin, facts, spelled


@admin.register(Trade)
class TradeAdmin(TenantAdmin):
    list_display = ["name", "code", "position"]
    search_fields = ["name", "code"]


@admin.register(Service)
class ServiceAdmin(TenantAdmin):
    list_display = ["name", "trade", "needs_owner", "active"]
    list_filter = ["active", "needs_owner"]
    list_select_related = ["trade"]
    search_fields = ["name", "code", "synonyms"]


@admin.register(GuideVersion)
class GuideVersionAdmin(TenantAdmin):
    list_display = ["service", "version", "effective_from", "price"]
    list_select_related = ["service"]
    list_leaves_out = ["questions", "prices"]
    search_fields = ["service__name", "service__code"]
    fields = ["service", "version", "effective_from", "price"]

    @admin.display(description=_("price of a lead"))
    def price(self, row):
        return dollars(row.lead_price)

    def sections(self, row):
        asked = [[each["text"], each["kind"], ", ".join(o["label"] for o in each.get("options", ()))] for each in row.questions]
        questions = Section(_("Questions"), [_("Question"), _("Kind"), _("Answers")], asked)
        return [questions, facts(_("Price guide"), *((name, spelled(value)) for name, value in row.prices.items()))]


@admin.register(Zip)
class ZipAdmin(TenantAdmin):
    list_display = ["code", "place", "state", "county", "zone", "cell", "bit"]
    search_fields = ["code__exact", "place__startswith"]
    ordering = ["code"]
