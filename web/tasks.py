"""Housekeeping of the site: what a form kept for a visitor is forgotten when its session ends."""

from celery import shared_task
from django.core.management import call_command


@shared_task(name="web.forget_sessions")
def forget_sessions():
    call_command("clearsessions")
