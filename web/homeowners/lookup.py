"""Services and places found while somebody types. Each is a fragment with htmx and a page of its own without."""

from dataclasses import dataclass, field
from itertools import groupby

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from accounts.contact_data import visible
from catalog import queries as catalog
from web.homeowners.edges import on_marketplace

LONGEST = 80
SHOWN = 5
CITIES = 3
ZIPS_OF_A_CITY = 100


@require_safe
@on_marketplace
def services(request):
    """The services that `q` may mean, as choices; without htmx all services by trade, or those found, as links."""
    typed = visible(request.GET.get("q", ""))[:LONGEST]
    found = catalog.find_services(typed, limit=SHOWN)
    if request.htmx:
        return _fragment(render(request, "homeowners/parts/services.html", {"q": typed, "found": found}))
    context = {"q": typed, "found": found, "trades": by_trade(request.marketplace)}
    return _fragment(render(request, "homeowners/services.html", context))


@require_safe
@on_marketplace
def places(request):
    """What the ZIP code is, or the ZIP codes of the city typed instead."""
    found = find_place(request.GET.get("q") or request.GET.get("zip", ""))
    template = "homeowners/parts/places.html" if request.htmx else "homeowners/places.html"
    return _fragment(render(request, template, {"place": found}))


@dataclass(frozen=True)
class Found:
    """What the typed text is: one ZIP with its `label`, or `cities` = [(label, [ZIP codes])] to choose from, or nothing known."""

    typed: str
    zip: str = ""
    label: str = ""
    cities: list = field(default_factory=list)

    @property
    def unknown(self) -> bool:
        return bool(self.typed) and not self.zip and not self.cities

    @property
    def is_wrong(self) -> bool:
        """Unknown, and not merely unfinished: fewer than five digits or three letters may still become something."""
        return self.unknown and len(self.typed) >= (5 if self.typed[:1].isdecimal() else 3)


def find_place(text: str) -> Found:
    typed = visible(text)[:LONGEST]
    digits = typed.split("-")[0].strip()
    if digits.isascii() and digits.isdecimal():
        exact = catalog.find_zips(digits, limit=1) if len(digits) == 5 else []
        return Found(typed, exact[0].zip, f"{exact[0].place}, {exact[0].state}") if exact else Found(typed)
    cities = []
    for city in catalog.find_zips(typed, limit=CITIES) if len(typed) > 1 else []:
        codes = [zip.code for zip in catalog.zips_of_city(city.place, city.state)[:ZIPS_OF_A_CITY]]
        cities.append((city.label, codes))
    if len(cities) == 1 and len(cities[0][1]) == 1:
        return Found(typed, cities[0][1][0], cities[0][0])
    return Found(typed, cities=cities)


def by_trade(marketplace) -> list:
    """[(trade, its services)] in the order of the trades."""
    return [(trade, list(group)) for trade, group in groupby(catalog.services_for(marketplace), key=lambda service: service.trade)]


def _fragment(response):
    patch_vary_headers(response, ["HX-Request"])
    return response
