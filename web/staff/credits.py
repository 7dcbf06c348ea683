"""Credits that wait for a person: the queue by its promises, and a case with everything that is needed to decide it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.queries import names_of
from core.errors import Refusal
from credits import queries, review
from credits.models import CreditRequest, Ruling
from credits.reasons import REASONS, SENTENCES
from credits.window import window_of
from web import dues, proof
from web.claims import Words
from web.forms import with_hint
from web.staff import drafts
from web.staff.viewer import page, staff_page
from web.templatetags.plumbline import money

ON_A_PAGE = 40
CHOOSE = gettext_lazy("Choose what to do.")
GRANT, REFUSE, ASK = Ruling.Verdict.GRANT, Ruling.Verdict.REFUSE, Ruling.Verdict.ASK


class DecisionForm(forms.Form):
    """What to do, and for each of the three what goes with it. Only what belongs to the chosen one is read."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Decision"), widget=forms.RadioSelect, error_messages={"required": CHOOSE, "invalid_choice": CHOOSE}
    )
    grant_rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)
    refuse_rule = forms.ChoiceField(label=gettext_lazy("Rule"), required=False)

    def __init__(self, *args, case, cents, may_refuse, **options):
        super().__init__(*args, **options)
        appeal = _("This is the appeal: then it stands.") if case.request.is_appeal else _("One appeal is open to the pro.")
        self.fields["verdict"].choices = [
            (GRANT, with_hint(_("Grant %(cents)s") % {"cents": money(cents)}, _("It comes off the statement, and the lead is closed."))),
            *([(REFUSE, with_hint(_("Refuse"), appeal))] if may_refuse else []),
            *([(ASK, with_hint(_("Ask the pro"), _("The promise runs on.")))] if case.request.state == CreditRequest.State.OPEN else []),
        ]
        for verdict in (GRANT, REFUSE):
            self.fields[f"{verdict}_rule"].choices = [(rule, SENTENCES[rule]) for rule in review.rules_of(verdict)]
            self.fields[f"{verdict}_note"] = Words(label=_("What the pro will read"), required=False)
        self.fields["question"] = Words(label=_("What the pro is asked"), required=False)

    def chosen(self) -> dict:
        """What credits.review needs of a valid form."""
        verdict = self.cleaned_data["verdict"]
        if verdict == ASK:
            return {"question": self.cleaned_data["question"]}
        return {"verdict": verdict, "rule": self.cleaned_data[f"{verdict}_rule"], "note": self.cleaned_data[f"{verdict}_note"]}


@staff_page("GET")
def credits(request, viewer):
    return page(request, viewer, "staff/credits.html", _queue(request, viewer) | {"figures": queries.figures(now=viewer.now)})


@staff_page("GET", "POST")
def credit(request, viewer, request_id):
    """One case beside the queue; a POST decides it, or asks the pro. Whoever comes second gets 409 and the decided case."""
    asked = queries.request_of(request_id)
    if request.method != "POST":
        return _case(request, viewer, asked)
    if not asked.is_undecided:
        return _case(request, viewer, asked, refusal=review.AlreadyDecided(), status=409)
    form = _form(request, viewer, queries.case(asked), request.POST)
    if not form.is_valid():
        return _case(request, viewer, asked, form=form, status=422)
    said = form.chosen()
    try:
        if "question" in said:
            review.ask(asked, by=viewer.user, now=viewer.now, **said)
        else:
            review.decide(asked, by=viewer.user, now=viewer.now, **said)
    except Refusal as refusal:
        if not refusal.fields:
            return _case(request, viewer, queries.request_of(request_id), refusal=refusal, status=refusal.status)
        verdict = form.cleaned_data["verdict"]
        names = {"rule": f"{verdict}_rule", "note": f"{verdict}_note", "words": "question"}
        for field, sentence in refusal.fields.items():
            form.add_error(names[field], str(sentence))
        return _case(request, viewer, asked, form=form, status=422)
    messages.success(request, _done(form.cleaned_data["verdict"], asked))
    return redirect(_address(request.GET.get("show", "")))


def _done(verdict, asked) -> str:
    sentence = {
        GRANT: _("Granted: %(pro)s."),
        REFUSE: _("Refused: %(pro)s."),
        ASK: _("Asked: %(pro)s. The case stays in the queue."),
    }[verdict]
    return sentence % {"pro": asked.match.pro.name}


def _queue(request, viewer, here=None) -> dict:
    """The queue as it is shown: chips with their counts, and a page of its rows."""
    counts, show = queries.queue_counts(viewer.user), request.GET.get("show", "")
    show = show if show in counts else ""
    found = Paginator(queries.queue(viewer.user, show=show), ON_A_PAGE).get_page(request.GET.get("page"))
    told = queries.stories_of(found)
    names = {
        "": _("Due first"),
        "mine": _("My pros"),
        "appeals": _("Appeals"),
        "large": _("Large (over %(amount)s)") % {"amount": money(queries.LARGE).removesuffix(".00")},
        "answered": _("Answered"),
    }
    return {
        "waiting": counts[""],
        "show": show,
        "found": found,
        "rows": [_row(each, told.get(each.match_id), show, viewer, here) for each in found],
        "chips": [{"url": _address(code), "name": name, "count": counts[code], "here": code == show} for code, name in names.items()],
    }


def _row(asked, story, show, viewer, here) -> dict:
    return {
        "story": story,
        "request": asked,
        "match": asked.match,
        "url": _address(show, asked),
        "here": here == asked.pk,
        "reason": REASONS[asked.reason].label if asked.reason in REASONS else asked.reason,
        "due": dues.of_promise(queries.time_left(asked, now=viewer.now)),
        "day": dues.promised_day(asked.answer_by),
    }


def _case(request, viewer, asked, *, form=None, refusal=None, status=200):
    case = queries.case(asked)
    lock = review.objection(case.request, verdict=GRANT, by=viewer.user) if asked.is_undecided else None
    window, match = window_of(case.match), case.match
    context = _queue(request, viewer, asked.pk) | {
        "case": case,
        "asked": asked,
        "match": match,
        "refusal": refusal,
        "lock": lock,
        "history": _history(case.history),
        "no_refusal": review.objection(case.request, verdict=REFUSE, by=viewer.user) if asked.is_undecided and not lock else None,
        "reason": REASONS[asked.reason].label if asked.reason in REASONS else "",
        "cents": match.charge.net if match.charge_id else 0,
        "after": dues.how_long_after(int((asked.received_at - window.starts_at).total_seconds())) if window.starts_at else "",
        "window": window,
        "lasts": dues.how_long(window.seconds),
        "answer_by": dues.promised_day(asked.answer_by),
        "due": dues.of_promise(queries.time_left(asked, now=viewer.now)) if asked.is_undecided else None,
        "steps": proof.steps(case.evidence, zone=viewer.zone, now=viewer.now),
        "steps_done": case.evidence.steps_done,
        "facts": proof.facts(case.evidence, asked.reason, job=_job(match)),
        "others": _others(case),
        "judged": SENTENCES[case.verdict.rule] if case.verdict else "",
        "rulings": [{"ruling": each, "why": SENTENCES.get(each.rule, "")} for each in case.rulings],
    }
    if asked.is_undecided and not lock:
        context["form"] = form or _form(request, viewer, case)
    return page(request, viewer, "staff/credit.html", context, status=status)


def _form(request, viewer, case, data=None) -> DecisionForm:
    """The form with a draft of what the pro will read: of the rules that were asked for in the address, else of those that fit."""
    match = case.match
    rules = {verdict: request.GET.get(f"{verdict}_rule", "") for verdict in (GRANT, REFUSE)}
    rules = {verdict: rule if rule in review.rules_of(verdict) else drafts.rule(verdict, case) for verdict, rule in rules.items()}
    initial = {"verdict": "", "question": drafts.question(case)}
    for verdict, rule in rules.items():
        initial |= {f"{verdict}_rule": rule, f"{verdict}_note": drafts.note(verdict, rule, case)}
    may_refuse = review.objection(case.request, verdict=REFUSE, by=viewer.user) is None
    cents = match.charge.net if match.charge_id else 0
    return DecisionForm(data, initial=initial, case=case, cents=cents, may_refuse=may_refuse)


def _others(case) -> list[dict]:
    """The other seats of the lead: what their calls tell, and what they asked."""
    asked = {each.match_id: each for each in case.others}
    names = names_of(tried.pro for tried in case.evidence.others)
    return [
        {"name": names.get(tried.pro, ""), "tally": proof.tally(tried), "request": asked.get(UUID(tried.match))}
        for tried in case.evidence.others
    ]


def _history(history) -> str:
    requests = ngettext("%(n)s request", "%(n)s requests", history.requests) % {"n": history.requests}
    leads = ngettext("%(n)s lead", "%(n)s leads", history.leads) % {"n": f"{history.leads:,}"}
    return _("%(requests)s on %(leads)s, %(granted)s granted") % {"requests": requests, "leads": leads, "granted": history.granted}


def _job(match) -> str:
    return _("%(service)s in %(place)s") % {"service": match.lead.service.name, "place": match.lead.zip}


def _address(show, asked=None) -> str:
    path = reverse("staff:credit", args=[asked.pk]) if asked else reverse("staff:credits")
    return f"{path}?{urlencode({'show': show})}" if show else path
