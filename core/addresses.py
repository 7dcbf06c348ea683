"""Absolute addresses of the pages of a marketplace, for messages and lists."""

from django.conf import settings

from core.tenancy import current


def absolute(path: str) -> str:
    """`path` (with its leading slash) on the host of the marketplace in force."""
    return root_of(current()).removesuffix("/") + path


def root_of(marketplace) -> str:
    """The start page of `marketplace`."""
    if settings.DEVELOPMENT:
        return f"http://{marketplace.host}:{settings.PORT}/"
    return f"https://{marketplace.host}/"
