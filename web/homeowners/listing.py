"""Which pros stand on the page to choose on: filtered, in an order, by page. All of it lives in the address, with what is ticked."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from accounts import checks
from accounts.models import Check, Pro
from accounts.queries import pros_known_as
from catalog.queries import miles_from
from leads.profiles import Profile, profiles_of
from leads.ratings import Rating, ratings_of
from leads.response import Response, responses_of

MOST = 4  # seats of a request, however many are ticked
ON_A_PAGE = 24
ORDERS = {"": _("Drawn order"), "fast": _("Calls soonest"), "near": _("Nearest"), "best": _("Best rated")}
FAR = 10_000


@dataclass(frozen=True)
class Wanted:
    """What the address asks for; nonsense in it asks for nothing. `picks` are ticked, `compare` stand side by side."""

    order: str = ""
    name: str = ""
    badge: str = ""
    page: int = 1
    picks: tuple[Pro, ...] = ()
    compare: tuple[Pro, ...] = ()
    fill: bool = False

    @classmethod
    def of(cls, said):
        """What a QueryDict says, of an address or of the form."""
        order, badge, page = said.get("order", ""), said.get("badge", ""), said.get("page", "")
        return cls(
            order=order if order in ORDERS else "",
            name=" ".join(said.get("name", "").replace("\0", "").split())[:60],
            badge=badge if badge in Check.Kind.values else "",
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1,
            picks=tuple(pros_known_as(said.getlist("pro")[: 2 * MOST])),
            compare=tuple(pros_known_as(said.getlist("compare")[:MOST])),
            fill="fill" in said,
        )

    def turned(self, show: str):
        """What a button of the form asks for beside what is ticked: another order, another page, a filter, to compare, or all again."""
        what, _colon, value = show.partition(":")
        if what == "order":
            return replace(self, order=value if value in ORDERS else "", page=1)
        if what == "page":
            return replace(self, page=int(value) if value.isascii() and value.isdecimal() and len(value) < 5 else 1)
        if what == "compare":
            return replace(self, compare=self.picks[:MOST])
        if what == "all":
            return replace(self, name="", badge="", page=1)
        return replace(self, page=1)

    def query(self) -> str:
        """As an address says it."""
        said = [("order", self.order), ("name", self.name), ("badge", self.badge), ("page", self.page if self.page > 1 else "")]
        said += [("pro", pro.public_id) for pro in self.picks] + [("compare", pro.public_id) for pro in self.compare]
        said += [("fill", "1" if self.fill else "")]
        return urlencode([(name, value) for name, value in said if value])

    @property
    def filters(self) -> bool:
        return bool(self.name or self.badge)


@dataclass(frozen=True)
class Listing:
    """One page of `count` pros that pass the filter, of `able` that fit the job."""

    profiles: tuple[Profile, ...]
    page: int
    pages: int
    count: int
    able: int

    @property
    def others(self) -> list[int]:
        return list(range(1, self.pages + 1)) if self.pages > 1 else []


def listing(pros, lead, wanted: Wanted, *, members: dict, now: datetime) -> Listing:
    """The page of `pros`, who come in the drawn order: equals stay in it. `members` are what memberships are called, by pro id. As many
    queries for many pros as for few."""
    found = _ordered(_filtered(pros, wanted, now), lead, wanted.order, now)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(1, wanted.page), pages)
    part = found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return Listing(tuple(profiles_of(part, now=now, zip=lead.zip, members=members)), page, pages, len(found), len(pros))


def _filtered(pros, wanted, now):
    if wanted.name:
        named = wanted.name.casefold()
        pros = [pro for pro in pros if named in pro.name.casefold()]
    if wanted.badge:
        held = checks.standing([pro.pk for pro in pros], now=now)
        pros = [pro for pro in pros if any(check.kind == wanted.badge for check in held.get(pro.pk, ()))]
    return list(pros)


def _ordered(pros, lead, order, now):
    ids = [pro.pk for pro in pros]
    if order == "near":
        miles = miles_from(lead.zip, [pro.zip for pro in pros])
        return sorted(pros, key=lambda pro: round(miles.get(pro.zip, FAR)))
    if order == "fast":
        called = responses_of(ids, now=now)
        return sorted(pros, key=lambda pro: _soon(called.get(pro.pk, Response())))
    if order == "best":
        rated = ratings_of(ids)
        return sorted(pros, key=lambda pro: -_score(rated.get(pro.pk, Rating())))
    return pros


def _soon(response) -> int:
    return FAR if response.minutes is None else response.minutes


def _score(rating) -> int:
    return 0 if rating.few else rating.average
