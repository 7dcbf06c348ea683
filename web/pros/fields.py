"""Form fields for amounts of money."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from web.templatetags.plumbline import money

TYPED = re.compile(r"\$? ?([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,9})(?:\.([0-9]{1,2}))?\Z")


class MoneyField(forms.CharField):
    """Dollars as people type them, "600", "$1,250.50"; cleaned to whole cents, None when empty. Only ASCII digits are digits."""

    default_error_messages = {"bad_money": _("Enter an amount in dollars, like 600 or 600.00.")}

    def __init__(self, **options):
        options.setdefault("max_length", 16)
        super().__init__(**options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return money(value).removeprefix("$") if isinstance(value, int) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        match = TYPED.match(text)
        if match is None:
            raise forms.ValidationError(self.error_messages["bad_money"], code="bad_money")
        dollars, cents = match[1].replace(",", ""), (match[2] or "").ljust(2, "0")
        return int(dollars) * 100 + int(cents)


def take(form, refusal) -> None:
    """Show a refusal of the domain in the form: on the field it names, else on top."""
    for field, sentence in refusal.fields.items():
        form.add_error(field if field in form.fields else None, str(sentence))
    if not refusal.fields:
        form.add_error(None, str(refusal))
