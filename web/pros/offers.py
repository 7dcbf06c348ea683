"""Offers (design 06): the feed, one offer with the job and the exact fee, and what a pro answers to it.

The price stands on the button and is sent with it, so nobody pays another one than was seen. Whatever is refused shows the offer once
more, as it is now, with the sentence why; nothing was charged then.
"""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rights import accepts_up_to
from billing import terms
from billing.statement import percent
from contact.numbers import NoNumber
from core.errors import NotAllowed, Refusal
from core.policy import read
from leads import offer_sheet, offers, queries
from leads.models import Offer
from leads.opening import open_match
from leads.policy import Leads, OptIn
from leads.standing import zips_covered
from web import dues
from web.pros.offer_words import in_the_way, seats_gone, seats_held, seconds, what_became
from web.pros.standing_words import notice
from web.pros.viewer import live_page, pro_page
from web.templatetags.plumbline import money


class AcceptForm(forms.Form):
    """The price the button showed, in cents."""

    price = forms.RegexField(r"\A[0-9]{1,9}\Z")


@pro_page("GET")
def feed(request, viewer):
    sheets = offer_sheet.feed_of(viewer.pro, viewer.state, now=viewer.now)
    in_force, policy = terms.in_force(viewer.now), read(OptIn)
    rows = [_card(sheet, viewer) for sheet in sheets]
    context = {
        "rows": rows,
        "first": next((row for row in rows if row["may_accept"]), None),
        "lately": [(offer, what_became(offer)) for offer in offer_sheet.lately_of(viewer.pro, now=viewer.now)],
        "share": percent(in_force.basis_points) if in_force.basis_points else "",
        "notice": None if sheets else notice(viewer.standing, viewer, zips_covered(viewer.pro) if viewer.standing.is_on else 0),
        "most": read(Leads).seats,
        "undo": seconds(policy.undo_seconds),
        "lasts": seconds(policy.offer_seconds),
        "claim": dues.how_long(in_force.claim_seconds),
        "tiers": [
            {"name": name, "me": tier == viewer.state.tier, "after": seconds(delay) if delay else ""}
            for tier, name, delay in offer_sheet.tiers(policy)
        ],
        "reasons": Offer.Reason.choices,
    }
    return live_page(request, viewer, "offers", context, url=reverse("pros:offers"))


@pro_page("GET")
def offer(request, viewer, offer_id):
    return _page(request, viewer, queries.offer_for(viewer.pro, offer_id))


@pro_page("POST")
def accept(request, viewer, offer_id):
    """Take a seat for the price that was shown; who taps twice has it once."""
    asked, form = queries.offer_for(viewer.pro, offer_id), AcceptForm(request.POST)
    if not form.is_valid():
        return _page(
            request, viewer, asked, refusal=_("The price was missing. Accept again if you want it. Nothing was charged."), status=422
        )
    price = int(form.cleaned_data["price"])
    return _answer(request, viewer, asked, offers.accept, shown_price=price) or redirect("pros:offer", asked.pk)


@pro_page("POST")
def decline(request, viewer, offer_id):
    """Pass on an offer, with the reason the button names."""
    asked = queries.offer_for(viewer.pro, offer_id)
    refused = _answer(request, viewer, asked, offers.decline, reason=request.POST.get("reason", ""))
    if refused:
        return refused
    messages.success(
        request, _("Passed: %(service)s. It costs nothing and is not offered to you again.") % {"service": asked.lead.service.name}
    )
    return redirect("pros:offers")


@pro_page("POST")
def undo(request, viewer, offer_id):
    """Give the seat back while that is free."""
    asked = queries.offer_for(viewer.pro, offer_id)
    match = queries.match_of(asked)
    return _answer(request, viewer, match, offers.undo, offer_id=asked.pk) or redirect("pros:offer", asked.pk)


@pro_page("POST")
def leave_draw(request, viewer, offer_id):
    """Wait for the draw no more: what was reserved is free again."""
    asked = queries.offer_for(viewer.pro, offer_id)
    return _answer(request, viewer, asked, offers.leave_draw) or redirect("pros:offer", asked.pk)


@pro_page("POST")
def open_details(request, viewer, offer_id):
    """Open the lead that came of an offer: the undo is over then."""
    match = queries.match_of(queries.offer_for(viewer.pro, offer_id))
    open_match(match, by=viewer.member, now=viewer.now)
    return redirect("pros:lead", match.pk)


def _answer(request, viewer, what, use_case, *, offer_id=None, **said):
    """Do it; or the offer as it is then, with the sentence why not. Nothing stays of what was refused."""
    try:
        with transaction.atomic():
            use_case(what, by=viewer.member, now=viewer.now, **said)
    except NotAllowed:
        raise
    except NoNumber:
        sentence, status = (
            _("No phone number is free for this lead. We are getting one: try again in some minutes. Nothing was charged."),
            409,
        )
    except Refusal as refusal:
        sentence, status = str(refusal), refusal.status
    else:
        return None
    return _page(request, viewer, queries.offer_for(viewer.pro, offer_id or what.pk), refusal=sentence, status=status)


def _page(request, viewer, asked, *, refusal="", status=200):
    sheet = offer_sheet.sheet_of(asked, viewer.state, now=viewer.now)
    policy, row = read(OptIn), _card(sheet, viewer)
    context = row | {
        "row": row,
        "refusal": refusal,
        "became": what_became(asked),
        "undo_seconds": policy.undo_seconds,
        "undo_time": seconds(policy.undo_seconds),
        "early_seats": policy.early_seats,
        "reasons": Offer.Reason.choices,
    }
    url = reverse("pros:offer", args=[asked.pk])
    return live_page(request, viewer, "offer", context, url=url, bar="pros/offer_bar.html", status=status)


def _card(sheet, viewer):
    """An offer with what stands in the way of its acceptance, for the one who looks."""
    limit = accepts_up_to(viewer.member)
    return {
        "offer": sheet,
        "due": dues.of_offer(sheet.opens_at, sheet.expires_at, viewer.zone, viewer.now),
        "blocked": in_the_way(sheet, viewer),
        "limited": limit is not None and sheet.price > limit,
        "limit": limit,
        "may_accept": sheet.can_accept and (limit is None or sheet.price <= limit),
        "seats_words": seats_gone(sheet),
        "held_words": seats_held(sheet),
        "left_words": ngettext("%(n)s seat left", "%(n)s seats left", sheet.left) % {"n": sheet.left},
        "label": (_("Enter the draw for %(price)s") if sheet.drawn_at else _("Accept for %(price)s"))
        % {"price": money(0 if sheet.test else sheet.price)},
    }
