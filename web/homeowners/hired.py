"""Whom the homeowner hired: one of its pros, somebody else, or nobody."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from leads import hiring, links, queries
from leads.models import Lead, Match
from web.homeowners.edges import private
from web.homeowners.forms import Choice


class HiredForm(forms.Form):
    """One answer: a pro by its seat, or one of the two that name none."""

    who = Choice(label=gettext_lazy("Whom did you hire?"))

    def __init__(self, pros, *args, **options):
        super().__init__(*args, **options)
        others = [(Lead.Hired.OTHER.value, Lead.Hired.OTHER.label), (Lead.Hired.NOBODY.value, Lead.Hired.NOBODY.label)]
        self.fields["who"].choices = [(str(match.pk), match.pro.name) for match in pros] + others


@require_http_methods(["GET", "HEAD", "POST"])
@private
def hired(request, token):
    """The question with the answer that was given, if any; a POST keeps the answer and tells the pros."""
    lead, now = links.lead_of(token), timezone.now()
    pros = [match for match in queries.seats_for(lead) if match.lead_id == lead.pk and match.state == Match.State.LIVE]
    if request.method != "POST":
        said = request.GET.get("pro") or str(lead.hired_match_id or lead.hired or "")
        return _page(request, lead, token, HiredForm(pros, initial={"who": said}))
    form = HiredForm(pros, request.POST)
    if not form.is_valid():
        return _page(request, lead, token, form, status=422)
    who = form.cleaned_data["who"]
    named = who not in Lead.Hired.values
    try:
        hiring.say(lead, Lead.Hired.PRO if named else who, match_id=UUID(who) if named else None, now=now)
    except Refusal as refusal:
        return _page(request, lead, token, form, refusal=refusal, status=refusal.status)
    messages.success(request, _("Thank you. Your pros know that you are done looking."))
    return redirect("homeowners:request", token=token)


def _page(request, lead, token, form, *, refusal=None, status=200):
    return render(request, "homeowners/hired.html", {"lead": lead, "token": token, "form": form, "refusal": refusal}, status=status)
