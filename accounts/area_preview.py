"""What services and grounds would cover, before they are saved."""

from dataclasses import dataclass

from accounts.coverage import Offer, areas_of, check_services, derive, widens
from accounts.grounds import Atlas
from accounts.policy import Pros
from core.policy import read


@dataclass(frozen=True)
class Preview:
    """`zips` covered for at least one service, `by_service` (id) for each; whether the offer `widens` what the pro covers now."""

    zips: int
    by_service: dict[int, int]
    widens: bool


def preview(pro, services, *, rules) -> Preview:
    """What `coverage.offer` of these would cover. Refuses what it refuses: UnknownService, BadGround."""
    new = Offer(pro, tuple(services), tuple(rules))
    check_services([new])
    area = derive(new, Atlas(read(Pros)))
    return _counted(area, widens=widens(areas_of([pro.pk])[pro.pk], area))


def saved(pro) -> Preview:
    """What is covered now."""
    return _counted(areas_of([pro.pk])[pro.pk], widens=False)


def _counted(area, *, widens) -> Preview:
    union, by_service = {}, {}
    for (service_id, cell), mask in area.items():
        union[cell] = union.get(cell, 0) | mask
        by_service[service_id] = by_service.get(service_id, 0) + mask.bit_count()
    return Preview(sum(mask.bit_count() for mask in union.values()), by_service, widens)
