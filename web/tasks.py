"""Housekeeping of the site: what a form kept for a visitor is forgotten when its session ends, and what no limit counts any more."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from core import limits
from core.models import Marketplace
from core.tenancy import scope


@shared_task(name="web.forget_sessions")
def forget_sessions():
    call_command("clearsessions")
    for marketplace in Marketplace.objects.filter(replay=False):
        with scope(marketplace):
            limits.forget(now=timezone.now())
