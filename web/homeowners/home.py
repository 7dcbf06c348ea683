"""The start page: of a marketplace, and on the platform's own host the list of marketplaces."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from catalog import queries as catalog
from core.marketplaces import listed
from core.policy import read
from leads.policy import Leads
from web.homeowners import lookup
from web.homeowners.draft import Draft


@require_safe
@never_cache
def home(request):
    if request.marketplace is None:
        return render(request, "core/marketplaces.html", {"marketplaces": listed()})
    draft = Draft(request.session)
    context = {
        "open": read(Leads).takes_requests,
        "trades": lookup.by_trade(request.marketplace),
        "begun": catalog.service_of(draft.get("service")) if draft.get("service") else None,
        "zip": draft.get("zip"),
    }
    return render(request, "homeowners/home.html", context)
