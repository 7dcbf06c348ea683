"""The bundled catalogue: reading it, and installing it in a marketplace."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from catalog.models import GuideVersion, Service, Trade
from catalog.policy import Catalogue
from core import policy

FILES = Path(__file__).parent / "data" / "services"


@dataclass(frozen=True)
class Stocked:
    """What `stock` wrote: new trades, new services, new versions of guides."""

    trades: int
    services: int
    guides: int


@cache
def bundled() -> tuple[dict, ...]:
    """The trades in their order, each with its services (catalog/data/services/*.json). Shared: do not change it."""
    trades = [json.loads(path.read_text(encoding="utf-8")) for path in FILES.glob("*.json")]
    return tuple(sorted(trades, key=lambda trade: trade["position"]))


def flat_prices() -> dict[str, int]:
    """Service code -> the bundled default price of a lead, in cents."""
    return {service["code"]: service["lead_price"] for trade in bundled() for service in trade["services"]}


def stock(*, now: datetime) -> Stocked:
    """Install the bundled catalogue in the marketplace in force; again, it adds only what is missing.

    Trades and services that are there stay as staff left them. A service without a guide gets one in force at once; a bundled guide
    that no version of the service equals becomes its next version, in force after the notice of RULES 32.
    """
    trades, new_trades = _trades()
    services, new_services = _services(trades)
    return Stocked(new_trades, new_services, _guides(services, now))


def _trades():
    known = {trade.code: trade for trade in Trade.objects.all()}
    new = [Trade(code=trade["code"], name=trade["name"], position=trade["position"]) for trade in bundled() if trade["code"] not in known]
    known |= {trade.code: trade for trade in Trade.objects.bulk_create(new)}
    return known, len(new)


def _services(trades):
    known = {service.code: service for service in Service.objects.all()}
    new = [
        Service(
            trade=trades[trade["code"]],
            code=service["code"],
            name=service["name"],
            synonyms=service["synonyms"],
            needs_owner=service["needs_owner"],
        )
        for trade in bundled()
        for service in trade["services"]
        if service["code"] not in known
    ]
    known |= {service.code: service for service in Service.objects.bulk_create(new)}
    return known, len(new)


def _guides(services, now):
    versions = {}
    for guide in GuideVersion.objects.order_by("version"):
        versions.setdefault(guide.service_id, []).append(guide)
    later = now + timedelta(days=policy.read(Catalogue).guide_notice_days)
    new = []
    for trade in bundled():
        for bundle in trade["services"]:
            service = services[bundle["code"]]
            earlier = versions.get(service.pk, [])
            if any((guide.questions, guide.prices) == (bundle["questions"], bundle["prices"]) for guide in earlier):
                continue
            new.append(
                GuideVersion(
                    service=service,
                    version=earlier[-1].version + 1 if earlier else 1,
                    questions=bundle["questions"],
                    prices=bundle["prices"],
                    lead_price=bundle["lead_price"],
                    effective_from=later if earlier else now,
                )
            )
    GuideVersion.objects.bulk_create(new)
    return len(new)
