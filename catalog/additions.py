"""Staff add a service to the catalogue of their marketplace (RULES 9)."""

from datetime import datetime

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from catalog.models import GuideVersion, Service, Trade
from catalog.queries import guide_of
from core.errors import Refusal
from core.marketplaces import one_at_a_time

UNSURE = [9_000, 10_000, 11_500]  # by how much "I am not sure" widens a range, basis points
MOST = 1_000_000_000  # cents


class ServiceExists(Refusal):
    code = "service_exists"
    sentence = _("There is a service of this name already. Send the request as that one.")
    status = 409

    def __init__(self):
        super().__init__(fields={"name": self.sentence})


class BadService(Refusal):
    """`fields` says what is missing or wrong."""

    code = "bad_service"
    sentence = _("Please check what you entered.")


def add_service(*, trade: Trade, name: str, synonyms, like: Service | None, amounts, lead_price: int, now: datetime) -> Service:
    """A new service with the first version of its guide, in force at once: nobody has seen another.

    It asks and costs what `like` does, or asks nothing and costs `amounts` (low, typical, high, in cents). `lead_price` is in cents.
    Raises ServiceExists, BadService.
    """
    name, code = " ".join(name.split())[:80], slugify(name)[:60]
    if not code:
        raise BadService(fields={"name": _("Enter a name.")})
    one_at_a_time()
    if Service.objects.filter(code=code).exists() or Service.objects.filter(name__iexact=name).exists():
        raise ServiceExists
    if not 0 < lead_price <= MOST:
        raise BadService(fields={"lead_price": _("Enter a price above $0.00.")})
    guide = guide_of(like, now=now) if like else None
    if guide is None:
        low, typical, high = (amount or 0 for amount in amounts)
        if not 0 < low <= typical <= high <= MOST:
            raise BadService(fields={"typical": _("Enter what the job costs at least, usually and at most, or choose a service like it.")})
    service = Service.objects.create(trade=trade, code=code, name=name, synonyms=list(dict.fromkeys(synonyms)))
    GuideVersion.objects.create(
        service=service,
        version=1,
        questions=guide.questions if guide else [],
        prices=guide.prices if guide else {"base": [low, typical, high], "label": name, "unsure": UNSURE, "adjust": {}},
        lead_price=lead_price,
        effective_from=now,
    )
    return service
