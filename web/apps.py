from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class WebConfig(AppConfig):
    name = "web"
    verbose_name = "Site"
    default = True


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin with the site of web.admin_site."""

    default = False
    default_site = "web.admin_site.Site"
