"""What staff have checked of a pro: recorded and withdrawn here, with who did it, when, and until when it holds (RULES 1, 2)."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks
from accounts.models import Check
from accounts.policy import Pros
from accounts.queries import pro_known_as
from core.errors import Refusal
from core.policy import read
from web.pros.fields import take
from web.staff.viewer import page, staff_page


class CheckForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("What was checked"), choices=Check.Kind.choices, widget=forms.RadioSelect)
    fact = forms.CharField(
        label=gettext_lazy("What homeowners may read of it"),
        help_text=gettext_lazy("A number or a few words: “IL 055-012345”, “$1,000,000 liability”."),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_until = forms.DateField(
        label=gettext_lazy("Last day it is valid"),
        help_text=gettext_lazy("As on the paper. License and insurance need one."),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
    )


@staff_page("GET", "POST")
def of_pro(request, viewer, pro_id):
    """The checks of a pro; a POST records one."""
    pro = pro_known_as(pro_id)
    form = CheckForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check = checks.record(pro, **form.cleaned_data, by=viewer.user, now=viewer.now)
        except Refusal as refusal:
            take(form, refusal)
        else:
            messages.success(request, _("Recorded: %(check)s.") % {"check": check.get_kind_display()})
            return redirect("staff:checks", pro_id=pro_id)
    context = {
        "pro": pro,
        "form": form,
        "checks": [(check, check.ends_at is not None and check.ends_at <= viewer.now) for check in checks.checks_of(pro)],
        "needed": read(Pros).pause_without,
    }
    return page(request, viewer, "staff/checks.html", context, status=422 if form.errors else 200)


@staff_page("POST")
def withdraw(request, viewer, check_id):
    check = checks.withdraw(check_id, by=viewer.user, now=viewer.now)
    messages.success(request, _("Withdrawn: %(check)s. Its badge is gone.") % {"check": check.get_kind_display()})
    return redirect("staff:checks", pro_id=check.pro.public_id)
