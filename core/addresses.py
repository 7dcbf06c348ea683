"""Absolute addresses of the pages of the marketplace in force, for messages."""

from django.conf import settings

from core.tenancy import current


def absolute(path: str) -> str:
    """`path` (with its leading slash) on the marketplace's own host."""
    if settings.DEVELOPMENT:
        return f"http://{current().host}:{settings.PORT}{path}"
    return f"https://{current().host}{path}"
