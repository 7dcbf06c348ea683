"""A real site in processes of its own: web, worker, broker, on a cloned database. For tests that kill and freeze things."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from django.conf import settings
from django.db import connections

from marketplace.embedded.valkey import _binary

ROOT = Path(settings.BASE_DIR)
LOGS = ROOT / "var" / "log"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, *, seconds, what):
    """Poll until `condition()` is true; fail with `what` after so many seconds. Returns how long it took."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"{what}: not within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - started


class Site:
    """Its processes share the test's database. Use as a context manager; whatever still lives is killed at the end."""

    def __init__(self):
        self.broker_port, self.port = free_port(), free_port()
        self.processes: dict[str, subprocess.Popen] = {}
        database = settings.DATABASES["default"]
        at = f"{database['HOST']}:{database['PORT']}/{connections['default'].settings_dict['NAME']}"
        owner = settings.DATABASES["owner"]["USER"]
        self.environment = os.environ | {
            "DATABASE_URL": f"postgres://{database['USER']}@{at}",
            "DATABASE_OWNER_URL": f"postgres://{owner}@{at}",
            "REDIS_URL": f"redis://127.0.0.1:{self.broker_port}/0",
            "PORT": str(self.port),
            "EMAIL_BACKEND": "notifications.channels.local.LocalEmailBackend",
        }
        self.environment.pop("BROKER_URL", None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in list(self.processes):
            self.kill(name)

    def start(self, name, *command):
        with open(LOGS / f"endurance-{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, start_new_session=True, stdout=log, stderr=subprocess.STDOUT
            )

    def start_broker(self):
        self.start("broker", _binary(), "--port", str(self.broker_port), "--bind", "127.0.0.1", "--save", "")
        wait_for(lambda: _listens(self.broker_port), seconds=10, what="the broker answers")

    def start_web(self):
        self.start(
            "web", sys.executable, "-m", "gunicorn", "marketplace.wsgi", "-b", f"127.0.0.1:{self.port}", "-k", "gthread", "--threads", "8"
        )
        wait_for(lambda: _listens(self.port), seconds=30, what="the site answers")

    def start_worker(self, *options):
        self.start("worker", sys.executable, "-m", "celery", "-A", "marketplace.celery", "worker", "--include",
                   "marketplace.mortal_pool", "--without-mingle", "--without-gossip", "-c", "2", *options)  # fmt: skip

    def kill(self, name, how=signal.SIGKILL):
        """Send `how` to the process and all its children; wait for its end unless it is only frozen."""
        process = self.processes[name]
        try:
            os.killpg(process.pid, how)
        except ProcessLookupError:
            pass
        if how == signal.SIGKILL:
            process.wait(timeout=20)
            del self.processes[name]


def _listens(port) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Visitor:
    """A homeowner with a browser that has cookies and no script."""

    def __init__(self, site, host):
        self.origin = f"http://127.0.0.1:{site.port}"
        self.host = f"{host}:{site.port}"
        policy = http.cookiejar.DefaultCookiePolicy(strict_domain=False)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar(policy)))

    def get(self, path):
        return self._open(urllib.request.Request(self.origin + path, headers={"Host": self.host}))

    def post(self, path, page, **fields):
        """Send the form of `page`: its hidden fields, and what is typed."""
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        data = urllib.parse.urlencode(hidden | fields).encode()
        headers = {"Host": self.host, "Referer": f"http://{self.host}{path}", "Origin": f"http://{self.host}"}
        return self._open(urllib.request.Request(self.origin + path, data=data, headers=headers))

    def _open(self, request):
        try:
            with self.opener.open(request, timeout=30) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            told = re.findall(r'class="err"[^>]*>(.*?)<', error.read().decode())
            raise AssertionError(f"{request.full_url} answered {error.code}: {told}") from error
