"""Making a marketplace out of a preset: its host, policy, catalogue, terms and texts."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from billing import terms
from catalog.stock import flat_prices, stock
from contact import numbers
from core import policy, texts
from core.errors import Refusal
from core.models import Marketplace
from core.tenancy import scope
from operations.presets import PRESETS
from operations.texts import PRIVACY, TERMS_OF_USE


class UnknownPreset(Refusal):
    code = "unknown_preset"
    sentence = _("There is no preset of that name. Choose lead_manager or opt_in.")


class AlreadyThere(Refusal):
    code = "marketplace_exists"
    sentence = _("A marketplace with that name or host exists already. Choose another name.")
    status = 409


def found(*, slug, preset, now, name="", tagline="", host="", replay=False, brand=None, zone="America/Chicago", phone="", email=""):
    """A new marketplace, ready for pros and homeowners; its host is `slug.localhost` unless given.

    Raises UnknownPreset, AlreadyThere, or django's ValidationError for a slug that is none.
    """
    if preset not in PRESETS:
        raise UnknownPreset
    host = host or f"{slug}.{settings.PLATFORM_HOST}"
    if Marketplace.objects.filter(slug=slug).exists() or Marketplace.objects.filter(host=host).exists():
        raise AlreadyThere
    marketplace = Marketplace(
        slug=slug,
        name=name or slug.replace("-", " ").title(),
        tagline=tagline,
        host=host,
        preset=preset,
        zone=zone,
        replay=replay,
        brand=brand or {},
        phone=phone,
        email=email,
        created_at=now,
    )
    marketplace.full_clean(exclude=["created_at"])
    marketplace.save()
    with scope(marketplace):
        chosen = PRESETS[preset]
        policy.publish(chosen.sections, now=now)
        stock(now=now)
        conditions = dict(chosen.terms)
        if conditions["pricing"] == "flat":
            conditions["prices"] = flat_prices()
        terms.publish(now=now, **conditions)
        texts.publish("privacy", PRIVACY, now=now)
        texts.publish("terms", TERMS_OF_USE, now=now)
    if replay or settings.CARRIER == "local":
        numbers.grow(marketplace, now=now)  # a real carrier is asked by the worker: contact.tasks.keep
    return marketplace
