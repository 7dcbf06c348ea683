"""What the site refuses to start with. Each refusal is a sentence that says what to do, and all of them are told at once."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

KNOWN = ("development-only", "django-insecure-")  # how secrets begin that the whole world can read
LOCAL_MAIL = "notifications.channels.local.LocalEmailBackend"


def insist(settings):
    """Raise ImproperlyConfigured when the module `settings` holds what would let somebody in or lose what is to be sent."""
    refused = [*_anywhere(settings)]
    if not settings.DEVELOPMENT:
        refused += [*_secrets(settings), *_addresses(settings), *_providers(settings)]
    if refused:
        raise ImproperlyConfigured("\n".join(refused))


def _anywhere(settings):
    if not settings.SECRET_KEY:
        yield "SECRET_KEY is empty. Set it to 50 or more random characters."
    if not settings.TWILIO_AUTH_TOKEN:
        yield "TWILIO_AUTH_TOKEN is empty: anybody could forge a webhook. Set it; with CARRIER=local any random characters will do."


def _secrets(settings):
    key = settings.SECRET_KEY
    if key.startswith(KNOWN):
        yield "SECRET_KEY is the one of development, which everybody can read. Set it to 50 or more random characters."
    elif key and (len(key) < 50 or len(set(key)) < 10):
        yield "SECRET_KEY can be guessed: it is short or repeats itself. Set it to 50 or more random characters."
    if settings.TWILIO_AUTH_TOKEN.startswith(KNOWN):
        yield "TWILIO_AUTH_TOKEN is the one of development: anybody could forge a webhook. Set it to the auth token of your Twilio account."
    if settings.DEBUG:
        yield "DEBUG is on: every error would show settings and source to its visitor. Take DEBUG out."


def _addresses(settings):
    if not os.environ.get("DATABASE_URL"):
        yield "DATABASE_URL is not set. Set it to the database and the role that owns nothing (docs/operations.md)."
    if not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is empty: nobody would be answered. Set it to the hosts of the platform and of every marketplace."
    elif not validate_host(settings.PLATFORM_HOST, settings.ALLOWED_HOSTS):
        yield f"PLATFORM_HOST={settings.PLATFORM_HOST} is not among ALLOWED_HOSTS: staff would be locked out. Set PLATFORM_HOST, or add it."


def _providers(settings):
    if settings.CARRIER == "twilio":
        if not settings.TWILIO_ACCOUNT_SID:
            yield "TWILIO_ACCOUNT_SID is empty: Twilio would refuse every message. Set it to the SID of your Twilio account."
        if "55501" in settings.SMS_FROM:
            yield f"SMS_FROM={settings.SMS_FROM} is a number of development. Set it to a number of your Twilio account that may send texts."
    elif settings.CARRIER != "local":
        yield f"CARRIER={settings.CARRIER} is none we know. Set it to twilio."
    elif not settings.ALLOW_LOCAL_CARRIER:
        yield "CARRIER=local reaches nobody. Set it to twilio, or set ALLOW_LOCAL_CARRIER=on for a demo server."
    if settings.EMAIL_BACKEND == LOCAL_MAIL and not settings.ALLOW_LOCAL_CARRIER:
        yield "EMAIL_BACKEND is the local one, which reaches nobody. Set it to a real one, or set ALLOW_LOCAL_CARRIER=on for a demo server."
    if settings.EMAIL_BACKEND != LOCAL_MAIL and settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith(".localhost"):
        yield "DEFAULT_FROM_EMAIL is the one of development. Set it to an address your mail provider may send from."
    if settings.EMAIL_BACKEND.startswith("anymail.") and not (settings.ANYMAIL and all(settings.ANYMAIL.values())):
        yield "ANYMAIL holds no key for EMAIL_BACKEND, or an empty one. Set it to the settings of your mail provider (.env.example)."
