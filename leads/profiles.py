"""A pro as a homeowner sees it: what it says of itself, what staff have checked, what was measured of its work (RULES 14, 46).

For a list of pros there are as many queries as for one. What a pro says of itself is masked: homeowners reach it through us.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts import checks
from accounts.models import Check, Pro
from accounts.queries import offered_by, pro_known_as
from catalog.models import Service
from catalog.queries import miles_from
from core.errors import NotFound
from leads import choice
from leads.masking import without_addresses
from leads.models import Match
from leads.ratings import Rating, Told, ratings_of, told_of
from leads.response import Response, responses_of


@dataclass(frozen=True)
class Badge:
    """What was checked, by whom, when, and the last day on which that holds, None where it has no end."""

    kind: str
    name: str
    fact: str
    by: str
    at: datetime
    until: date | None

    @classmethod
    def of(cls, check: Check):
        first, _space, last = check.checked_by.name.partition(" ")
        by = f"{first} {last.split()[-1][0]}." if last.strip() else first
        return cls(check.kind, check.get_kind_display(), check.fact, by, check.checked_at, check.valid_until)


@dataclass(frozen=True)
class Profile:
    """One pro. `miles` are from the homeowner's ZIP, None where it is not known; `member` is what its membership is called."""

    pro: Pro
    about: str
    services: tuple[Service, ...]
    badges: tuple[Badge, ...]
    rating: Rating
    told: Told
    response: Response
    miles: int | None = None
    member: str = ""

    @property
    def trades(self) -> list[str]:
        """The names of its trades, each once."""
        return list(dict.fromkeys(service.trade.name for service in self.services))


def profiles_of(pros, *, now: datetime, zip: str = "", members: dict | None = None) -> list[Profile]:
    """The profiles of these pros in their order, with how far each is from `zip` where there is one."""
    ids = [pro.pk for pro in pros]
    badges, offered = checks.standing(ids, now=now), offered_by(ids)
    called, rated, told = responses_of(ids, now=now), ratings_of(ids), told_of(ids)
    miles = miles_from(zip, [pro.zip for pro in pros]) if zip else {}
    return [
        Profile(
            pro=pro,
            about=without_addresses(pro.about),
            services=tuple(offered.get(pro.pk, ())),
            badges=tuple(Badge.of(check) for check in badges.get(pro.pk, ())),
            rating=rated.get(pro.pk, Rating()),
            told=told.get(pro.pk, Told()),
            response=called.get(pro.pk, Response()),
            miles=round(miles[pro.zip]) if pro.zip in miles else None,
            member=(members or {}).get(pro.pk, ""),
        )
        for pro in pros
    ]


def shown_to(lead, public_id: UUID, *, now: datetime) -> tuple[Profile, bool]:
    """The profile of one pro for the homeowner of `lead`, and whether it can be picked for it. Raises NotFound unless it has a seat on the
    lead or can be picked now: nobody looks up the others here (INVARIANTS 30)."""
    pro = pro_known_as(public_id)
    can_pick = choice.is_open(lead, now=now) and pro in choice.choices(lead, now=now).pros
    if not can_pick and not Match.objects.filter(lead=lead, pro=pro).exists():
        raise NotFound
    return profiles_of([pro], now=now, zip=lead.zip)[0], can_pick
