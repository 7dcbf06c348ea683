"""The catalogue in the admin, to look at. Guides are immutable, and the ZIP map is the same for everybody."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from catalog.models import GuideVersion, Service, Trade, Zip


class ReadOnlyAdmin(ModelAdmin):
    """Lists and shows; nobody adds, changes or deletes here."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Trade)
class TradeAdmin(ReadOnlyAdmin):
    list_display = ["name", "code", "position"]
    search_fields = ["name", "code"]


@admin.register(Service)
class ServiceAdmin(ReadOnlyAdmin):
    list_display = ["name", "trade", "needs_owner", "active"]
    list_filter = ["active", "needs_owner"]
    list_select_related = ["trade"]
    search_fields = ["name", "code", "synonyms"]


@admin.register(GuideVersion)
class GuideVersionAdmin(ReadOnlyAdmin):
    list_display = ["service", "version", "effective_from", "lead_price"]
    list_select_related = ["service"]
    search_fields = ["service__name", "service__code"]


@admin.register(Zip)
class ZipAdmin(ReadOnlyAdmin):
    list_display = ["code", "place", "state", "county", "zone", "cell", "bit"]
    list_filter = ["state"]
    search_fields = ["code", "place"]
    show_full_result_count = False
