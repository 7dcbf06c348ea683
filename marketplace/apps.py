from django.apps import AppConfig


class Wiring(AppConfig):
    """Makes our Celery application the one that tasks belong to, in every process that runs Django."""

    name = "marketplace"

    def ready(self):
        from marketplace import celery  # noqa: F401
