"""Production: what it refuses to start with, what Django's own check says of it, and that the compose file holds together."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from ruamel.yaml import YAML  # check-jsonschema brings it

ROOT = Path(settings.BASE_DIR)
PRODUCTION = {
    "DEVELOPMENT": "off",
    "DEBUG": "off",
    "SECRET_KEY": "f3NtYQ8-vWm_kLr2TzXc6HbJdPsG9oAeU1iyKq7ZwE4RnMxVt0",
    "PLATFORM_HOST": "example.com",
    "ALLOWED_HOSTS": ".example.com",
    "DATABASE_URL": os.environ["DATABASE_URL"],
    "SECURE_PROXY_SSL_HEADER": "X-Forwarded-Proto",
    "CARRIER": "twilio",
    "ALLOW_LOCAL_CARRIER": "off",
    "TWILIO_ACCOUNT_SID": "AC00000000000000000000000000000000",
    "TWILIO_AUTH_TOKEN": "9c1f4b7e2a6d",
    "SMS_FROM": "+13128420100",
    "EMAIL_BACKEND": "anymail.backends.postmark.EmailBackend",
    "DEFAULT_FROM_EMAIL": "Craftyard <hello@example.com>",
    "ANYMAIL": '{"POSTMARK_SERVER_TOKEN": "8d2e"}',
}
LOCAL = {"CARRIER": "local", "EMAIL_BACKEND": "notifications.channels.local.LocalEmailBackend"}

REFUSALS = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is empty."),
    ({"SECRET_KEY": "development-only-secret"}, "SECRET_KEY is the one of development"),
    ({"SECRET_KEY": "django-insecure-" + PRODUCTION["SECRET_KEY"]}, "SECRET_KEY is the one of development"),
    ({"SECRET_KEY": PRODUCTION["SECRET_KEY"][:49]}, "SECRET_KEY can be guessed"),
    ({"SECRET_KEY": "abc" * 20}, "SECRET_KEY can be guessed"),
    ({"TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is empty"),
    ({"TWILIO_AUTH_TOKEN": "development-only-token"}, "TWILIO_AUTH_TOKEN is the one of development"),
    ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID is empty"),
    ({"SMS_FROM": "+13125550100"}, "SMS_FROM=+13125550100 is a number of development"),
    ({"DEFAULT_FROM_EMAIL": "Plumbline <hello@plumbline.localhost>"}, "DEFAULT_FROM_EMAIL is the one of development"),
    ({"CARRIER": "local"}, "CARRIER=local reaches nobody."),
    ({"CARRIER": "twillio"}, "CARRIER=twillio is none we know."),
    ({"EMAIL_BACKEND": LOCAL["EMAIL_BACKEND"]}, "EMAIL_BACKEND is the local one"),
    ({"ANYMAIL": ""}, "ANYMAIL holds no key"),
    ({"ANYMAIL": '{"POSTMARK_SERVER_TOKEN": ""}'}, "ANYMAIL holds no key"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is not set."),
    ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
    ({"PLATFORM_HOST": "localhost"}, "PLATFORM_HOST=localhost is not among ALLOWED_HOSTS"),
    ({"DEBUG": "on"}, "DEBUG is on"),
    (LOCAL | {"ALLOW_LOCAL_CARRIER": "on", "TWILIO_AUTH_TOKEN": "development-only-token"}, "TWILIO_AUTH_TOKEN is the one of development"),
    ({"DEVELOPMENT": "on", "SECRET_KEY": ""}, "SECRET_KEY is empty."),
    ({"DEVELOPMENT": "on", "TWILIO_AUTH_TOKEN": ""}, "TWILIO_AUTH_TOKEN is empty"),
]
STARTS = [
    {},
    LOCAL | {"ALLOW_LOCAL_CARRIER": "on"},
    {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "ANYMAIL": ""},
    {"DEVELOPMENT": "on", "ALLOWED_HOSTS": ""},
]

# Loads the settings once with each environment it is given, and says what each load was refused for.
LOADING = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured

refused = []
for environment in json.load(sys.stdin):
    os.environ.update(environment)
    sys.modules.pop("marketplace.settings", None)
    try:
        importlib.import_module("marketplace.settings")
        refused.append([])
    except ImproperlyConfigured as error:
        refused.append(str(error).splitlines())
print(json.dumps(refused))
"""

ASKING = """
import json, django
from django.core.management import call_command
from django.test import Client

django.setup()
call_command("check", deploy=True, fail_level="DEBUG")
answers = {}
for scheme in "http", "https":
    for path in "/livez", "/readyz", "/admin/":
        answer = Client().get(path, headers={"Host": "example.com", "X-Forwarded-Proto": scheme})
        answers[f"{scheme} {path}"] = [answer.status_code, answer.get("Location", ""), answer.get("Strict-Transport-Security", "")]
print(json.dumps(answers))
"""


def python(script, told=""):
    """What `script` does in a process of its own with the settings of production."""
    environment = {**os.environ, **PRODUCTION, "DJANGO_SETTINGS_MODULE": "marketplace.settings"}
    return subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=environment, input=told, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def refused():
    """For each change of the environment, the lines of the refusal."""
    changes = [*(change for change, _ in REFUSALS), *STARTS]
    done = python(LOADING, json.dumps([PRODUCTION | change for change in changes]))
    assert done.returncode == 0, done.stderr
    return {json.dumps(change): lines for change, lines in zip(changes, json.loads(done.stdout), strict=True)}


@pytest.mark.parametrize(("change", "sentence"), REFUSALS, ids=str)
def test_production_refuses_to_start_and_says_what_to_do(change, sentence, refused):
    (line,) = refused[json.dumps(change)]
    assert line.startswith(sentence)
    assert re.search(r"\b(Set|Take) ", line)


@pytest.mark.parametrize("change", STARTS, ids=str)
def test_what_is_well_set_starts(change, refused):
    assert refused[json.dumps(change)] == []


def test_all_refusals_are_told_at_once():
    bad = {"SECRET_KEY": "", "ALLOWED_HOSTS": "", "CARRIER": "local"}
    done = python(LOADING, json.dumps([PRODUCTION | bad]))
    assert [line.split()[0] for line in json.loads(done.stdout)[0]] == ["SECRET_KEY", "ALLOWED_HOSTS", "CARRIER=local"]


@pytest.fixture(scope="module")
def asked():
    return python(ASKING)


def test_djangos_check_of_a_deployment_finds_nothing(asked):
    assert asked.returncode == 0, asked.stderr
    assert (
        asked.stdout.splitlines()[0] == "System check identified no issues (1 silenced)."
    )  # the one that settings.py gives its reason for


def test_health_is_told_without_tls_and_everything_else_goes_to_tls(asked):
    answers = json.loads(asked.stdout.splitlines()[-1])
    lasting = "max-age=31536000; includeSubDomains; preload"
    assert answers == {
        "http /livez": [200, "", ""],
        "http /readyz": [200, "", ""],
        "http /admin/": [301, "https://example.com/admin/", ""],
        "https /livez": [200, "", lasting],
        "https /readyz": [200, "", lasting],
        "https /admin/": [302, "/admin/login/?next=/admin/", lasting],
    }


COMPOSE = YAML(typ="safe").load(ROOT / "docker-compose.yml")
SERVICES = COMPOSE["services"]
ONCE = {"migrate", "roles"}


def test_the_compose_file_keeps_the_schema_of_its_specification():
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_services_wait_for_what_they_need():
    assert set(SERVICES) == {"web", "worker", "beat", "migrate", "roles", "db", "redis", "mail"}
    for name, service in SERVICES.items():
        assert ("healthcheck" in service) == (name not in ONCE), name
        assert service["restart"] == ("no" if name in ONCE else "unless-stopped"), name
        for needed, how in service.get("depends_on", {}).items():
            assert how["condition"] == "service_started" or ("completed" in how["condition"]) == (needed in ONCE), (name, needed)
    for name in ("web", "worker", "beat"):
        assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_only_who_migrates_knows_the_owner():
    knowing = {name for name, service in SERVICES.items() if "OWNER" in json.dumps(service.get("environment", {}))}
    assert knowing == ONCE
    assert SERVICES["web"]["environment"]["DATABASE_URL"].startswith("postgres://plumbline_app:")


def test_a_secret_that_is_not_set_stops_compose():
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "TWILIO_AUTH_TOKEN", "POSTGRES_PASSWORD", "OWNER_PASSWORD", "APP_PASSWORD"):
        used = re.findall(rf"\$\{{{name}\b([^}}]*)", text)
        assert used and all(rest.startswith(":?set ") for rest in used), name


def test_every_setting_from_the_environment_is_told_and_reaches_the_containers():
    read = set(re.findall(r'\benv(?:\.\w+)?\("(\w+)"', (ROOT / "marketplace" / "settings.py").read_text()))
    used = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    told = set(re.findall(r"^#(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert read | used == told
    site = set(SERVICES["web"]["environment"])
    assert read - site == {"DEBUG", "PORT", "BROKER_URL", "DATABASE_OWNER_URL"}  # not for a container, or for migrate alone


def test_the_image_leaves_out_the_servers_and_runs_as_nobody_in_particular():
    image = (ROOT / "Dockerfile").read_text()
    pinned = {line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines()}
    left_out = re.findall(r"-e '\^([\w-]+)=='", image)
    assert left_out and set(left_out) <= pinned
    assert re.findall(r"^USER (\S+)", image, re.MULTILINE)[-1].isdecimal()
    assert ".*" in (ROOT / ".dockerignore").read_text().splitlines()  # .env and .git stay at home
