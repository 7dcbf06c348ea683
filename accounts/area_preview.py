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
    """Refuses what `accounts.coverage.offer` refuses: UnknownService, BadGround."""
    new = Offer(pro, tuple(services), tuple(rules))
    check_services([new])
    area = derive(new, Atlas(read(Pros)))
    union, by_service = {}, {service.pk: 0 for service in new.services}
    for (service_id, cell), mask in area.items():
        union[cell] = union.get(cell, 0) | mask
        by_service[service_id] += mask.bit_count()
    zips = sum(mask.bit_count() for mask in union.values())
    return Preview(zips, by_service, widens(areas_of([pro.pk])[pro.pk], area))
