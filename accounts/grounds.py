"""Grounds: listed ZIPs, a city, or a radius around a ZIP, and what they are on the ZIP map.

On the map a ground is a mask of ZIPs for each cell it touches (DESIGN 4).
"""

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.contact_data import BadContact, normal_zip, visible
from accounts.models import Coverage
from accounts.policy import Pros
from catalog.models import Service, Zip
from catalog.queries import zips_of_city, zips_within
from core.errors import Refusal

Cells = dict[int, int]  # cell -> mask


@dataclass(frozen=True)
class Ground:
    """One stretch of ground; without a `service` it holds for every service that has no ground of its own.

    kind "list": `zips`; "city": `place` and `state`; "radius": `miles` around the ZIP `center`.
    """

    kind: str
    service: Service | None = None
    zips: tuple[str, ...] = ()
    place: str = ""
    state: str = ""
    center: str = ""
    miles: int | None = None

    @classmethod
    def of(cls, row: Coverage):
        """The ground a coverage row stands for (its service is read with it)."""
        return cls(row.kind, row.service, tuple(row.zips), row.place, row.state, row.center, row.miles)

    @property
    def where(self) -> tuple:
        """The ground without its service: equal grounds are looked up once."""
        return self.kind, self.zips, self.place, self.state, self.center, self.miles


class BadGround(Refusal):
    """One ground cannot be used: `rule` is its position among those given, `fields` names its field."""

    code = "bad_ground"
    sentence = _("Check the places you cover.")
    status = 400

    def __init__(self, rule: int, field: str, sentence):
        super().__init__(fields={field: sentence})
        self.rule = rule


class Atlas:
    """The ZIP map, as far as it was asked. Remembers its answers, so that a file of pros asks for each place once."""

    def __init__(self, policy: Pros):
        self.policy = policy
        self._zips: dict[str, tuple[int, int]] = {}
        self._grounds: dict[tuple, Cells] = {}

    def read_lists(self, grounds) -> None:
        """Look up the ZIPs of all lists among `grounds` in one query."""
        wanted = {code for ground in grounds if ground.kind == Coverage.Kind.LIST for code in ground.zips if code.isalnum()}
        missing = wanted - self._zips.keys()
        if missing:
            rows = Zip.objects.filter(code__in=missing).values_list("code", "cell", "bit")
            self._zips.update((code, (cell, bit)) for code, cell, bit in rows)

    def cells(self, ground: Ground, *, rule: int = 0) -> Cells:
        """The ground on the map. Raises BadGround for places that do not exist and sizes the policy does not allow."""
        if ground.where not in self._grounds:
            find = {Coverage.Kind.LIST: self._list, Coverage.Kind.CITY: self._city, Coverage.Kind.RADIUS: self._radius}.get(ground.kind)
            if find is None:
                raise BadGround(rule, "kind", _("Choose ZIP codes, a city or a radius."))
            self._grounds[ground.where] = find(ground, rule)
        return self._grounds[ground.where]

    def _list(self, ground, rule):
        if not 1 <= len(ground.zips) <= self.policy.zips_max:
            raise BadGround(rule, "zips", _("Enter 1 to %(most)s ZIP codes.") % {"most": self.policy.zips_max})
        self.read_lists([ground])
        unknown = [code for code in ground.zips if code not in self._zips]
        if unknown:
            shown = ", ".join(visible(code)[:10] for code in unknown[:5])
            raise BadGround(rule, "zips", _("We do not know these ZIP codes: %(zips)s.") % {"zips": shown})
        return _as_cells(self._zips[code] for code in ground.zips)

    def _city(self, ground, rule):
        cells = _as_cells(zips_of_city(visible(ground.place), visible(ground.state)).values_list("cell", "bit"))
        if not cells:
            raise BadGround(rule, "place", _("We do not know this city. Choose one from the list."))
        return cells

    def _radius(self, ground, rule):
        try:
            center = Zip.objects.get(code=normal_zip(ground.center))
        except (BadContact, Zip.DoesNotExist):
            raise BadGround(rule, "center", _("We do not know this ZIP code.")) from None
        if not 1 <= (ground.miles or 0) <= self.policy.radius_max:
            raise BadGround(rule, "miles", _("Enter 1 to %(most)s miles.") % {"most": self.policy.radius_max})
        return _as_cells(zips_within(center, ground.miles).order_by().values_list("cell", "bit"))


def _as_cells(zips) -> Cells:
    masks = defaultdict(int)
    for cell, bit in zips:
        masks[cell] |= 1 << bit
    return dict(masks)
