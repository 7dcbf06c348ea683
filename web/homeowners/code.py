"""The code that confirms the phone of a request: asked for, typed, sent again, or to another number while nobody has the request."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.contact_data import normal_phone
from core.errors import Refusal
from core.policy import read
from leads import choice, links, phone_check
from leads.policy import PhoneCheck
from web.address import address_of
from web.homeowners.edges import private
from web.homeowners.forms import Checked, explain

WRONG = gettext_lazy("This is not the newest code, or it is too old or was tried too often. Look at the newest text, or ask again.")


class CodeForm(forms.Form):
    """The digits as they came; spaces and hyphens between them do not matter."""

    code = forms.CharField(
        label=gettext_lazy("The code"),
        max_length=20,
        error_messages={"required": gettext_lazy("Enter the code from the text.")},
        widget=forms.TextInput({"class": "code", "inputmode": "numeric", "autocomplete": "one-time-code", "spellcheck": "false"}),
    )


class NumberForm(forms.Form):
    phone = Checked(
        normal_phone,
        gettext_lazy("Enter your phone number."),
        label=gettext_lazy("Another mobile number"),
        help_text=gettext_lazy("A landline gets no texts."),
        max_length=40,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def code(request, token):
    """What is to be done about the code. A POST with `code` tries it, with `phone` texts one to that number, else to the request's."""
    lead, now = links.lead_of(token), timezone.now()
    if not phone_check.is_wanted(lead, now=now):
        return redirect("homeowners:request", token=token)
    if request.htmx.target == "again":
        return render(request, "homeowners/parts/code_again.html", _about(lead, token, now))
    if request.method != "POST":
        return _page(request, lead, token, now)
    if "code" in request.POST:
        return _try(request, lead, token, now)
    return _send(request, lead, token, now)


def _try(request, lead, token, now):
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, lead, token, now, form=form, status=422)
    try:
        right = phone_check.confirm(lead, form.cleaned_data["code"], now=now)
    except Refusal as refusal:
        return _page(request, lead, token, now, refusal=refusal, status=refusal.status)
    if not right:
        form.add_error("code", WRONG)
        return _page(request, lead, token, now, form=form)  # 200: a guess stays counted
    messages.success(request, _("Your phone number is confirmed."))
    lead = links.lead_of(token)
    return redirect("homeowners:choose" if choice.is_open(lead, now=now) else "homeowners:request", token=token)


def _send(request, lead, token, now):
    form = NumberForm(request.POST) if "phone" in request.POST else None
    if form and not form.is_valid():
        return _page(request, lead, token, now, number=form, status=422)
    try:
        phone_check.send(lead, phone=form.cleaned_data["phone"] if form else "", ip=address_of(request), now=now)
    except Refusal as refusal:
        if form and refusal.fields:
            explain(form, refusal)
            return _page(request, lead, token, now, number=form, status=refusal.status)
        return _page(request, lead, token, now, refusal=refusal, number=form, status=refusal.status)
    return redirect("homeowners:code", token=token)


def _page(request, lead, token, now, *, form=None, number=None, refusal=None, status=200):
    context = _about(lead, token, now) | {
        "form": form or CodeForm(),
        "number": number or NumberForm(),
        "problem": form if form and form.errors else number if number and number.errors else None,
        "refusal": refusal,
        "local": settings.DEVELOPMENT and settings.CARRIER == "local",  # then texts go no further than this site
    }
    return render(request, "homeowners/code.html", context, status=status)


def _about(lead, token, now):
    standing = phone_check.standing(lead, now=now)
    wait = int((standing.again_at - now).total_seconds()) if standing.again_at else 0
    return {
        "lead": lead,
        "token": token,
        "now": now,
        "standing": standing,
        "wait": wait + 1 if standing.again_at and standing.again_at > now else 0,
        "digits": read(PhoneCheck).digits,
    }
