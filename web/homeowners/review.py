"""The homeowner reviews its pros: one form for each that can be reviewed, and what was said of the others."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.errors import Refusal
from leads import links, reviews
from leads.models import Match
from leads.reviews import Shown, TooEarly
from web.homeowners.edges import private
from web.reviews import ReviewForm


@dataclass(frozen=True)
class Row:
    """One pro of the request: what was said of it, or a form to say it, or why there is none and from when on there is."""

    match: Match
    said: Shown | None = None
    form: ReviewForm | None = None
    refusal: Refusal | None = None

    @property
    def opens_at(self):
        return self.refusal.facts["at"] if isinstance(self.refusal, TooEarly) else None


@require_http_methods(["GET", "HEAD", "POST"])
@private
def review(request, token):
    """What can be reviewed and what was; a POST publishes one review. Sent twice it stays the first one."""
    lead, now = links.lead_of(token), timezone.now()
    if request.method != "POST":
        return _page(request, lead, token, now)
    named = request.POST.get("match", "")
    form = ReviewForm(request.POST, auto_id=_ids(named))
    if not form.is_valid():
        return _page(request, lead, token, now, named=named, form=form, status=422)
    try:
        kept = reviews.write(lead, named, now=now, **form.cleaned_data)
    except Refusal as refusal:
        return _page(request, lead, token, now, refusal=refusal, status=refusal.status)
    messages.success(request, _("Thank you. Your review of %(pro)s is public.") % {"pro": kept.match.pro.name})
    return redirect("homeowners:review", token=token)


def _page(request, lead, token, now, *, named="", form=None, refusal=None, status=200):
    rows = [_row(match, now, form if str(match.pk) == named else None) for match in reviews.matches_of(lead)]
    if form and not any(row.form is form for row in rows):
        refusal = reviews.NotOnRequest()
    wrong = form if form and refusal is None else None
    context = {"lead": lead, "token": token, "now": now, "rows": rows, "refusal": refusal, "form": wrong}
    return render(request, "homeowners/review.html", context, status=status)


def _row(match, now, form) -> Row:
    if kept := reviews.review_of(match):
        return Row(match, said=reviews.shown(kept))
    if refusal := reviews.objection(match, now=now):
        return Row(match, refusal=refusal)
    return Row(match, form=form or ReviewForm(auto_id=_ids(match.pk)))


def _ids(match_id) -> str:
    """Ids of the fields of one form among several; what was sent as an id may be anything."""
    return f"id_{''.join(c for c in str(match_id)[-12:] if c.isalnum())}_%s"
