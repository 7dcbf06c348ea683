from importlib import import_module

from django.apps import AppConfig


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = "Leads"

    def import_models(self):
        """The tables stand in two files: requests and seats, and what a homeowner shows besides."""
        super().import_models()
        import_module("leads.showing")
