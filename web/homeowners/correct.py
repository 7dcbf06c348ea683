"""The homeowner corrects what it said about the job, as long as no pro has it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from catalog.words import local_guide
from core.errors import Refusal
from leads import correcting, links
from web.homeowners.edges import private
from web.homeowners.forms import JobForm, answer_name, explain


@require_http_methods(["GET", "HEAD", "POST"])
@private
def correct(request, token):
    """The questions about the job as they were answered; a POST keeps the new answers with their estimate."""
    lead, now = links.lead_of(token), timezone.now()
    if request.method != "POST":
        return _page(request, lead, token, _form(lead), refusal=correcting.objection(lead))
    form = _form(lead, request.POST)
    if not form.is_valid():
        return _page(request, lead, token, form, status=422)
    said = form.cleaned_data
    job = correcting.Job(said["description"], said["answers"], said["timing"], said["reach"])
    try:
        changed = correcting.correct(lead, job, now=now)
    except Refusal as refusal:
        explain(form, refusal)
        closed = refusal if isinstance(refusal, correcting.SeatSold | correcting.RequestClosed) else None
        return _page(request, lead, token, form, refusal=closed, status=refusal.status)
    messages.success(request, _("Corrected. Pros read the new words.") if changed else _("Nothing was different."))
    return redirect("homeowners:request", token=token)


def _form(lead, data=None):
    said = {"description": lead.description, "timing": lead.timing, "reach": lead.reach}
    answers = {answer_name({"code": code}): answer for code, answer in lead.answers.items()}
    form = JobForm(local_guide(lead.guide).questions, data, initial=said | answers, needs_owner=False)
    del form.fields["ownership"]
    return form


def _page(request, lead, token, form, *, refusal=None, status=200):
    context = {"lead": lead, "token": token, "form": form, "refusal": refusal}
    return render(request, "homeowners/correct.html", context, status=status)
