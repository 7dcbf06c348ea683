"""Choose your pros: who fits, in a drawn order or another, up to as many as there are free seats (RULES 14; design 02).

The page works without scripts: whatever turns it (another order, a filter, the next page, to compare) is a button of its one form, so
that nothing that is ticked gets lost, and answers with the address of what it shows.
"""

from dataclasses import replace

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import Check
from accounts.queries import pros_known_as
from billing.policy import Memberships
from core.errors import Refusal
from core.policy import read
from leads import choice, consent, links
from leads.models import Lead
from leads.policy import Leads
from leads.profiles import profiles_of
from web.address import address_of
from web.homeowners.edges import private
from web.homeowners.listing import ORDERS, Wanted, listing

TITLES = {
    1: gettext_lazy("Choose one pro"),
    2: gettext_lazy("Choose up to two pros"),
    3: gettext_lazy("Choose up to three pros"),
    4: gettext_lazy("Choose up to four pros"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@private
def choose(request, token):
    """The pros that fit; a POST sends the request to those ticked, all or none. With htmx a GET answers with what is ticked by now, and
    says that the page is in use."""
    lead, now = links.lead_of(token), timezone.now()
    if not choice.is_open(lead, now=now):
        return redirect("homeowners:request", token=token)
    if request.method != "POST":
        choice.seen(lead, now=now)
        return _page(request, lead, token, now, Wanted.of(request.GET))
    wanted = Wanted.of(request.POST)
    if "show" in request.POST:
        return _turn(token, wanted, request.POST["show"])
    return _send(request, lead, token, now, wanted)


def _turn(token, wanted, show):
    """To the address of what a button asks for, with everything that is ticked."""
    what, _colon, named = show.partition(":")
    if what == "pro" and (known := pros_known_as([named])):
        return _to(reverse("homeowners:profile", args=[token, known[0].public_id]), wanted)
    return _to(reverse("homeowners:choose", args=[token]), wanted.turned(show))


def _to(path, wanted):
    query = wanted.query()
    return redirect(f"{path}?{query}" if query else path)


def _send(request, lead, token, now, wanted):
    circumstances = {"page": f"{request.get_host()}{request.path}"[:200], "ip": address_of(request)}
    try:
        matches = choice.choose(lead, [pro.pk for pro in wanted.picks], fill=wanted.fill, now=now, **circumstances)
    except Refusal as refusal:
        return _page(request, lead, token, now, wanted, refusal=refusal)
    messages.success(request, _sent(len(matches), fill=wanted.fill or _matched(lead)))
    return redirect("homeowners:request", token=token)


def _sent(count, *, fill) -> str:
    if read(Leads).opt_in:
        asked = ngettext("%(n)s pro was asked.", "%(n)s pros were asked.", count) % {"n": count}
        return f"{asked} " + _("Your details are given only to those who accept.")
    sent = ngettext("Sent to %(n)s pro.", "Sent to %(n)s pros.", count) % {"n": count}
    rest = _("We look for pros for the free seats.") if fill else _("Nobody else has your details.")
    return f"{sent} {rest}"


def _matched(lead) -> bool:
    """The homeowner asked to be matched, and invites one more."""
    return lead.way == Lead.Way.MATCH


def _page(request, lead, token, now, wanted, *, refusal=None):
    found = choice.choices(lead, now=now)
    if not found.free:
        return redirect("homeowners:request", token=token)
    able = set(found.pros)
    wanted = replace(
        wanted,
        picks=tuple(pro for pro in wanted.picks if pro in able),
        compare=tuple(pro for pro in wanted.compare if pro in able),
    )
    context = _picked(lead, token, now, found, wanted)
    template = "homeowners/parts/picked.html"
    if request.htmx.target != "picked":
        context |= _listed(lead, now, found, wanted) | {"refusal": refusal}
        template = "homeowners/choose.html"
    return render(request, template, context, status=refusal.status if refusal else 200)


def _picked(lead, token, now, found, wanted) -> dict:
    """What is ticked by now, beside the seats that are taken."""
    picks = wanted.picks
    return {
        "lead": lead,
        "token": token,
        "now": now,
        "wanted": wanted,
        "free": found.free,
        "chosen": len(picks) if len(picks) <= found.free else 0,
        "seats": _seats(lead, found, picks),
        "too_many": len(picks) > found.free,
        "words": consent.pick_words([pro.name for pro in picks], lead) if picks else "",
        "fills": read(Leads).takes_requests and not _matched(lead),
        "matched": _matched(lead),
        "asks": read(Leads).opt_in,
    }


def _seats(lead, found, picks) -> list[dict]:
    """The seats of the request by number: who has one, who is ticked for one, and which stay free."""
    taken, waiting = dict(found.taken), [pro.name for pro in picks]
    seats = []
    for number in range(1, lead.seats + 1):
        kind = "taken" if number in taken else "me" if waiting else "free"
        seats.append({"no": number, "kind": kind, "name": taken.get(number) or (waiting.pop(0) if waiting else "")})
    return seats


def _listed(lead, now, found, wanted) -> dict:
    """The pros of the page, or those to compare."""
    sold = read(Memberships)
    members = {pk: tier.name for pk, number in found.tiers.items() if (tier := sold.tier(number))}
    context = {
        "title": TITLES[found.free],
        "orders": [(code, name, code == wanted.order) for code, name in ORDERS.items()],
        "badges": Check.Kind.choices,
        "memberships": [tier for tier in sold.tiers if tier.weight > 1],
        "able": len(found.pros),
    }
    if wanted.compare:
        shown = context["compared"] = profiles_of(wanted.compare, now=now, zip=lead.zip, members=members)
    else:
        context["listing"] = listing(found.pros, lead, wanted, members=members, now=now)
        shown = context["listing"].profiles
    here = {profile.pro for profile in shown}
    return context | {"elsewhere": [pro for pro in wanted.picks if pro not in here]}
