"""How every form looks: label, hint, error, input, in this order (the templates are in templates/django/forms/)."""

from django.forms import BoundField, Widget
from django.forms.renderers import TemplatesSetting
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

# These draw themselves; everything else gets the box of .in.
_NOT_BOXED = {"radio", "checkbox", "hidden"}


class PlumblineField(BoundField):
    def build_widget_attrs(self, attrs: dict, widget: Widget | None = None) -> dict:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if self.use_fieldset:
            attrs.pop("aria-invalid", None)  # the fieldset names the error; a radio button may not carry it
        if getattr(widget, "input_type", None) not in _NOT_BOXED:
            attrs["class"] = f"in {attrs.get('class') or widget.attrs.get('class', '')}".strip()
        return attrs

    @property
    def problems(self) -> list[str]:
        """The errors for the list on top: "This field is required." needs the label to be understood there."""
        return [
            f"{self.label} {message}" if error.code == "required" else message
            for error in self.errors.as_data()
            for message in error.messages
        ]

    @property
    def is_single_pick(self) -> bool:
        """One checkbox: it stands beside its words."""
        return getattr(self.field.widget, "input_type", None) == "checkbox" and not self.use_fieldset


class PlumblineRenderer(TemplatesSetting):
    form_template_name = "django/forms/form.html"
    field_template_name = "django/forms/field.html"
    bound_field_class = PlumblineField


def _with_hint(label: str, hint: str) -> SafeString:
    return format_html("{}<small>{}</small>", label, hint)


with_hint = lazy(_with_hint, SafeString)
"""The label of a choice with a small second line: ("evenings", with_hint(_("Evenings only"), _("5 PM to 8 PM")))."""
