"""Who was eligible for a replayed lead? All pros are asked one by one, from what they said and what was charged: no segments, no
windows, no counters, no `decide` (RULES 1, 2, 10)."""

import math
from collections import defaultdict
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from accounts.models import Coverage, Pro, ProService
from catalog.models import Zip
from catalog.stock import flat_prices
from core.tenancy import scope
from leads.models import Match

EARTH = 3958.7613  # miles


@dataclass
class Asked:
    """One pro, as it was loaded."""

    zone: ZoneInfo
    since: object
    services: set = field(default_factory=set)
    zips: set = field(default_factory=set)
    centers: list = field(default_factory=list)
    sold: dict = field(default_factory=dict)  # match id -> (when, price)


class Oracle:
    """Give its `watch` to a replay of pros who all have this budget (cents per 30 days) and day cap, and nothing else to say.

    `disagreements` lists leads for which the decision knew others than the oracle; `expected` tells how many seats each look fills.
    """

    def __init__(self, marketplace, *, budget, per_day):
        self.marketplace, self.budget, self.per_day = marketplace, budget, per_day
        self.disagreements, self.expected, self.seen = [], {}, set()
        self.prices = flat_prices()
        with scope(marketplace):
            self.places = {zip.code: (zip.latitude, zip.longitude) for zip in Zip.objects.all()}
            self.pros = {
                pro.pk: Asked(ZoneInfo(pro.zone), pro.signed_up_at.astimezone(ZoneInfo(pro.zone)).date()) for pro in Pro.objects.all()
            }
            for offered in ProService.objects.all():
                self.pros[offered.pro_id].services.add(offered.service_id)
            for ground in Coverage.objects.all():
                assert ground.service_id is None and ground.kind in ("list", "radius"), "contractors are loaded so"
                self.pros[ground.pro_id].zips.update(ground.zips)
                if ground.kind == "radius":
                    self.pros[ground.pro_id].centers.append((ground.center, ground.miles))
        self.offering = defaultdict(list)
        for pk, pro in self.pros.items():
            for service in pro.services:
                self.offering[service].append(pk)

    def watch(self, lead, now, contest) -> None:
        """Before a look at a lead: compare who is eligible, and note how many seats can be filled."""
        self._learn()
        group = list(Match.objects.filter(group_id=lead.group_id))
        price = self.prices[lead.service.code]
        seated = {match.pro_id for match in group}
        eligible = {pk for pk in self.offering[lead.service_id] if pk not in seated and self._can_take(self.pros[pk], lead, now, price)}
        if eligible != set(contest.decided.eligible):
            self.disagreements.append((lead.pk, now, eligible ^ set(contest.decided.eligible)))
        self.expected[lead.pk, now] = min(lead.seats - len(group), len(eligible))

    def empty_seats(self) -> list:
        """The looks that filled another number of seats than could be filled."""
        with scope(self.marketplace):
            filled = defaultdict(int)
            for lead, at in Match.objects.values_list("lead_id", "at"):
                filled[lead, at] += 1
        return [(look, filled[look], seats) for look, seats in self.expected.items() if filled[look] != seats]

    def _learn(self):
        """What was sold since the last look."""
        for match, pro, at, price in Match.objects.exclude(pk__in=self.seen).values_list("pk", "pro_id", "at", "charge__price"):
            self.pros[pro].sold[match] = (at, price)
            self.seen.add(match)

    def _can_take(self, pro, lead, now, price):
        if not self._covers(pro, lead.zip):
            return False
        today = now.astimezone(pro.zone).date()
        period = (today - pro.since).days // 30
        days = [(at.astimezone(pro.zone).date(), paid) for at, paid in pro.sold.values()]
        spent = sum(paid for day, paid in days if (day - pro.since).days // 30 == period)
        return sum(day == today for day, _paid in days) < self.per_day and spent + price <= self.budget

    def _covers(self, pro, zip_code):
        if zip_code in pro.zips:
            return True
        here = self.places[zip_code]
        return any(miles_between(here, self.places[center]) <= miles for center, miles in pro.centers)


def miles_between(here, there) -> float:
    """The great circle between two points in degrees, by the spherical law of cosines."""
    (north, east), (north_there, east_there) = ([math.radians(degrees) for degrees in point] for point in (here, there))
    cosine = math.sin(north) * math.sin(north_there) + math.cos(north) * math.cos(north_there) * math.cos(east - east_there)
    return EARTH * math.acos(max(-1.0, min(1.0, cosine)))
