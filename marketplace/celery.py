"""The alarm clock: Celery wakes a worker, PostgreSQL knows what is due (DESIGN rule 2). Its numbers stand in settings.py."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("plumbline")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["leads.unlisted"])
