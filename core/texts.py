"""Texts of the marketplace, versioned: a reader may ask which words stood there on a day."""

from core.models import Text


def publish(kind, body, *, now) -> Text:
    """The next version of the text `kind`. The same words again make no new version."""
    latest = read(kind)
    if latest and latest.body == body:
        return latest
    return Text.objects.create(kind=kind, version=latest.version + 1 if latest else 1, body=body, published_at=now)


def read(kind) -> Text | None:
    """The version in force, or None when the marketplace has no such text."""
    return Text.objects.filter(kind=kind).order_by("-version").first()
