"""The pros of the demo with what they offer, their teams and their settings; and the staff.

Every service has five pros and more that cover the whole of its city at all hours, so that a request made at any time is answered. The
others make the market lively: those near by keep hours and limits, one is paused, two live from small budgets at the edge.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import cycle, islice

from django.contrib.auth.hashers import make_password

from accounts import purchase_settings as purchase
from accounts.coverage import Offer, offer_many
from accounts.grounds import Ground
from accounts.models import Coverage, Member, Pro, User
from accounts.pros import NewPro, register_many
from catalog.models import Service
from operations.demo import people
from operations.demo.sample import CITIES, Company, companies, lines

PASSWORD = "four-good-pros"  # of every login of the demo; printed, and for development only
SIGNED_UP = (37, 52, 26, 66, 95, 131, 44, 160)  # days ago, in turn: the pros' 30-day periods differ
EDGE_SIGNED_UP = 24  # so that all leads of the demo fall into one period
EDGE_BUDGETS = {"exteriors": 24_000, "remodeling": 30_000}  # three leads are 75 % of the first and use the second up
MAIN_TEAM = (("Marcus Bell", Member.Role.OWNER), ("Priya Raman", Member.Role.BILLING), ("Luis Ortega", Member.Role.MEMBER))
MILES = 12
SUNDAY = 64  # as accounts.purchase_settings counts the days
AWAY_IN, AWAY_FOR = 12, 4  # days
ALSO = {  # beside its trade, of the few pros that opt in: so that a job is offered to several
    "heating": ("water-heater", "plumbing-repair", "gas-line"),
    "remodeling": ("water-heater", "plumbing-repair", "plumbing-fixtures"),
    "home": ("water-heater", "plumbing-repair", "plumbing-fixtures"),
    "pools": ("water-heater", "plumbing-repair", "gas-line"),
}
ZONE = "America/Chicago"  # of both cities
DOLLARS = 100


@dataclass
class Cast:
    """Who is there: pros by the key of their company, owners by the id of their pro."""

    companies: list[Company]
    pros: dict[str, Pro] = field(default_factory=dict)
    owners: dict[int, Member] = field(default_factory=dict)

    def company(self, **what) -> Company:
        """The first company of which all of this is true: line="electric", part="near"."""
        return next(one for one in self.companies if all(getattr(one, name) == value for name, value in what.items()))

    def pro(self, **what) -> Pro:
        return self.pros[self.company(**what).key]

    def owner(self, **what) -> Member:
        return self.owners[self.pro(**what).pk]


def assemble(parts, staff, *, now) -> Cast:
    """Register the pros of these parts of the sample with teams and settings, managed by `staff` (name, e-mail, phone)."""
    cast = Cast(companies(*parts))
    password = make_password(PASSWORD)
    employees = _hire(staff, password)
    _register(cast, now)
    Pro.objects.filter(pk__in=[pro.pk for pro in cast.pros.values()]).update(account_manager=employees[0])
    offer_many(_offers(cast), now=now)
    _teams(cast, password)
    _settings(cast, now)
    return cast


def main_company() -> Company:
    """The pro whose Lead Manager is shown first."""
    return companies("city")[0]


def _hire(staff, password) -> list[User]:
    users = [User(name=name, email=email, phone=phone, password=password, is_staff=True) for name, email, phone in staff]
    users[-1].owns_marketplace = True
    return User.objects.bulk_create(users)


def _register(cast, now):
    """One statement for all that signed up on the same day."""
    signed_up = defaultdict(list)
    budgets = {line: cycle(said["budgets"]) for line, said in lines().items()}
    phones = {city: people.workers(city) for city in CITIES}
    for number, one in enumerate(cast.companies):
        edge, near = one.part == "edge", one.part == "near"
        row = NewPro(
            name=one.name,
            zone=ZONE,
            zip=one.zip,
            place=one.city,
            state=one.state,
            phone=next(phones[_around(one)]).phone,
            email=people.address("office", one.name),
            source_key=one.key,
            test=one.part == "test",
            budget=EDGE_BUDGETS[one.line] if edge else next(budgets[one.line]),
            day_cap=2 if near else 10 if number % 5 == 1 else None,
            week_cap=6 if near else 40 if number % 5 == 2 else None,
        )
        signed_up[EDGE_SIGNED_UP if edge else SIGNED_UP[number % len(SIGNED_UP)]].append(row)
    for ago, rows in signed_up.items():
        for pro in register_many(rows, now=now - timedelta(days=ago)):
            cast.pros[pro.source_key] = pro


def _offers(cast) -> list[Offer]:
    """A whole city, and every fifth pro some miles around it; the ZIPs of their model for those near by; everything for test pros."""
    services = {service.code: service for service in Service.objects.filter(active=True)}
    offers = []
    for number, one in enumerate(cast.companies):
        codes = [*lines()[one.line]["services"], *(ALSO.get(one.line, ()) if one.part == "hearthline" else ())]
        offered = services.values() if one.part == "test" else [services[code] for code in dict.fromkeys(codes)]
        if one.part in ("near", "edge"):
            grounds = [Ground(Coverage.Kind.LIST, zips=one.zips)]
        else:
            grounds = [Ground(Coverage.Kind.CITY, place=one.city, state=one.state)]
            if number % 5 == 0:
                grounds.append(Ground(Coverage.Kind.RADIUS, center=one.zip, miles=MILES))
        offers.append(Offer(cast.pros[one.key], tuple(offered), tuple(grounds)))
    return offers


def _teams(cast, password):
    """An owner for everybody; a billing and a plain member for the main pro; a second member for the first of each line and city."""
    users, places = [], []
    free = {city: islice(people.workers(city, start=17), 200, None) for city in CITIES}  # numbers behind those of the companies
    lines_seen = set()
    for one in cast.companies:
        workers = free[_around(one)]
        if one.key == main_company().key:
            hired = [(replace(next(workers), name=name), role) for name, role in MAIN_TEAM]
        else:
            roles = [Member.Role.OWNER] if (one.line, one.city) in lines_seen else [Member.Role.OWNER, Member.Role.MEMBER]
            hired = [(next(workers), role) for role in roles]
        lines_seen.add((one.line, one.city))
        for person, role in hired:
            users.append(User(name=person.name, email=people.address(person.name, one.name), phone=person.phone, password=password))
            places.append((cast.pros[one.key], role))
    User.objects.bulk_create(users)
    rows = [Member(user=user, pro=pro, role=role, joined_at=pro.signed_up_at) for user, (pro, role) in zip(users, places, strict=True)]
    cast.owners = {member.pro_id: member for member in Member.objects.bulk_create(rows) if member.role == Member.Role.OWNER}


def _settings(cast, now):
    """Lead Purchase Settings, each changed by the owner an hour after signing up; the first pro will be away for some days."""
    for number, one in enumerate(cast.companies):
        pro = cast.pros[one.key]
        how = {"by": cast.owners[pro.pk], "now": pro.signed_up_at + timedelta(hours=1)}
        if number % 5 != 4:
            purchase.set_renters(pro, True, **how)
        if number % 5 == 3:
            purchase.set_choice_match(pro, False, **how)
        if one.part == "near":
            purchase.set_hours(pro, 7 * 60, 19 * 60, **how)
            purchase.set_days_off(pro, SUNDAY, **how)
            if one.job_cost and 500 * DOLLARS <= one.job_cost <= 50_000 * DOLLARS:
                purchase.set_job_range(pro, one.job_cost // 5, one.job_cost * 5, **how)

    pro, first = cast.pros[cast.companies[0].key], now.date() + timedelta(days=AWAY_IN)
    purchase.set_away(pro, first, first + timedelta(days=AWAY_FOR - 1), by=cast.owners[pro.pk], now=now - timedelta(hours=30))


def _around(one: Company) -> str:
    """The city whose area codes a company uses."""
    return next(city for city, state in CITIES.items() if state == one.state)
