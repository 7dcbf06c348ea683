"""A photo of a job, as it goes to whoever may see it: its homeowner, or a pro that has a seat."""

from django.http import HttpResponse

from core import pictures


def picture(photo) -> HttpResponse:
    """The picture. The reader's own browser keeps it for a short while, nobody in between does."""
    headers = {
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "same-origin",
    }
    return HttpResponse(bytes(photo.webp), content_type=pictures.TYPE, headers=headers)
