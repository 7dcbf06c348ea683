"""The site as its own process on a free port, with a database of its own: what a browser looks at.

No worker runs beside it. Whoever tells a story lets time pass itself: `site.drain()`.
"""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack, contextmanager
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from core.models import Marketplace
from core.tenancy import scope
from leads.tasks import fold_all, route_due
from marketplace.embedded import system
from notifications import delivery
from tests import databases

PATIENCE = 60  # seconds for the first answer, on a busy machine


class Site:
    """A running site. `with site.here():` this process works on the site's database; everything below needs that."""

    def __init__(self, database: str, port: int):
        self.database = database
        self.port = port

    def url(self, path="/", slug="craftyard") -> str:
        """The absolute address of a path, on the host of a marketplace or (slug "") of the platform."""
        return f"http://{slug + '.' if slug else ''}{settings.PLATFORM_HOST}:{self.port}{path}"

    @contextmanager
    def here(self):
        port, settings.PORT = settings.PORT, self.port
        try:
            with using(self.database):
                yield self
        finally:
            settings.PORT = port

    @contextmanager
    def scope(self, slug="craftyard"):
        """A transaction in one marketplace; committed at its end, so the running site sees it."""
        with scope(Marketplace.objects.get(slug=slug)) as marketplace:
            yield marketplace

    def drain(self, slug="craftyard") -> None:
        """What workers would do by now: look at the leads that are due, fold the shares, deliver the messages."""
        marketplace = Marketplace.objects.get(slug=slug)
        route_due(marketplace, now=timezone.now())
        fold_all(marketplace)
        delivery.drain(marketplace, now=timezone.now())


@contextmanager
def using(database: str):
    """This process works on another database for a while."""
    former = settings.DATABASES["default"]["NAME"]
    databases.use(database)
    try:
        yield
    finally:
        databases.use(former)


@contextmanager
def database(name: str):
    """A migrated database of its own, gone at the end."""
    with using(name):
        databases.clone(name)
    try:
        yield name
    finally:
        databases.drop(name)


@contextmanager
def running(database: str, log):
    """The site over `database`, as gunicorn serves it in life; what it says goes to the open file `log`."""
    with ExitStack() as stack:
        # The socket is ours before the server starts: the port is free for certain, and early visitors wait in its queue.
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        site = Site(database, listening.getsockname()[1])
        command = [
            sys.executable, "-m", "gunicorn", "marketplace.wsgi", "--bind", f"fd://{listening.fileno()}", "--worker-class", "gthread",
            "--threads", "8", "--no-control-socket", "--graceful-timeout", "1", "--log-level", "warning",
        ]  # fmt: skip
        server = subprocess.Popen(
            command,
            cwd=settings.BASE_DIR,
            env=os.environ | _addresses(database) | {"PORT": str(site.port)},
            pass_fds=[listening.fileno()],
            stdout=log,
            stderr=log,
            preexec_fn=partial(system.die_with_parent, signal.SIGTERM, os.getpid()),
        )
        stack.callback(_end, server)
        listening.close()  # only the server has it now: should it die, visitors are refused instead of kept waiting
        with urllib.request.urlopen(site.url("/readyz", slug=""), timeout=PATIENCE) as answer:
            assert answer.status == 200
        yield site


def _addresses(database):
    """The database by both roles; and a broker inside the process, so that no bell rings for somebody else's worker."""
    of = {name: urlsplit(os.environ[name])._replace(path=f"/{database}").geturl() for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    return of | {"BROKER_URL": "memory://"}


def _end(server):
    server.terminate()
    try:
        server.wait(10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
