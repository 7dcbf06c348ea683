from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Marketplaces"

    def ready(self):
        from core import roles  # noqa: F401 - registers the start-up check
