"""A migrated template database, made once for each state of the migrations, and cheap clones of it."""

import hashlib
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from core import policy

PREFIX = "plumbline_test"


def fingerprint() -> str:
    """Changes with whatever the migrated database is made of."""
    digest = hashlib.sha256()
    paths = sorted(settings.BASE_DIR.glob("*/migrations/*.py")) + sorted(settings.BASE_DIR.glob("catalog/data/zips*"))
    for path in [*paths, settings.BASE_DIR / "core/migration.py"]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@contextmanager
def maintenance():
    """A connection of the owner outside the databases in question, holding the lock of all who clone."""
    owner = settings.DATABASES["owner"]
    connection = psycopg2.connect(
        dbname="postgres", user=owner["USER"], password=owner["PASSWORD"] or None, host=owner["HOST"], port=owner["PORT"]
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(20260101)")
            yield cursor
    finally:
        connection.close()


def use(name):
    """Point both roles of this process at the database `name`, of whose policies it knows nothing yet."""
    policy._cache.clear()
    for alias in ("default", "owner"):
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name


def clone(name) -> None:
    """Make `name` anew from the template (which is migrated first when it is missing) and use it. What is committed there is seen at once,
    but no commit waits for the disk: nothing of it has to outlive the machine."""
    template = f"{PREFIX}_template_{fingerprint()}"
    with maintenance() as cursor:
        cursor.execute("select 1 from pg_database where datname = %s and datistemplate", [template])
        if cursor.fetchone() is None:
            cursor.execute(f'drop database if exists "{template}" with (force)')
            cursor.execute(f'create database "{template}" template template0')
            use(template)
            call_command("migrate", verbosity=0)
            for alias in ("default", "owner"):
                connections[alias].close()
            cursor.execute(f'alter database "{template}" is_template true')
        cursor.execute(f'drop database if exists "{name}" with (force)')
        cursor.execute(f'create database "{name}" template "{template}"')
        cursor.execute(f'alter database "{name}" set synchronous_commit = off')
    use(name)


def drop(name) -> None:
    """Drop the clone. A vacuum at work in it cannot be ended by the owner of the database: wait for it, and leave it at last."""
    for alias in ("default", "owner"):
        connections[alias].close()
    with maintenance() as cursor:
        for _try in range(10):
            try:
                cursor.execute(f'drop database if exists "{name}" with (force)')
                return
            except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.ObjectInUse):
                cursor.execute("select pg_sleep(1)")
