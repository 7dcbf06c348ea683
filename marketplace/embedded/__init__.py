"""A real PostgreSQL and a real Valkey from wheels, for a machine that has neither.

    with embedded.ensure():
        ...                     # DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL are set and answer

Promises:

- An address that is already in the environment or in `.env` wins; only what is missing is started.
- Any number of processes of one checkout share the servers; the last to leave stops them, however it leaves.
- Data, logs and ports stay under `var/` from one start to the next.

How they are shared stands in `lease`, who keeps them alive in `keeper`, what is peculiar to each in `postgres` and `valkey`.
"""

import os
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .lease import Lease
from .postgres import Postgres
from .server import Unavailable
from .valkey import Valkey

__all__ = ["ROOT", "VAR", "Unavailable", "ensure", "read_env", "vacated"]

ROOT = Path(__file__).resolve().parents[2]
VAR = ROOT / "var"


@contextmanager
def ensure(var=VAR):
    """Put the addresses of the database and of Valkey into `os.environ`, starting what nobody has provided.

    Raises `Unavailable` with a sentence for the user. Processes started inside inherit the addresses and need no
    lease of their own. Leaving takes the addresses out again and stops the servers if nobody else uses them.
    """
    read_env()
    if os.environ.get("DATABASE_OWNER_URL") and not os.environ.get("DATABASE_URL"):
        raise Unavailable(
            "DATABASE_OWNER_URL is set but DATABASE_URL is not: set both (the role that owns, the role that works) or neither."
        )
    if os.environ.get("DATABASE_URL") and not os.environ.get("DATABASE_OWNER_URL"):
        raise Unavailable(
            "DATABASE_URL is set but DATABASE_OWNER_URL is not: set both (the role that works, the role that owns) or neither."
        )

    if _in_production() and not os.environ.get("DATABASE_URL"):
        raise Unavailable("DATABASE_URL is not set. Production has a database of its own: set both its addresses (docs/operations.md).")

    with ExitStack() as stack:
        if not os.environ.get("DATABASE_URL"):
            _borrow(stack, Postgres(var))
        if not os.environ.get("REDIS_URL") and not os.environ.get("BROKER_URL"):
            _borrow(stack, Valkey(var))
        yield


@contextmanager
def vacated(var=VAR):
    """Yield True while no process uses the embedded servers and none can start them, or False when some do."""
    with ExitStack() as stack:
        for server in (Postgres(var), Valkey(var)):
            lease = Lease(server)
            if not lease.clear():
                yield False
                return
            stack.callback(lease.release)
        yield True


def read_env():
    """Read `.env`, if there is one; the environment itself wins over it."""
    if (ROOT / ".env").is_file():
        import environ

        environ.Env.read_env(ROOT / ".env")


def _in_production():
    if not os.environ.get("DEVELOPMENT"):
        return False
    import environ

    return not environ.Env().bool("DEVELOPMENT")


def _borrow(stack, server):
    lease = stack.enter_context(Lease(server))
    for name, value in server.addresses(lease.port).items():
        os.environ[name] = value
        stack.callback(os.environ.pop, name, None)
