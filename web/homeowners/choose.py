"""Choose your pros: who fits, in a drawn order or another, up to as many as there are free seats (RULES 14; design 02)."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Pro
from accounts.queries import pros_known_as
from catalog.queries import miles_from
from core.errors import Refusal
from core.policy import read
from leads import choice, consent, links
from leads.models import Lead
from leads.policy import Leads
from leads.ratings import Rating, Told, ratings_of, told_of
from leads.response import Response, responses_of
from web.homeowners.edges import private

MOST = 4  # seats of a request, however many are ticked
ORDERS = {
    "": gettext_lazy("Drawn order"),
    "fast": gettext_lazy("Calls soonest"),
    "near": gettext_lazy("Nearest"),
    "best": gettext_lazy("Best rated"),
}
FAR = 10_000
TITLES = {
    1: gettext_lazy("Choose one pro"),
    2: gettext_lazy("Choose up to two pros"),
    3: gettext_lazy("Choose up to three pros"),
    4: gettext_lazy("Choose up to four pros"),
}


@dataclass(frozen=True)
class Card:
    """One pro as the homeowner sees it, with what was measured."""

    pro: Pro
    miles: int | None
    response: Response
    picked: bool
    rating: Rating
    told: Told

    @property
    def face(self) -> str:
        """Two letters for a pro without a photo."""
        words = [word for word in self.pro.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper()


@require_http_methods(["GET", "HEAD", "POST"])
@private
def choose(request, token):
    """The pros that fit; a POST sends the request to those ticked, all or none. With htmx a GET answers with what is ticked by now, and
    says that the page is in use."""
    lead, now = links.lead_of(token), timezone.now()
    if not choice.is_open(lead, now=now):
        return redirect("homeowners:request", token=token)
    if request.method == "POST":
        return _send(request, lead, token, now)
    choice.seen(lead, now=now)
    return _page(request, lead, token, now, picked=pros_known_as(request.GET.getlist("pro")[: 2 * MOST]))


def _send(request, lead, token, now):
    picked = pros_known_as(request.POST.getlist("pro")[: 2 * MOST])
    circumstances = {"page": f"{request.get_host()}{request.path}"[:200], "ip": request.META.get("REMOTE_ADDR") or None}
    try:
        matches = choice.choose(lead, [pro.pk for pro in picked], fill="fill" in request.POST, now=now, **circumstances)
    except Refusal as refusal:
        return _page(request, lead, token, now, picked=picked, refusal=refusal)
    sent = ngettext("Sent to %(n)s pro.", "Sent to %(n)s pros.", len(matches)) % {"n": len(matches)}
    rest = _("We look for pros for the free seats.") if "fill" in request.POST or _matched(lead) else _("Nobody else has your details.")
    messages.success(request, f"{sent} {rest}")
    return redirect("homeowners:request", token=token)


def _matched(lead) -> bool:
    """The homeowner asked to be matched, and invites one more."""
    return lead.way == Lead.Way.MATCH


def _page(request, lead, token, now, *, picked, refusal=None):
    found = choice.choices(lead, now=now)
    if not found.free:
        return redirect("homeowners:request", token=token)
    order = request.GET.get("order", "")
    able = {pro.pk for pro in found.pros}
    picked = [pro for pro in picked if pro.pk in able]
    context = {
        "lead": lead,
        "token": token,
        "now": now,
        "refusal": refusal,
        "cards": _cards(found.pros, lead, {pro.pk for pro in picked}, order, now),
        "orders": [(code, name, code == (order if order in ORDERS else "")) for code, name in ORDERS.items()],
        "order": order if order in ORDERS else "",
        "free": found.free,
        "picked": picked,
        "seats": [*picked, *[None] * (found.free - len(picked))],
        "too_many": len(picked) > found.free,
        "words": consent.pick_words([pro.name for pro in picked], lead) if picked else "",
        "title": TITLES[found.free],
        "fills": read(Leads).automatch and not _matched(lead),
        "matched": _matched(lead),
    }
    template = "homeowners/parts/picked.html" if request.htmx.target == "picked" else "homeowners/choose.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _cards(pros, lead, picked, order, now) -> list[Card]:
    """The pros with what is measured of them, in the order asked for; equals stay in the drawn order."""
    miles = miles_from(lead.zip, [pro.zip for pro in pros])
    ids = [pro.pk for pro in pros]
    called, rated, told = responses_of(ids, now=now), ratings_of(ids), told_of(ids)
    cards = [
        Card(
            pro=pro,
            miles=round(miles[pro.zip]) if pro.zip in miles else None,
            response=called.get(pro.pk, Response()),
            picked=pro.pk in picked,
            rating=rated.get(pro.pk, Rating()),
            told=told.get(pro.pk, Told()),
        )
        for pro in pros
    ]
    if order == "near":
        cards.sort(key=lambda card: FAR if card.miles is None else card.miles)
    if order == "fast":
        cards.sort(key=lambda card: card.response.minutes or FAR)
    if order == "best":
        cards.sort(key=lambda card: 0 if card.rating.few else -card.rating.average)
    return cards
