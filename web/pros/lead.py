"""One lead, as its pro sees it, and what is done there: being called first, one more number, a status, the answer to a review."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import team_of
from accounts.rights import Right
from accounts.windows import period_dates
from contact import calls, lines
from core.errors import NotFound, Refusal
from core.events import history
from leads import queries, reviews, sight
from leads.calling import OPEN
from leads.explaining import how_it_came
from leads.models import Match
from leads.opening import open_match
from leads.progress import REASONS, set_progress
from leads.withdrawal import SENTENCE
from notifications.queries import messages_about
from web.pros import credit, timeline
from web.pros.fields import MoneyField, take
from web.pros.viewer import live_page, pro_page
from web.reviews import AnswerForm
from web.templatetags.plumbline import phone

CALLER_ID, ANSWER_ID = "caller_%s", "answer_%s"  # beside the other form of the page


class CallerForm(forms.Form):
    phone = forms.CharField(
        label=gettext_lazy("One more number, for this lead only"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )


class StatusForm(forms.Form):
    progress = forms.ChoiceField(label=gettext_lazy("Status"), choices=Match.Progress.choices)
    won_amount = MoneyField(label=gettext_lazy("What you won it for"), required=False)
    lost_reason = forms.ChoiceField(
        label=gettext_lazy("Why it was lost"), required=False, choices=[("", gettext_lazy("Choose a reason")), *REASONS.items()]
    )


@pro_page("GET", right=Right.OPEN_LEADS)
def lead(request, viewer, match_id):
    """Looking at it opens it; of an accept that may be undone its own page asks first, for then it may not any more (RULES 15)."""
    match = queries.match_for(viewer.pro, match_id)
    if accepted := queries.undoable_offer(match, now=viewer.now):
        return redirect("pros:offer", accepted.pk)
    return _page(request, viewer, match if request.method == "HEAD" else _open(viewer, match)[0])


@pro_page("POST", right=Right.OPEN_LEADS)
def call(request, viewer, match_id):
    """Call the member first, then the homeowner."""
    match, _first = _opened(viewer, match_id)
    try:
        calls.bridge(queries.line_of(match), member=viewer.member, now=viewer.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("pros:lead", match_id)


@pro_page("POST", right=Right.OPEN_LEADS)
def caller(request, viewer, match_id):
    (match, first), form = _opened(viewer, match_id), CallerForm(request.POST, auto_id=CALLER_ID)
    if form.is_valid():
        try:
            number = lines.add_caller(queries.line_of(match), form.cleaned_data["phone"], by=viewer.member, now=viewer.now)
        except Refusal as refusal:
            if not refusal.fields:
                return _refused(request, match, refusal)
            take(form, refusal)
        else:
            messages.success(request, _("The PIN works from %(number)s now.") % {"number": phone(number)})
            return redirect("pros:lead", match_id)
    form.fields["phone"].widget.attrs["autofocus"] = True
    return _again(request, viewer, match, first, caller=form)


@pro_page("POST", right=Right.OPEN_LEADS)
def status(request, viewer, match_id):
    (match, first), form = _opened(viewer, match_id), StatusForm(request.POST)
    if form.is_valid():
        try:
            set_progress(match, by=viewer.member, now=viewer.now, **form.cleaned_data)
        except Refusal as refusal:
            if not refusal.fields:
                return _refused(request, match, refusal)
            take(form, refusal)
        else:
            messages.success(request, _("Saved: %(status)s.") % {"status": match.get_progress_display()})
            return redirect("pros:lead", match_id)
    return _again(request, viewer, match, first, status_form=form)


@pro_page("POST", right=Right.OPEN_LEADS)
def answer(request, viewer, match_id):
    """Answer the homeowner's review in public."""
    match, form = queries.match_for(viewer.pro, match_id), AnswerForm(request.POST, auto_id=ANSWER_ID)
    if reviews.review_of(match) is None:
        raise NotFound
    if form.is_valid():
        try:
            reviews.answer(match, form.cleaned_data["words"], by=viewer.member, now=viewer.now)
        except Refusal as refusal:
            if not refusal.fields:
                return _refused(request, match, refusal)
            take(form, refusal)
        else:
            messages.success(request, _("Your answer is public."))
            return redirect("pros:lead", match_id)
    return _page(request, viewer, match, answer_form=form, status=422)


def _opened(viewer, match_id) -> tuple[Match, bool]:
    """The match, and whether this opened it: whoever calls without having looked starts the clock all the same (RULES 22)."""
    return _open(viewer, queries.match_for(viewer.pro, match_id))


def _open(viewer, match):
    first = open_match(match, by=viewer.member, now=viewer.now)
    return (queries.match_for(viewer.pro, match.pk), True) if first else (match, False)  # its clock has started


def _again(request, viewer, match, first, **form):
    """The page with a form that says what is wrong. A lead that this request opened is looked at first: of what is answered with 422
    nothing stays, the opening neither, and the page has the PIN."""
    if first:
        return redirect("pros:lead", match.pk)
    return _page(request, viewer, match, **form, status=422)


def _refused(request, match, refusal):
    messages.error(request, str(refusal))
    return redirect("pros:lead", match.pk)


def _page(request, viewer, match, *, caller=None, status_form=None, answer_form=None, status=200):
    sent = list(messages_about(match.pk, recipient_prefix="member:"))
    accepted = [message.accepted_at for message in sent if message.kind == "new_lead" and message.accepted_at]
    sheet = sight.sheet_of(match, accepted_at=min(accepted, default=None), now=viewer.now)
    team = list(team_of(viewer.pro))
    first, last = period_dates(viewer.state.anchor, sheet.period) if sheet.period is not None else (None, None)
    context = {
        "sheet": sheet,
        "card": sheet.card,
        "face": sheet.face,
        "can_call": bool(sheet.card and sheet.card.state == OPEN),
        "came": how_it_came(sheet.lead_type),
        "sentence": SENTENCE,
        "calling": next((one for one in sheet.card.calling if one.member_id == viewer.member.pk), None) if sheet.card else None,
        "callers": [(each, each == viewer.member) for each in team if each.user.phone],
        "caller_form": caller or CallerForm(auto_id=CALLER_ID),
        "status_form": status_form or StatusForm(initial={name: getattr(match, name) for name in StatusForm.base_fields}),
        "seats": _seats(sheet, viewer),
        "review": reviews.shown(kept) if (kept := reviews.review_of(match)) else None,
        "answer_form": answer_form or AnswerForm(auto_id=ANSWER_ID),
        "credit": credit.card(match, sheet.story, now=viewer.now),
        "events": timeline.of(sheet, sent, list(history(match.pk)), team=team, viewer=viewer),
        "first": first,
        "last": last,
        "running": sheet.period == viewer.counters.period,
    }
    url = reverse("pros:lead", args=[match.pk])
    return live_page(request, viewer, "lead", context, url=url, bar="pros/lead_bar.html", status=status)


def _seats(sheet, viewer):
    """The seats; of its own the pro reads whether it has called, of the others nothing."""
    note = timeline.first_call(sheet, viewer)
    rows = enumerate(sheet.seats, start=1)
    return [{"no": number, "me": seat == "me", "free": seat == "free", "note": note if seat == "me" else ""} for number, seat in rows]
