"""Settings. What differs between machines comes from the environment; .env.example lists it."""

import sys
from datetime import timedelta
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.templatetags.static import static

from core.languages import ENGLISH, NAMES
from marketplace import production

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

DEVELOPMENT = env.bool("DEVELOPMENT", default=True)
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="development-only-secret" if DEVELOPMENT else "")

# Hosts: each marketplace brings its own; web.access refuses a host that no marketplace has.
PLATFORM_HOST = env("PLATFORM_HOST", default="localhost")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[".localhost", "localhost", "127.0.0.1"] if DEVELOPMENT else [])
PORT = env.int("PORT", default=8000)

INSTALLED_APPS = [
    "marketplace",
    "core",
    "notifications",
    "catalog",
    "accounts",
    "billing",
    "contact",
    "leads",
    "credits",
    "api",
    "web",
    "operations",
    "unfold.apps.BasicAppConfig",
    "web.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "web.access.MarketplaceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "web.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "marketplace.urls"
WSGI_APPLICATION = "marketplace.wsgi.application"
FORM_RENDERER = "web.forms.PlumblineRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "web.access.frame",
            ]
        },
    }
]

# Two roles: the site, its workers and the tests run as `app`, which is neither owner nor superuser; migrations run as `owner`.
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgres://plumbline_app@127.0.0.1:5432/plumbline"),
    "owner": env.db("DATABASE_OWNER_URL", default="postgres://plumbline_owner@127.0.0.1:5432/plumbline"),
}
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["DISABLE_SERVER_SIDE_CURSORS"] = False
DATABASE_APP_ROLE = DATABASES["default"].get("USER") or "plumbline_app"
DATABASE_ROUTERS = ["core.roles.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, cache and limits live in PostgreSQL or in the process, never in Redis (it is a doorbell only).
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=30).total_seconds())
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEVELOPMENT
CSRF_COOKIE_HTTPONLY = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # an e-mail is unique within its marketplace, and the backend looks only there
AUTHENTICATION_BACKENDS = ["accounts.sign_in.MarketplaceBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=24).total_seconds())
LOGIN_URL = "pros:sign_in"
LOGIN_REDIRECT_URL = "/pro/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = ENGLISH
LANGUAGES = list(NAMES.items())
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_SECURE = not DEVELOPMENT
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "web.fonts.FontFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEVELOPMENT
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEVELOPMENT

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Production speaks TLS only. A proxy ends it and says so in a header, which it must set itself whatever the visitor sent.
_proxy_header = env("SECURE_PROXY_SSL_HEADER", default="")
SECURE_PROXY_SSL_HEADER = (f"HTTP_{_proxy_header.upper().replace('-', '_')}", "https") if _proxy_header else None
# The header in which the proxy says where the visitor comes from, in the form that WSGI gives headers; it must set that one itself too.
_address_header = env("PROXY_ADDRESS_HEADER", default="")
PROXY_ADDRESS_HEADER = f"HTTP_{_address_header.upper().replace('-', '_')}" if _address_header else ""
SECURE_SSL_REDIRECT = not DEVELOPMENT
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz)$"]  # health checks come from inside, without TLS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=0 if DEVELOPMENT else int(timedelta(days=365).total_seconds()))
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=not DEVELOPMENT)

REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
BROKER_URL = env("BROKER_URL", default=REDIS_URL)
CELERY_BROKER_URL = BROKER_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
    "health_check_interval": 15,
}
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# A sweep that could not run in its interval is not worth running later: the next one does the same.
CELERY_BEAT_SCHEDULE = {
    "route": {"task": "leads.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "fold": {"task": "leads.fold", "schedule": 10.0, "options": {"expires": 10}},
    "checks": {"task": "accounts.tell_of_checks", "schedule": 30.0, "options": {"expires": 30}},
    "wishes": {"task": "leads.send_wishes", "schedule": 10.0, "options": {"expires": 10}},
    "reviews": {"task": "leads.ask", "schedule": 30.0, "options": {"expires": 30}},
    "warnings": {"task": "leads.warn", "schedule": 30.0, "options": {"expires": 30}},
    "list": {"task": "leads.wait", "schedule": 60.0, "options": {"expires": 60}},
    "clocks": {"task": "contact.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "calls": {"task": "contact.ask", "schedule": 5.0, "options": {"expires": 5}},
    "memberships": {"task": "billing.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "credits": {"task": "credits.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "numbers": {"task": "contact.keep", "schedule": 60.0, "options": {"expires": 30}},
    "deliver": {"task": "notifications.sweep", "schedule": 5.0, "options": {"expires": 5}},
    "forget": {"task": "web.forget_sessions", "schedule": 3600.0, "options": {"expires": 600}},
}

# Who carries the messages. `local` keeps them in the development outbox; 555-01xx numbers are nobody's.
CARRIER = env("CARRIER", default="local")
ALLOW_LOCAL_CARRIER = env.bool("ALLOW_LOCAL_CARRIER", default=False)  # in production, for a demo server
TWILIO_ACCOUNT_SID = env("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env("TWILIO_AUTH_TOKEN", default="development-only-token" if DEVELOPMENT else "")
SMS_FROM = env("SMS_FROM", default="+13125550100")
EMAIL_BACKEND = env("EMAIL_BACKEND", default="notifications.channels.local.LocalEmailBackend")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Plumbline <hello@plumbline.localhost>")
EMAIL_TIMEOUT = 10
EMAIL_HOST = env("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
ANYMAIL = env.json("ANYMAIL", default=None) or {}

UNFOLD = {
    "SITE_TITLE": "Plumbline",
    "SITE_HEADER": "Plumbline",
    "SITE_ICON": lambda request: static("icons/logo.svg"),
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {  # chalk blue (design system, 3)
        "primary": {
            "50": "oklch(97% .014 264)",
            "100": "oklch(93.5% .03 264)",
            "200": "oklch(88% .06 264)",
            "300": "oklch(80% .1 264)",
            "400": "oklch(72% .14 264)",
            "500": "oklch(64% .17 264)",
            "600": "oklch(45.5% .19 264)",
            "700": "oklch(40% .17 264)",
            "800": "oklch(36% .14 264)",
            "900": "oklch(31% .11 264)",
            "950": "oklch(23% .08 264)",
        }
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
    "filters": {"without_tokens": {"()": "web.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    "loggers": {"PIL": {"level": "INFO"}},  # below, it tells what telephones write into photos: places and names (INVARIANTS 35)
}

production.insist(sys.modules[__name__])
