"""The form by which a marketplace's numbers are changed: every section the packages declare, filled with what is in force."""

import json
from dataclasses import MISSING, asdict, fields

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget, UnfoldBooleanWidget

from core import policy
from core.models import PolicyVersion

BETWEEN = "__"  # section__number
MISSHAPEN = _("These parts do not fit together. Keep the names and the shape that stood here.")


class Listed(forms.CharField):
    """Numbers or words with commas between them."""

    widget = UnfoldAdminTextInputWidget

    def __init__(self, *, of, **options):
        super().__init__(help_text=_("With commas between them."), **options)
        self.of = of

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value

    def to_python(self, value):
        words = [word.strip() for word in str(value or "").split(",") if word.strip()]
        try:
            return tuple(self.of(word) for word in words)
        except ValueError:
            raise forms.ValidationError(_("Enter whole numbers with commas between them.")) from None


class Structured(forms.JSONField):
    """Whatever has names or parts of its own, as JSON."""

    widget = UnfoldAdminTextareaWidget

    def __init__(self, *, of, **options):
        super().__init__(**options)
        self.of = of

    def validate(self, value):
        if not isinstance(value, self.of):
            raise forms.ValidationError(MISSHAPEN)

    def prepare_value(self, value):
        return value if isinstance(value, str) else json.dumps(value, indent=2)


class PolicyForm(forms.ModelForm):
    """The next version of the policy. What its sections refuse stands at the number."""

    class Meta:
        model = PolicyVersion
        fields = []

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for section in policy.sections():
            now = asdict(policy.read(section))
            for field in fields(section):
                self.initial[named(section, field)] = now[field.name]

    def clean(self):
        said = super().clean()
        if self.errors:
            return said
        self.sections = []
        for section in policy.sections():
            try:
                self.sections.append(_section(section, said))
            except (TypeError, ValueError):  # parts that do not fit together, as JSON has them
                odd = [name for field in fields(section) if isinstance(self.fields[name := named(section, field)], Structured)]
                for name in odd or [None]:
                    self.add_error(name, MISSHAPEN)
        for section in self.sections:
            for number, why in section.problems().items():
                self.add_error(f"{section.name}{BETWEEN}{number}", why)
        return said


def form_class(now) -> type:
    """A PolicyForm with a field for every number; they hold from when they are published, whatever is `now`."""
    named_fields = {named(section, field): _field(section, field) for section in policy.sections() for field in fields(section)}
    return type("PolicyForm", (PolicyForm,), named_fields)


def fieldsets() -> list:
    """The numbers by section, each with what its section says of them."""
    return [
        (
            capfirst(section.name.replace("_", " ")),
            {"description": _said(section), "fields": [named(section, field) for field in fields(section)]},
        )
        for section in policy.sections()
    ]


def named(section, field) -> str:
    return f"{section.name}{BETWEEN}{field.name}"


def _said(section):
    return " ".join((section.__doc__ or "").split())


def _section(section, said):
    return section(**{field.name: said[named(section, field)] for field in fields(section)})


def _field(section, field):
    usual = field.default if field.default is not MISSING else field.default_factory()
    label = capfirst(field.name.replace("_", " "))
    if isinstance(usual, bool):
        return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget)
    if isinstance(usual, int):
        return forms.IntegerField(label=label, widget=UnfoldAdminIntegerFieldWidget)
    if isinstance(usual, str):
        return forms.CharField(label=label, required=False, widget=UnfoldAdminTextInputWidget)
    if field.type is tuple and all(isinstance(each, int | str) for each in usual):
        numbers = bool(usual) and all(isinstance(each, int) for each in usual)
        return Listed(label=label, required=False, of=int if numbers else str)
    return Structured(label=label, required=False, of=dict if isinstance(usual, dict) else list)
