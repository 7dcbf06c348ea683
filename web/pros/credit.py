"""Request Credit: what would come of it, and the request itself. What became of one is web.pros.credits."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.rights import Right
from core.errors import NotAllowed, Refusal
from credits.granting import left_of
from credits.models import CreditRequest, Ruling
from credits.queries import DeadSoFar, dead_so_far, latest_of, shares_by_steps
from credits.reasons import NEVER, SENTENCES
from credits.requests import Preview, preview, submit
from credits.window import Window, window_of
from leads import queries
from leads.explaining import why_this_price
from leads.models import Match
from web import dues, proof
from web.claims import ClaimForm, would_change
from web.pros.fields import take
from web.pros.viewer import page, pro_page
from web.templatetags.plumbline import money


@dataclass(frozen=True)
class Card:
    """What stands at the bottom of a lead: the request that exists, or whether there can be one."""

    window: Window
    lasts: str
    cents: int
    is_over: bool
    dead: DeadSoFar | None
    request: CreditRequest | None
    decision: Ruling | None

    @property
    def why(self) -> str:
        return SENTENCES.get(self.decision.rule, "") if self.decision else ""


def card(match, story, *, now) -> Card:
    """The card of a match with its charge, line and terms, and the story of its line (None: it has none). One query, and three more where
    something was asked."""
    window, request = window_of(match), latest_of(match)
    return Card(
        window=window,
        lasts=dues.how_long(window.seconds),
        cents=0 if match.test else left_of(match),
        is_over=not window.holds(now),
        dead=dead_so_far(story) if story else None,
        request=request,
        decision=decision_of(request) if request else None,
    )


def decision_of(request) -> Ruling | None:
    """The last decision on a request with its rulings."""
    return next((each for each in reversed(request.rulings.all()) if each.verdict in Ruling.DECISIONS), None)


@dataclass(frozen=True)
class Job:
    """What a pro may still read of the job of one of its matches: nothing once the lead is closed to it."""

    service: str = ""
    name: str = ""
    place: str = ""

    def __str__(self):
        """As a receipt names it: "Water heater in 60614"."""
        return _("%(service)s in %(place)s") % {"service": self.service, "place": self.place} if self.service else ""


def job_of(match) -> Job:
    if match.state != Match.State.LIVE:
        return Job()
    return Job(match.lead.service.name, match.lead.homeowner.short_name, match.lead.zip)


@pro_page("GET", "POST", right=Right.OPEN_LEADS)
def credit(request, viewer, match_id):
    """Ask for a credit. `do=look` shows the likely result of what is filled in, and sends nothing."""
    match = queries.match_for(viewer.pro, match_id)
    if request.method != "POST":
        asked = latest_of(match)
        return redirect("pros:credit_request", asked.pk) if asked else _page(request, viewer, match)
    if request.POST.get("do") == "look":
        return _page(request, viewer, match, typed=request.POST)
    shown = preview(match, request.POST.get("reason", ""), now=viewer.now)
    form = ClaimForm(request.POST, shown=shown, job=job_of(match))
    if form.is_valid():
        try:
            asked = submit(match, by=viewer.member, now=viewer.now, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refusal as refusal:
            if not refusal.fields:
                return _page(request, viewer, match, refusal=refusal, status=refusal.status)
            take(form, refusal)
        else:
            messages.success(request, _sent(asked))
            return redirect("pros:credit_request", asked.pk)
    return _page(request, viewer, match, form=form, shown=shown, status=422)


def _sent(asked) -> str:
    if asked.state == CreditRequest.State.GRANTED:
        return _("Granted: %(amount)s comes back to you.") % {"amount": money(asked.amount)}
    return _("Sent. A person answers by %(day)s.") % {"day": dues.promised_day(asked.promised_at)}


def _page(request, viewer, match, *, form=None, shown=None, typed=None, refusal=None, status=200):
    job = job_of(match)
    shown = shown or preview(match, (typed or {}).get("reason", ""), now=viewer.now)
    if form is None:
        form = ClaimForm(initial={name: (typed or {}).get(name, "") for name in ("reason", "words")}, shown=shown, job=job)
    context = {
        "match": match,
        "job": job,
        "shown": shown,
        "refusal": refusal or shown.refusal,
        "asked": latest_of(match) if refusal or shown.refusal else None,
        "form": form,
        "due": dues.of_window(shown.window, viewer.now),
        "answer_by": dues.promised_day(shown.promised_at),
        "lasts": dues.how_long(shown.window.seconds),
        "steps": proof.steps(shown.evidence, zone=viewer.zone, now=viewer.now),
        "steps_done": shown.evidence.steps_done,
        "facts": proof.facts(shown.evidence, shown.reason, job=str(job)),
        "never": NEVER.values(),
        "likely": likely(shown, zone=viewer.zone, now=viewer.now),
        "prices": why_this_price(match.charge, service=job.service, lead_type=match.lead_type) if match.charge_id else [],
        "shares": shares_by_steps(),
    }
    return page(request, viewer, "pros/credit.html", context, status=status)


def likely(shown: Preview, *, zone, now) -> dict:
    """What would come of the chosen reason, in words: the result, the rule that says so, what would change it, and real figures."""
    if shown.verdict is None:
        return {"title": _("Choose a reason"), "text": _("Then you see here what would come of your request, before you send it.")}
    rule, share, figures = shown.verdict.rule, shown.share, _figures(shown.share)
    if shown.verdict.grant:
        proven = _("What we know proves it, so the price comes back as soon as you send.")
        return {"tone": "good", "title": _("Granted at once"), "text": SENTENCES[rule], "more": proven, "figures": figures}
    often = not share.few and share.granted * 2 > share.of
    return {
        "tone": "good" if often else "warn",
        "title": _("Likely to be granted") if often else _("A person decides"),
        "text": SENTENCES[rule],
        "more": would_change(rule, shown.reason, evidence=shown.evidence, zone=zone, now=now),
        "figures": figures,
    }


def _figures(share) -> str:
    if share.few:
        return _("Few requests like this so far.")
    return _("%(granted)s of the last %(of)s requests like this were granted.") % {"granted": share.granted, "of": share.of}
