"""Reading the catalogue and the ZIP map: lists, look-up while somebody types, distances."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from catalog.models import GuideVersion, Service, Zip
from catalog.words import local
from core.languages import SPANISH, spoken
from core.models import Marketplace

EARTH_MILES = 3958.8
MILES_PER_DEGREE = EARTH_MILES * math.pi / 180

# Spanish names are full of them, and they mean nothing alone.
SMALL_WORDS = frozenset("al con de del el en es la las lo los mi mis o para por que se su sus un una y".split())

STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX"
    " UT VT VA WA WV WI WY"
).split()

# The great-circle distance in miles from a point to a row of catalog_zip.
MILES_FROM = f"""
    2 * {EARTH_MILES} * asin(least(1, sqrt(
        power(sin(radians(latitude - %s) / 2), 2)
        + cos(radians(%s)) * cos(radians(latitude)) * power(sin(radians(longitude - %s) / 2), 2))))
"""


@dataclass(frozen=True)
class Place:
    """A line of the look-up: one ZIP ("60614 Chicago, IL"), or a city with all its ZIPs (`zip` is then empty)."""

    place: str
    state: str
    zip: str = ""
    zips: int = 1

    @property
    def label(self) -> str:
        return f"{self.zip} {self.place}, {self.state}".strip()


def services_for(marketplace: Marketplace) -> QuerySet:
    """The active services of `marketplace` with their trades, in the order of the trades, then by name."""
    services = Service.objects.filter(marketplace=marketplace, active=True)
    return services.select_related("trade").order_by("trade__position", "trade__name", "name")


def service_of(code: str) -> Service | None:
    """The active service of that code, with its trade."""
    return Service.objects.filter(code=code, active=True).select_related("trade").first()


def guide_of(service: Service, *, now: datetime) -> GuideVersion | None:
    """The version of the service's guide in force at `now`. The first holds for all time before it: a replay's clock runs in the past."""
    return _in_force(now).filter(service=service).first()


def guides_in_force(*, now: datetime) -> dict[int, GuideVersion]:
    """Service id -> its guide in force at `now`, for every service that has one."""
    return {guide.service_id: guide for guide in _in_force(now).distinct("service_id")}


def _in_force(now):
    """Guides that have taken effect, for each service the newest first."""
    return GuideVersion.objects.filter(Q(effective_from__lte=now) | Q(version=1)).order_by("service_id", "-version")


def find_services(text: str, *, limit: int = 8) -> list[Service]:
    """Active services somebody may mean by `text`, best first: "tank", "panel upgr", "my roof is leaking". Empty text: none.

    Names count more than synonyms, whole words more than beginnings, and a service all of whose words are named comes first. Names are
    those in the language in force beside the English ones: "calentador". Accents do not matter.
    """
    said = _words(text)
    typed = [word for word in said if word not in SMALL_WORDS] if spoken() == SPANISH else said
    if not typed:
        return []
    ranked = [(_rank(service, typed, " ".join(said)), service) for service in Service.objects.filter(active=True).select_related("trade")]
    ranked = sorted((pair for pair in ranked if pair[0] > 0), key=lambda pair: (-pair[0], pair[1].name))
    return [service for _, service in ranked[:limit]]


def is_called(service: Service, text: str) -> bool:
    """Whether `text` is one of its names: that in English or in the language in force, or a synonym."""
    return " ".join(_words(text)) in _phrases(service)


def find_zips(text: str, *, limit: int = 8) -> list[Place]:
    """Places that begin like `text`: "606" ZIPs in order; "chic", "austin tx", "Saint Louis, MO" cities, those with most ZIPs first."""
    text = " ".join(text.split())
    if text.isdecimal() and text.isascii():
        found = Zip.objects.filter(code__startswith=text[:5]).order_by("code")[:limit]
        return [Place(zip.place, zip.state, zip.code) for zip in found]
    place, state = _place_and_state(text.lower())
    if not place:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "select place, state, count(*) from catalog_zip where lower(place) like %s and state like %s"
            " group by place, state order by lower(place) = %s desc, count(*) desc, place, state limit %s",
            [_like(place), _like(state.upper()), place, limit],
        )
        return [Place(place, state, zips=zips) for place, state, zips in cursor.fetchall()]


def miles_from(code: str, codes) -> dict[str, float]:
    """{ZIP: miles} of those of `codes` that are known, from the point of the ZIP `code`."""
    start = Zip.objects.get(code=code)
    known = Zip.objects.filter(code__in=set(codes)).annotate(miles=_distance(start))
    return {zip.code: zip.miles for zip in known}


def zips_within(zip: Zip, miles: float) -> QuerySet:
    """ZIPs whose point lies at most `miles` from that of `zip` (itself first), nearest first; each carries its `miles`."""
    north = miles / MILES_PER_DEGREE
    east = 180.0
    if abs(zip.latitude) + north < 90:
        east = math.degrees(math.asin(min(1.0, math.sin(math.radians(north)) / math.cos(math.radians(zip.latitude)))))
    box = Zip.objects.filter(
        latitude__range=(zip.latitude - north, zip.latitude + north), longitude__range=(zip.longitude - east, zip.longitude + east)
    )
    return box.annotate(miles=_distance(zip)).filter(miles__lte=miles).order_by(F("miles"), "code")


def _distance(zip) -> RawSQL:
    return RawSQL(MILES_FROM, [zip.latitude, zip.latitude, zip.longitude])


def zips_of_city(place: str, state: str) -> QuerySet:
    """The ZIPs of a city, in order. Capitals do not matter."""
    return Zip.objects.filter(state=state.upper(), place__iexact=place.strip()).order_by("code")


def _words(text):
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(letter))
    return re.findall(r"[a-z0-9]+", plain)


def _phrases(service):
    return [" ".join(_words(phrase)) for phrase in (service.name, local(service.name), *service.synonyms)]


def _rank(service, typed, said):
    """0 when nothing fits. Each word of `typed` counts by its best place; words of one or two letters only when whole. `said` is all that
    was typed."""
    name, trade = (_words(f"{said} {local(said)}") for said in (service.name, service.trade.name))
    synonyms = _words(" ".join(service.synonyms))
    total = matched = 0
    for word in typed:
        best = max(
            _fit(word, name) * 4,
            _fit(word, synonyms) * 3,
            _fit(word, trade) * 2,
        )
        total += best
        matched += best > 0
    if not matched:
        return 0
    phrases = _phrases(service)
    phrase = 40 if said in phrases else 20 if any(phrase.startswith(said) for phrase in phrases) else 0
    return total + phrase + (10 if matched == len(typed) else 0)


def _fit(word, words):
    if word in words:
        return 2
    return 1 if len(word) > 2 and any(other.startswith(word) for other in words) else 0


def _place_and_state(text):
    """("chicago", "il") out of "chicago, il"; the state may be missing, or just begun after a comma."""
    if "," in text:
        place, _, state = text.partition(",")
        return place.strip(), state.strip()[:2]
    place, _, last = text.rpartition(" ")
    return (place, last) if place and len(last) == 2 and last.upper() in STATES else (text, "")


def _like(text):
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
