"""What a pro offers and where. Services and grounds are the truth; pro_area is derived from them in the same transaction.

A service with grounds of its own is covered there only; services without use the general grounds (RULES 12). pro_area holds, for
each service and cell of the ZIP map, the covered ZIPs as a mask, with a random ring key (DESIGN 4). Cells that stay keep
their ring key.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.actors import acting
from accounts.grounds import Atlas, BadGround, Ground
from accounts.models import Coverage, Pro, ProArea, ProService, ProState
from accounts.policy import Pros
from accounts.rights import Right
from accounts.seat_counters import lock_waiting
from catalog.models import Service, Zip
from core import events
from core.errors import Refusal
from core.policy import read
from core.tenancy import current_id

AT_ONCE = 1_000  # pros whose areas are held in memory together
RING = 2**62

Area = dict[tuple[int, int], int]  # (service id, cell) -> mask


class UnknownService(Refusal):
    code = "unknown_service"
    sentence = _("One of these services is not offered here. Choose from the list.")
    status = 400

    def __init__(self):
        super().__init__(fields={"services": self.sentence})


@dataclass(frozen=True)
class Offer:
    """What a pro offers, whole: its services and the grounds it covers."""

    pro: Pro
    services: tuple[Service, ...]
    rules: tuple[Ground, ...]


def offer(pro, services, *, rules, now, by=None) -> None:
    """Replace what `pro` offers and where, and derive its areas.

    `by` is the member (or staff user) who does it: narrowing is for everybody, covering one ZIP more for one service is for those
    who may raise spending (RULES 31, NotAllowed). Without `by` the marketplace itself does it. Refuses UnknownService and
    BadGround; nothing is half-written.
    """
    new = Offer(pro, tuple(services), tuple(rules))
    atlas = Atlas(read(Pros))
    if by is not None:
        actor = acting(by, pro)
        actor.require(Right.NARROW_AREA)
        lock_waiting([pro.pk])
        check_services([new])
        if widens(areas_of([pro.pk])[pro.pk], derive(new, atlas)):
            actor.require(Right.WIDEN_AREA)
    _replace([new], atlas)
    counts = {"services": len(set(new.services)), "grounds": len(new.rules)}
    events.record("coverage.changed", pro.subject, now=now, actor=actor.name if by else "", test=pro.test, **counts)


def add(pro, service, *, now, by) -> None:
    """Offer one more service, where the pro's general grounds are; what it offers already stays as it is. Raises what `offer` does."""
    (said,) = _stored_offers([pro], {one.pk: one for one in Service.objects.all()})
    if service not in said.services:
        active = [one for one in said.services if one.active]
        rules = [ground for ground in said.rules if ground.service is None or ground.service.active]
        offer(pro, [*active, service], rules=rules, now=now, by=by)


def offer_many(offers: Iterable[Offer], *, now) -> None:
    """`offer` for a whole file of pros. The number of statements grows with thousands of pros and with distinct places only."""
    atlas = Atlas(read(Pros))
    for some in _batches(offers, AT_ONCE):
        _replace(some, atlas)


def derive(new: Offer, atlas: Atlas) -> Area:
    """The areas that follow from services and grounds."""
    own, general = defaultdict(list), []
    for rule, ground in enumerate(new.rules):
        cells = atlas.cells(ground, rule=rule)
        if ground.service is None:
            general.append(cells)
        else:
            own[ground.service.pk].append(cells)
    area = {}
    for service in new.services:
        for cells in own.get(service.pk, general):
            for cell, mask in cells.items():
                area[service.pk, cell] = area.get((service.pk, cell), 0) | mask
    return area


def widens(old: Area, new: Area) -> bool:
    """Whether `new` covers a ZIP for a service that `old` does not."""
    return any(mask & ~old.get(key, 0) for key, mask in new.items())


def covered_zips(pro, service) -> list[str]:
    """The ZIPs where `pro` offers `service`, in order."""
    masks = dict(ProArea.objects.filter(pro=pro, service=service).values_list("cell", "mask"))
    zips = Zip.objects.filter(cell__in=masks).values_list("code", "cell", "bit")
    return sorted(code for code, cell, bit in zips if masks[cell] >> bit & 1)


def false_areas() -> Iterator[tuple[int, int, int]]:
    """(pro id, service id, cell) of every area that is not what the pro's services and coverage say: for `prove`."""
    atlas, services = Atlas(read(Pros)), {service.pk: service for service in Service.objects.all()}
    for pros in _batches(Pro.objects.order_by("pk").only("pk").iterator(chunk_size=AT_ONCE), AT_ONCE):
        said = _stored_offers(pros, services)
        atlas.read_lists(ground for one in said for ground in one.rules)
        areas = areas_of([pro.pk for pro in pros])
        for one in said:
            there, right = areas[one.pro.pk], derive(one, atlas)
            yield from ((one.pro.pk, *key) for key in sorted(there.keys() | right) if there.get(key) != right.get(key))


def areas_of(pro_ids) -> dict[int, Area]:
    """The areas of these pros as they are stored."""
    areas = {pro_id: {} for pro_id in pro_ids}
    rows = ProArea.objects.filter(pro_id__in=list(areas)).values_list("pro_id", "service_id", "cell", "mask")
    for pro_id, service_id, cell, mask in rows.iterator(chunk_size=10_000):
        areas[pro_id][service_id, cell] = mask
    return areas


def check_services(offers) -> None:
    """UnknownService unless all services are this marketplace's and on offer, and grounds name only services of their offer;
    BadGround for too many grounds."""
    most = read(Pros).grounds_max
    asked = {service.pk for one in offers for service in one.services}
    if asked and Service.objects.filter(pk__in=asked, active=True).count() != len(asked):
        raise UnknownService
    for one in offers:
        if len(one.rules) > most:
            raise BadGround(most, "kind", _("Enter at most %(most)s areas.") % {"most": most})
        ids = {service.pk for service in one.services}
        for rule, ground in enumerate(one.rules):
            if ground.service is not None and ground.service.pk not in ids:
                raise BadGround(rule, "service", _("You do not offer this service. Add it first."))


def _replace(offers: list[Offer], atlas: Atlas) -> None:
    """Write the offers and derive their areas: the same few statements for one pro and for a thousand."""
    check_services(offers)
    atlas.read_lists(ground for one in offers for ground in one.rules)
    wanted = {one.pro.pk: derive(one, atlas) for one in offers}
    ids = list(wanted)
    lock_waiting(ids)
    ProService.objects.filter(pro_id__in=ids).delete()
    Coverage.objects.filter(pro_id__in=ids).delete()
    services = [(one.pro.pk, service_id) for one in offers for service_id in dict.fromkeys(s.pk for s in one.services)]
    _insert("accounts_proservice", ("pro_id", "service_id"), services)
    Coverage.objects.bulk_create((_row(one.pro, ground) for one in offers for ground in one.rules), batch_size=5_000)
    _write_areas(wanted, areas_of(ids))
    ProState.objects.filter(pro_id__in=ids).update(rev=F("rev") + 1)


def _write_areas(wanted: dict[int, Area], stored: dict[int, Area]) -> None:
    """Make the stored areas the wanted ones, touching only those that differ."""
    new, changed, gone = [], [], []
    for pro_id, area in wanted.items():
        there = stored[pro_id]
        for key, mask in area.items():
            if key not in there:
                new.append((pro_id, *key, mask, secrets.randbelow(RING)))
            elif there[key] != mask:
                changed.append((pro_id, *key, mask))
        gone += [(pro_id, *key) for key in there.keys() - area.keys()]
    _change("delete from accounts_proarea a using", ("pro_id", "service_id", "cell"), gone)
    _change("update accounts_proarea a set mask = t.mask from", ("pro_id", "service_id", "cell", "mask"), changed)
    _insert("accounts_proarea", ("pro_id", "service_id", "cell", "mask", "ring"), new)


def _insert(table: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """One INSERT of all rows. (COPY is refused on tables with row-level security.)"""
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"insert into {table} (marketplace_id, {', '.join(columns)}) select %s, t.* from {_unnest(columns)}",
                [current_id(), *_arrays(rows)],
            )


def _change(statement: str, columns: tuple[str, ...], rows: list[tuple]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(
                f"{statement} {_unnest(columns)} where a.marketplace_id = %s"
                " and a.pro_id = t.pro_id and a.service_id = t.service_id and a.cell = t.cell",
                [*_arrays(rows), current_id()],
            )


def _unnest(columns) -> str:
    return f"unnest({', '.join(['%s::bigint[]'] * len(columns))}) as t({', '.join(columns)})"


def _arrays(rows) -> list[str]:
    """The rows as one PostgreSQL array literal of integers for each column."""
    return ["{" + ",".join(map(str, column)) + "}" for column in zip(*rows, strict=True)]


def _row(pro: Pro, ground: Ground) -> Coverage:
    return Coverage(
        pro=pro,
        service=ground.service,
        kind=ground.kind,
        zips=list(dict.fromkeys(ground.zips)),
        place=ground.place,
        state=ground.state.upper(),
        center=ground.center,
        miles=ground.miles,
    )


def _stored_offers(pros, known: dict[int, Service]) -> list[Offer]:
    """What the pros offer as it is stored; `known` holds every service of the marketplace by id."""
    services, rules = defaultdict(list), defaultdict(list)
    ids = [pro.pk for pro in pros]
    for pro_id, service_id in ProService.objects.filter(pro_id__in=ids).values_list("pro_id", "service_id"):
        services[pro_id].append(known[service_id])
    for row in Coverage.objects.filter(pro_id__in=ids):
        row.service = known.get(row.service_id)
        rules[row.pro_id].append(Ground.of(row))
    return [Offer(pro, tuple(services[pro.pk]), tuple(rules[pro.pk])) for pro in pros]


def _batches(items, size) -> Iterator[list]:
    batch = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
