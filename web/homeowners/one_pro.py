"""What the homeowner does about one of its pros: stop it, replace it, show it the own number or address. Asked once, done with one tap."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import NotFound, Refusal
from credits import stopping
from leads import links, queries, replacing, revealing, withdrawal
from leads.models import Match
from leads.showing import Reveal
from web.homeowners.edges import private


@dataclass(frozen=True)
class Deed:
    """One thing to do: the question, what comes of it ([(icon, sentence)]), the words of its button, what is said when it is done."""

    question: str
    comes: tuple
    button: str
    done: str
    do: Callable
    is_stop: bool = False
    quotes: bool = False


def _reveal(what):
    return lambda match, *, now: revealing.reveal(match, what, now=now)


ONLY_ONE = ("lock", _("No other pro sees it. What you showed cannot be unseen, but it leaves our pages when you stop this pro."))
LOGGED = ("doc", _("We keep when you showed it, and tell the pro that it stands on its page."))
DEEDS = {
    "stop": Deed(
        question=_("Stop %(pro)s now?"),
        comes=(
            ("phone", _("It cannot reach you through us any more, from this moment on.")),
            ("user", _("Your other pros go on. This seat is not sold again.")),
            ("noeye", _("It reads what every pro reads whom somebody stops:")),
        ),
        button=_("Yes, stop"),
        done=_("Stopped: %(pro)s."),
        do=stopping.stop_one,
        is_stop=True,
        quotes=True,
    ),
    "replace": Deed(
        question=_("Replace %(pro)s now?"),
        comes=(
            ("phone", _("It never called, though we warned it. It loses your details, and pays all the same.")),
            ("search", _("Its seat is free again, and we look for another pro at once.")),
        ),
        button=_("Yes, replace"),
        done=_("%(pro)s lost its seat. We look for another pro."),
        do=replacing.replace,
    ),
    "phone": Deed(
        question=_("Show %(pro)s your phone number?"),
        comes=(("phone", _("It can call you past our number, also when your line through us is closed.")), ONLY_ONE, LOGGED),
        button=_("Show my number"),
        done=_("%(pro)s sees your phone number now."),
        do=_reveal(Reveal.What.PHONE),
    ),
    "address": Deed(
        question=_("Show %(pro)s your address?"),
        comes=(("pin", _("It needs it for a visit.")), ONLY_ONE, LOGGED),
        button=_("Show my address"),
        done=_("%(pro)s sees your address now."),
        do=_reveal(Reveal.What.ADDRESS),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def one_pro(request, token, match_id, what):
    """Asks once; a POST does it. What cannot be done says why."""
    lead, now = links.lead_of(token), timezone.now()
    match, deed = queries.seat_of(lead, match_id), DEEDS.get(what)
    if deed is None:
        raise NotFound
    if request.method != "POST":
        return _page(request, token, match, deed, what)
    try:
        deed.do(match, now=now)
    except Refusal as refusal:
        return _page(request, token, match, deed, what, refusal=refusal)
    messages.success(request, str(deed.done) % {"pro": match.pro.name})
    return redirect("homeowners:request", token=token)


def _page(request, token, match, deed, what, refusal=None):
    shown = {Reveal.What.PHONE.value, Reveal.What.ADDRESS.value}
    context = {
        "lead": match.lead,
        "token": token,
        "match": match,
        "deed": deed,
        "question": str(deed.question) % {"pro": match.pro.name},
        "sentence": withdrawal.SENTENCE,
        "said": revealing.said(match.lead.homeowner, what) if what in shown else "",
        "is_phone": what == Reveal.What.PHONE,
        "is_live": match.state == Match.State.LIVE,
        "refusal": refusal,
    }
    return render(request, "homeowners/one_pro.html", context, status=refusal.status if refusal else 200)
