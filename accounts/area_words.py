"""The ground a pro covers, as a homeowner reads it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Coverage
from accounts.queries import coverage_of
from catalog.models import Zip
from catalog.words import local

NAMED = 5  # cities of a list of ZIP codes


def area_in_words(pro) -> list[str]:
    """A line for each stretch of ground: "Within 20 miles of 60614 Chicago". What holds for one service only names it. Two queries."""
    grounds = list(coverage_of(pro))
    codes = {code for ground in grounds for code in (*ground.zips, ground.center) if code}
    places = dict(Zip.objects.filter(code__in=codes).values_list("code", "place"))
    return [_line(ground, places) for ground in grounds]


def _line(ground, places) -> str:
    where = _where(ground, places)
    return _("%(service)s: %(where)s") % {"service": local(ground.service.name), "where": where} if ground.service else where


def _where(ground, places) -> str:
    if ground.kind == Coverage.Kind.RADIUS:
        said = {"miles": ground.miles, "zip": ground.center, "place": places.get(ground.center, "")}
        return ngettext("Within %(miles)s mile of %(zip)s %(place)s", "Within %(miles)s miles of %(zip)s %(place)s", ground.miles) % said
    if ground.kind == Coverage.Kind.CITY:
        return f"{ground.place}, {ground.state}"
    named = list(dict.fromkeys(places[code] for code in ground.zips if code in places))
    said = {"n": len(ground.zips), "places": ", ".join(named[:NAMED]) + (" …" if len(named) > NAMED else "")}
    return ngettext("%(n)s ZIP code in %(places)s", "%(n)s ZIP codes in %(places)s", len(ground.zips)) % said
