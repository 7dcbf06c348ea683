"""A migrated database beside the real one, for as long as a measurement lasts."""

import os
from contextlib import contextmanager

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.db import connections

ALIASES = ("default", "owner")


@contextmanager
def scratch_database():
    """Create, migrate and use a database of this process; give the real ones back and drop it at the end."""
    real = {alias: settings.DATABASES[alias]["NAME"] for alias in ALIASES}
    name = f"plumbline_bench_{os.getpid()}"
    _as_owner(f'create database "{name}"')
    try:
        _use(dict.fromkeys(ALIASES, name))
        call_command("migrate", verbosity=0)
        yield name
    finally:
        _use(real)
        _as_owner(f'drop database if exists "{name}" with (force)')


def _use(names):
    connections.close_all()
    for alias, name in names.items():
        connections[alias].settings_dict["NAME"] = settings.DATABASES[alias]["NAME"] = name


def _as_owner(statement):
    connection = psycopg2.connect(**parameters("owner") | {"dbname": "postgres"})
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


def parameters(alias) -> dict:
    """What psycopg2.connect needs to be the role `alias`."""
    chosen = settings.DATABASES[alias]
    return {
        "dbname": chosen["NAME"],
        "user": chosen["USER"],
        "password": chosen["PASSWORD"] or None,
        "host": chosen["HOST"],
        "port": chosen["PORT"],
    }
