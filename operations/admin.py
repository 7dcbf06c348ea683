"""The platform's own tables in the admin: its marketplaces, and founding one. Users are accounts.admin's, on both kinds of host."""

from django import forms
from django.contrib import admin
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accounts.contact_data import normal_name, normal_text
from accounts.staff import hire
from core import marketplaces
from core.admin import PlatformAdmin
from core.errors import Refusal
from core.models import Marketplace
from core.tenancy import scope
from operations.founding import found
from operations.presets import PRESETS
from web import brand


class MarketplaceForm(forms.ModelForm):
    """What a marketplace is called and how it looks; a brand that nobody could read is refused (web.brand)."""

    name = forms.CharField(max_length=80, widget=UnfoldAdminTextInputWidget)
    tagline = forms.CharField(max_length=160, required=False, widget=UnfoldAdminTextInputWidget)
    colour_brand = forms.CharField(label=_("Brand"), max_length=7, widget=UnfoldAdminTextInputWidget)
    colour_brand_dark = forms.CharField(label=_("Brand in the dark"), max_length=7, widget=UnfoldAdminTextInputWidget)
    colour_on_brand = forms.CharField(label=_("On brand"), max_length=7, widget=UnfoldAdminTextInputWidget)
    colour_on_brand_dark = forms.CharField(label=_("On brand in the dark"), max_length=7, widget=UnfoldAdminTextInputWidget)
    radius = forms.IntegerField(label=_("Corner radius, pixels"), widget=UnfoldAdminIntegerFieldWidget)
    logo_height = forms.IntegerField(label=_("Height of the logo, pixels"), widget=UnfoldAdminIntegerFieldWidget)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        values = brand.DEFAULTS | self.instance.brand
        self.initial |= {name: values[key] for name, key in _BRAND.items()}

    def clean_name(self):
        return self._cleaned(normal_name, "name", longest=80)

    def clean_tagline(self):
        return self._cleaned(normal_text, "tagline", field="tagline", longest=160)

    def clean(self):
        said = super().clean()
        if not self.errors:
            said["brand"] = {key: said[name] for name, key in _BRAND.items() if said[name] != brand.DEFAULTS[key]}
            for problem in brand.problems(said["brand"]):
                self.add_error(None, problem)
        return said

    def _cleaned(self, normal, name, **options):
        try:
            return normal(self.cleaned_data[name], **options)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None


US_ZONES = (
    "America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage Pacific/Honolulu"
).split()


class FoundingForm(forms.ModelForm):
    """A new marketplace: what cannot be changed later, and who runs it."""

    host = forms.CharField(
        required=False, help_text=_("Host name without a port. Empty: below this one."), widget=UnfoldAdminTextInputWidget
    )
    preset = forms.ChoiceField(choices=[(name, name) for name in PRESETS], widget=UnfoldAdminSelectWidget)
    zone = forms.ChoiceField(choices=[(zone, zone) for zone in US_ZONES], widget=UnfoldAdminSelectWidget)
    owner = forms.CharField(label=_("Who runs it"), max_length=80, widget=UnfoldAdminTextInputWidget)
    owner_email = forms.EmailField(
        label=_("E-mail of who runs it"), help_text=_("A link to choose a password goes there."), widget=UnfoldAdminTextInputWidget
    )

    class Meta:
        model = Marketplace
        fields = ["slug", "name", "tagline", "host", "preset", "zone", "phone", "email"]


_BRAND = {
    "colour_brand": "brand",
    "colour_brand_dark": "brand_dark",
    "colour_on_brand": "on_brand",
    "colour_on_brand_dark": "on_brand_dark",
    "radius": "radius",
    "logo_height": "logo_height",
}


_FOUNDING = [
    (None, {"fields": ["name", "tagline", "slug", "host", "preset", "zone"]}),
    (_("How to reach it"), {"fields": ["phone", "email"]}),
    (_("Who runs it"), {"fields": ["owner", "owner_email"]}),
]


@admin.register(Marketplace)
class MarketplaceAdmin(PlatformAdmin):
    form = MarketplaceForm
    list_display = ["name", "slug", "host", "preset", "replay", "created_at"]
    list_filter = ["preset", "replay"]
    search_fields = ["name", "slug", "host"]
    readonly_fields = ["slug", "host", "preset", "zone", "replay", "policy_version", "phone", "email", "created_at"]
    fieldsets = [
        (None, {"fields": ["name", "tagline"]}),
        (_("Brand"), {"fields": list(_BRAND)}),
        (_("Set when it was made"), {"fields": readonly_fields}),
    ]

    def has_change_permission(self, request, obj=None):
        return self.has_view_permission(request, obj)

    def has_add_permission(self, request):
        return self.has_view_permission(request)

    def get_form(self, request, obj=None, change=False, **options):
        return super().get_form(request, obj, change=change, **options) if obj else FoundingForm

    def get_fieldsets(self, request, obj=None):
        return super().get_fieldsets(request, obj) if obj else _FOUNDING

    def get_readonly_fields(self, request, obj=None):
        return super().get_readonly_fields(request, obj) if obj else []

    def save_model(self, request, row, form, change):
        said = form.cleaned_data
        if not change:
            self._found(row, said)
            return
        marketplaces.change(row, name=said["name"], tagline=said["tagline"], brand=said["brand"], by=request.user, now=timezone.now())

    def _found(self, row, said):
        now = timezone.now()
        named = {name: said[name] for name in FoundingForm.Meta.fields}
        with transaction.atomic():
            made = found(**named, now=now)
            with scope(made):
                hire(name=said["owner"], email=said["owner_email"], owns_marketplace=True, now=now)
        row.pk, row.created_at = made.pk, made.created_at
