"""Building the demo: each marketplace in one transaction, whole or not at all, and never twice."""

import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Pro, User
from contact.policy import Contact
from core.errors import Refusal
from core.models import Marketplace
from core.policy import publish
from core.tenancy import scope
from leads.models import Lead
from operations.demo.cast import PASSWORD, assemble
from operations.demo.marketplaces import PLANS, Plan
from operations.demo.offers import OfferStage
from operations.demo.story import Stage
from operations.founding import found
from operations.presets import PRESETS

FOUNDED = timedelta(days=200)  # before the first pro signed up
PLATFORM_ADMIN = ("Robin Hale", "admin@plumbline.example")
LOCAL_MAIL = "notifications.channels.local.LocalEmailBackend"


class NoDemoHere(Refusal):
    code = "no_demo_here"
    sentence = _("The demo is for development, with the local carrier and mailbox: its logins are public and its people are invented.")


@dataclass(frozen=True)
class Built:
    """What became of one marketplace: new with so many pros and leads, or there already and left as it is."""

    name: str
    new: bool
    pros: int = 0
    leads: int = 0
    seconds: float = 0.0


def build(*, now: datetime, plans: tuple[Plan, ...] = PLANS) -> list[Built]:
    """Make what is missing of the demo; what is there is left as it is. Raises NoDemoHere where somebody could be hurt by it."""
    if not settings.DEVELOPMENT or settings.CARRIER != "local" or settings.EMAIL_BACKEND != LOCAL_MAIL:
        raise NoDemoHere
    _hire_the_admin()
    return [_marketplace(plan, now) for plan in plans]


def _hire_the_admin():
    name, email = PLATFORM_ADMIN
    if not User.objects.filter(email=email).exists():
        User.objects.create_user(email, PASSWORD, name=name, is_staff=True)


@transaction.atomic
def _marketplace(plan: Plan, now: datetime) -> Built:
    _one_at_a_time()
    if there := Marketplace.objects.filter(slug=plan.slug).first():
        return Built(there.name, new=False)
    began, bells = time.monotonic(), len(connection.run_on_commit)
    marketplace = found(
        slug=plan.slug,
        preset=plan.preset,
        name=plan.name,
        tagline=plan.tagline,
        brand=plan.brand,
        phone=plan.phone,
        email=plan.email,
        now=now - FOUNDED,
    )
    with scope(marketplace):
        publish([_at_any_hour(each) for each in PRESETS[plan.preset].sections], now=now - FOUNDED)
        cast = assemble(plan.parts, plan.staff, now=now)
    stage = Stage if plan.preset == "lead_manager" else OfferStage
    stage(marketplace, cast, now=now).play()
    del connection.run_on_commit[bells:]  # hundreds of bells that would wake workers for what is done
    with scope(marketplace):
        return Built(plan.name, True, Pro.objects.count(), Lead.objects.count(), time.monotonic() - began)


def _at_any_hour(section):
    """Homeowners of the demo take calls at night too: clocks run whenever and wherever somebody looks at it."""
    if not isinstance(section, Contact):
        return section
    return replace(section, hours=section.hours | {"any": [0, 24], "message_first": [0, 24]})


def _one_at_a_time():
    """Two commands at once: the second waits, and finds the first one's work."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('plumbline demo'))")
