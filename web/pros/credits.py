"""What became of requests for a credit: the list, and each with its evidence, its decision, a question to answer and one appeal."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.queries import team_of
from accounts.rights import Right
from core.errors import NotAllowed, Refusal
from credits import queries, requests, review
from credits.models import Ruling
from credits.reasons import REASONS, SENTENCES
from leads.masking import nameless
from leads.models import Match
from web import dues, proof
from web.claims import WordsForm, one_more_call, would_change
from web.pros.credit import decision_of, job_of
from web.pros.fields import take
from web.pros.timeline import Who
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import money

ON_A_PAGE = 30


@pro_page("GET", right=Right.OPEN_LEADS)
def credits(request, viewer):
    found = Paginator(queries.requests_for(viewer.pro), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [{"request": each, "match": each.match, "job": job_of(each.match), "reason": reason_of(each)} for each in found]
    return page(request, viewer, "pros/credits.html", {"rows": rows, "found": found})


@pro_page("GET", right=Right.OPEN_LEADS)
def credit_request(request, viewer, request_id):
    return _page(request, viewer, queries.request_for(viewer.pro, request_id))


@pro_page("POST", right=Right.OPEN_LEADS)
def answer(request, viewer, request_id):
    """Answer the question that staff asked."""
    return _say(request, viewer, request_id, requests.answer, _("We have your answer. A person looks at it."))


@pro_page("POST", right=Right.OPEN_LEADS)
def appeal(request, viewer, request_id):
    """Ask for somebody else to look at a refusal."""
    return _say(request, viewer, request_id, review.appeal, _("We have your appeal. Somebody else hears it."))


def _say(request, viewer, request_id, use_case, thanks):
    asked, form = queries.request_for(viewer.pro, request_id), WordsForm(request.POST)
    if form.is_valid():
        try:
            use_case(asked, by=viewer.member, now=viewer.now, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            if not refusal.fields:
                return _page(request, viewer, queries.request_for(viewer.pro, request_id), refusal=refusal, status=refusal.status)
            take(form, refusal)
        else:
            messages.success(request, thanks)
            return redirect("pros:credit_request", asked.pk)
    return _page(request, viewer, asked, form=form, status=422)


def _page(request, viewer, asked, *, form=None, refusal=None, status=200):
    match, decision = asked.match, decision_of(asked)
    job, evidence = job_of(match), queries.evidence_of(asked, match)
    hidden = partial(nameless, person=match.lead.homeowner)  # in words of staff always, in the pro's own once the lead is closed to it
    own = _as_typed if match.state == Match.State.LIVE else hidden
    note = hidden(decision.note) if decision else ""
    told = {"evidence": evidence, "zone": viewer.zone, "now": viewer.now}
    change = would_change(decision.rule, asked.reason, **told) if decision else one_more_call(reason=asked.reason, **told)
    context = {
        "asked": asked,
        "match": match,
        "job": job,
        "reason": reason_of(asked),
        "refusal": refusal,
        "form": form or WordsForm(),
        "words": own(asked.words),
        "question": hidden(asked.question),
        "answer": own(asked.answer),
        "appeal_words": own(asked.appeal_words),
        "decision": decision,
        "why": SENTENCES.get(decision.rule, "") if decision else "",
        "note": note,
        "change": "" if change in note else change,
        "cents": match.charge.net if match.charge_id else 0,
        "answer_by": dues.promised_day(asked.answer_by),
        "due": dues.of_promise(queries.time_left(asked, now=viewer.now)) if asked.is_undecided else None,
        "steps": proof.steps(evidence, zone=viewer.zone, now=viewer.now),
        "steps_done": evidence.steps_done,
        "facts": proof.facts(evidence, asked.reason, job=str(job)),
        "events": _events(asked, viewer),
    }
    return page(request, viewer, "pros/credit_request.html", context, status=status)


def _as_typed(text) -> str:
    return text


def reason_of(asked) -> str:
    return REASONS[asked.reason].label if asked.reason in REASONS else _("Given back without being asked")


def _events(asked, viewer) -> list[dict]:
    """What happened, newest first; what comes next in grey."""
    who = Who(list(team_of(viewer.pro)), viewer)
    events = [_event(each) for each in asked.rulings.all()]
    if not asked.is_unasked:
        events.append(
            {"icon": "bill", "text": _("%(who)s asked for the credit") % {"who": who.acted(asked.filed_by)}, "at": asked.received_at}
        )
    if asked.answered_at:
        events.append({"icon": "chat", "text": _("You answered our question"), "at": asked.answered_at})
    if asked.appealed_at:
        events.append({"icon": "user", "text": _("%(who)s appealed") % {"who": who.acted(asked.appealed_by)}, "at": asked.appealed_at})
    events.sort(key=lambda event: event["at"])
    events[-1]["state"] = "now"
    if asked.is_undecided:
        until = {"day": dues.promised_day(asked.answer_by)}
        events.append({"icon": "mail", "text": _("A person answers by %(day)s, by e-mail") % until, "state": "next"})
    return events[::-1]


def _event(ruling) -> dict:
    said = {"who": ruling.by.name if ruling.by else "", "amount": money(ruling.request.amount)}
    icon, text = {
        Ruling.Verdict.GRANT: ("check", _("%(who)s granted %(amount)s") if ruling.by else _("%(amount)s granted by rule")),
        Ruling.Verdict.REFUSE: ("x", _("%(who)s refused it")),
        Ruling.Verdict.ASK: ("chat", _("%(who)s asked you something")),
    }[ruling.verdict]
    return {"icon": icon, "text": text % said, "at": ruling.at}
