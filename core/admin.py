"""The admin's ground: on which host a table is looked at, by what it is filtered, and how its pages stay quick (DESIGN 6, 10).

A table enters the admin by one of the three bases, or not at all (web.admin_site). Nothing is changed through them but by the
actions and forms of a subclass, which call use cases.
"""

from dataclasses import dataclass

from django.contrib import admin
from django.contrib.admin import ShowFacets
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.views import ChangeList

from core import policy, policy_form
from core.models import Event, PolicyVersion, Text
from core.tenancy import current_or_none

COUNTED = 10_000  # nobody turns more pages than these rows have; counting them all would read the whole table
SHOWN = 100


@dataclass(frozen=True)
class Section:
    """A table under the fields of a row's page."""

    title: str
    headers: list
    cells: list

    @property
    def rows(self):
        return [{"cols": [_shown(cell) for cell in row]} for row in self.cells]


def _shown(cell):
    if isinstance(cell, bool):
        return _("Yes") if cell else _("No")
    return "-" if cell in (None, "") else cell


class BoundedPaginator(Paginator):
    @cached_property
    def count(self):
        return self.object_list.order_by().values("pk")[:COUNTED].count()


class Listing(ChangeList):
    """A list that leaves the large columns of its rows unread, and answers nonsense in its address by the list without it."""

    def __init__(self, *args, **options):
        try:
            super().__init__(*args, **options)
        except (ValueError, OverflowError) as error:  # the year 9999 has no next one
            raise IncorrectLookupParameters(error) from error

    def get_queryset(self, request, exclude_parameters=None):
        return super().get_queryset(request, exclude_parameters).defer(*self.model_admin.list_leaves_out)


class ReadOnlyAdmin(ModelAdmin):
    """Lists and shows, on every host; nobody adds, changes or deletes here.

    Lists are in the order of their key, which is that of time and has an index with the marketplace first. They are filtered by
    `list_filter`, `date_hierarchy` and, from links of other pages, the columns of `follows`; by nothing else.
    """

    list_per_page = 50
    list_leaves_out = ()
    follows = ()
    ordering = ["-pk"]
    sortable_by = ()
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    change_form_after_template = "staff/sections.html"

    def exists_here(self) -> bool:
        """Whether the host asked has this table."""
        return True

    def sections(self, row) -> list[Section]:
        """What stands under the fields of a row's page."""
        return []

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_view_permission(self, request, obj=None):
        return self.exists_here() and super().has_view_permission(request, obj)

    def has_module_permission(self, request):
        return self.exists_here() and super().has_module_permission(request)

    def get_queryset(self, request):
        """Django looks for the row before it asks for the permission: both say no."""
        if not self.exists_here():
            raise PermissionDenied
        return super().get_queryset(request)

    def get_changelist(self, request, **options):
        return Listing

    def lookup_allowed(self, lookup, value, request=None):
        filters = [each for each in self.get_list_filter(request) if isinstance(each, str)]
        asked = {f"{name}{ending}" for name in filters for ending in ("__exact", "__isnull", "__gte", "__lt")}
        asked |= {f"{self.date_hierarchy}__{part}" for part in ("year", "month", "day")}
        return lookup in asked | set(self.follows)

    def response_action(self, request, queryset):
        """An action is done to the rows that were chosen one by one, never to whatever a filter finds."""
        request.POST = request.POST.copy()
        request.POST.pop("select_across", None)
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            if not self._is_key(key):
                raise BadRequest("A chosen row has no such key.")
        return super().response_action(request, queryset)

    def render_change_form(self, request, context, *args, obj=None, **options):
        context["sections"] = self.sections(obj) if obj else []
        return super().render_change_form(request, context, *args, obj=obj, **options)

    def _is_key(self, text) -> bool:
        field = self.opts.pk
        try:
            key = field.to_python(text)
        except ValidationError:
            return False
        low, high = connection.ops.integer_field_range(field.get_internal_type()) if isinstance(key, int) else (key, key)
        return low <= key <= high


class TenantAdmin(ReadOnlyAdmin):
    """A table of marketplaces: looked at on their own hosts, by their own staff. The platform's host has no such page."""

    def exists_here(self):
        return current_or_none() is not None

    @admin.display(description=_("test"))
    def marked(self, row):
        """A word where it is a test; a cross at every row that is none would look like something wrong."""
        return _("Test") if row.test else ""


class VersionsAdmin(TenantAdmin):
    """A table of immutable versions. Whoever runs the marketplace publishes the next one, by the form that `forms` makes (a module with
    form_class and fieldsets), filled with the latest."""

    forms = None

    def publish(self, form, *, by, now):
        """Call the use case; returns the new version."""
        raise NotImplementedError

    def has_add_permission(self, request):
        return self.exists_here() and super().has_view_permission(request) and getattr(request.user, "owns_marketplace", False)

    def get_form(self, request, obj=None, change=False, **options):
        return super().get_form(request, obj, change=change, **options) if obj else self.forms.form_class(timezone.now())

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else self.forms.fieldsets()

    def save_model(self, request, row, form, change):
        version = self.publish(form, by=request.user, now=timezone.now())
        row.pk, row.version = version.pk, version.version


class PlatformAdmin(ReadOnlyAdmin):
    """A table of the platform: looked at on its own host only."""

    def exists_here(self):
        return current_or_none() is None


def link(row, text=None):
    """A link to the page of `row` in the admin."""
    return linked(reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk]), row if text is None else text)


def linked(address, text):
    return format_html('<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>', address, text)


def facts(title, *pairs) -> Section:
    """A section of (label, value)."""
    return Section(title, [_("What"), _("Value")], [list(pair) for pair in pairs])


def happened(events) -> Section:
    """A section of events, those given last first."""
    rows = [[event.at, event.kind, event.actor, spelled(event.data)] for event in events[:SHOWN]]
    return Section(_("Events"), [_("When"), _("What"), _("Who"), _("Data")], rows)


def spelled(data) -> str:
    """A mapping in a line: "outcome: filled, reason: all_seats_taken"."""
    return ", ".join(f"{name}: {value}" for name, value in data.items()) if isinstance(data, dict) else str(data)


@admin.register(Event)
class EventAdmin(TenantAdmin):
    list_display = ["at", "kind", "subject", "actor", "marked"]
    list_filter = ["test"]
    search_fields = ["subject__exact"]
    search_help_text = _("The whole subject: a lead's id, or pro:12")
    follows = ["subject"]


@admin.register(PolicyVersion)
class PolicyVersionAdmin(VersionsAdmin):
    list_display = ["version", "published_at", "in_force"]
    fields = ["version", "published_at"]

    forms = policy_form

    def publish(self, form, *, by, now):
        return policy.announce(form.sections, by=by, now=now)

    @admin.display(description=_("in force"), boolean=True)
    def in_force(self, row):
        return row.version == current_or_none().policy_version

    def sections(self, row):
        return [facts(name, *numbers.items()) for name, numbers in row.values.items()]


@admin.register(Text)
class TextAdmin(TenantAdmin):
    list_display = ["kind", "version", "published_at"]
    list_leaves_out = ["body"]
    search_fields = ["kind__exact"]
