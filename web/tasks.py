"""Housekeeping of the site: what a form kept for a visitor is forgotten when its session ends, and what no limit counts any more."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from core import limits


@shared_task(name="web.forget_sessions")
def forget_sessions():
    call_command("clearsessions")
    limits.forget_everywhere(now=timezone.now())
