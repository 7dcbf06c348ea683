"""Celery shells: one call each. A lost or doubled task changes nothing; the next one finds what is due."""

from celery import shared_task
from django.utils import timezone

from accounts import checks
from core.models import Marketplace
from core.tenancy import scope


@shared_task(name="accounts.tell_of_checks")
def tell_of_checks():
    """A check that ends in a marketplace that lives by a replay's clock is nobody's news."""
    for marketplace in Marketplace.objects.filter(replay=False):
        with scope(marketplace):
            checks.tell_due(now=timezone.now())
