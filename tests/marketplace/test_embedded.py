"""The embedded servers: shared while anybody uses them, gone when nobody does, with all data the next time."""

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import psycopg2
import pytest

from marketplace import embedded
from marketplace.embedded import system
from marketplace.embedded.postgres import Postgres
from marketplace.embedded.server import wait_until

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")

# A process of its own that uses the servers: tells its addresses, then stays until its standard input ends.
USER = """
import os, sys
from pathlib import Path
from marketplace import embedded
embedded.read_env = lambda: None
with embedded.ensure(Path(sys.argv[1])):
    print(os.environ["DATABASE_URL"], flush=True)
    sys.stdin.read()
"""


ADDRESSES = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "BROKER_URL")


@pytest.fixture(autouse=True)
def no_addresses(monkeypatch):
    """As on a machine where nobody has named a server."""
    monkeypatch.setattr(embedded, "read_env", lambda: None)
    for name in ADDRESSES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """One directory for all tests, with a space in its name: only its first start makes a database."""
    directory = tmp_path_factory.mktemp("a checkout") / "var"
    with user(directory):
        return directory


def begin(var):
    environ = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(var)],
        cwd=embedded.ROOT,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@contextmanager
def user(var):
    process = begin(var)
    try:
        process.url = process.stdout.readline().strip()
        yield process
    finally:
        leave(process)


def leave(process):
    if not process.stdin.closed:
        process.stdin.close()
    process.wait(20)
    process.stdout.close()


def query(url, sql):
    connection = psycopg2.connect(url)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def keeper(var, server):
    return json.loads((var / "run" / f"{server}.json").read_text())["pid"]


def postmaster(var):
    return int((var / "postgres" / "postmaster.pid").read_text().split()[0])


def quiet(var):
    """No server of this directory runs, and no keeper."""
    keepers = (var / "run" / f"{server}.keeper" for server in ("postgres", "valkey"))
    return all(map(system.lock_is_free, keepers)) and not (var / "postgres" / "postmaster.pid").exists()


def answers(url):
    try:
        return query(url, "SELECT 1") == [(1,)]
    except psycopg2.OperationalError:
        return False


def test_sets_the_addresses_inside_and_leaves_nothing_behind(var):
    with embedded.ensure(var):
        url, owner, redis = (os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL"))
        assert query(url, "SELECT current_user, current_database()") == [("plumbline_app", "plumbline")]
        assert query(owner, "SELECT current_user, current_database()") == [("plumbline_owner", "plumbline")]
        host, port = re.fullmatch(r"redis://([\d.]+):(\d+)/0", redis).groups()
        with socket.create_connection((host, int(port))) as valkey:
            valkey.sendall(b"CONFIG GET maxmemory-policy\r\n")
            assert b"noeviction" in valkey.recv(200)
    assert "DATABASE_URL" not in os.environ and "REDIS_URL" not in os.environ
    assert quiet(var)


def test_the_site_works_through_a_role_that_owns_nothing(var):
    with embedded.ensure(var):
        app, owner = os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"]
        roles = query(
            app, "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname LIKE 'plumb%' ORDER BY 1"
        )
        assert roles == [("plumbline_app", False, False, False, False), ("plumbline_owner", False, False, True, False)]
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(app, "CREATE TABLE mine (id int)")
        query(owner, "CREATE TABLE ours (id int)")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(app, "SELECT * FROM ours")
        query(owner, "DROP TABLE ours")
        assert query(app, "SHOW synchronous_commit") == query(app, "SHOW fsync") == [("on",)]


def test_data_and_ports_stay(var):
    with embedded.ensure(var):
        before = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
        query(os.environ["DATABASE_OWNER_URL"], "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded.ensure(var):
        assert (os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) == before
        assert query(os.environ["DATABASE_OWNER_URL"], "DELETE FROM kept RETURNING answer") == [(42,)]
        query(os.environ["DATABASE_OWNER_URL"], "DROP TABLE kept")


def test_whoever_came_first_may_leave_first(var):
    with user(var) as first, user(var) as second:
        assert first.url == second.url
        leave(first)
        time.sleep(0.6)  # longer than a keeper takes to look round
        assert answers(second.url)
        assert not quiet(var)
    assert quiet(var)


def test_many_at_once_share_one_server(var):
    processes = [begin(var) for _ in range(4)]
    assert len({process.stdout.readline() for process in processes}) == 1
    for process in processes:
        leave(process)
    assert quiet(var)


def test_a_killed_user_counts_as_gone(var):
    with user(var) as process:
        query(process.url.replace("_app", "_owner"), "CREATE TABLE survivor (id int)")
        process.kill()
        process.wait()
        assert wait_until(lambda: quiet(var), 10)
    with embedded.ensure(var):
        query(os.environ["DATABASE_OWNER_URL"], "DROP TABLE survivor")


def test_a_forked_child_does_not_prolong_the_lease(var):
    with embedded.ensure(var):
        child = os.fork()
        if child == 0:
            time.sleep(60)
            os._exit(0)
    try:
        assert quiet(var)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@linux_only
def test_a_killed_keeper_takes_its_server_along_and_the_next_user_recovers(var):
    with user(var) as process:
        query(process.url.replace("_app", "_owner"), "CREATE TABLE survivor (id int)")
        os.kill(keeper(var, "postgres"), signal.SIGKILL)
        assert wait_until(lambda: not answers(process.url), 10)
        with user(var) as other:
            query(other.url.replace("_app", "_owner"), "DROP TABLE survivor")
            assert answers(process.url)  # the port is the same: the first user is served again
    assert quiet(var)


def test_a_crashed_server_is_started_again_on_its_port(var):
    with embedded.ensure(var):
        url, before = os.environ["DATABASE_URL"], postmaster(var)
        os.kill(before, signal.SIGKILL)
        assert wait_until(lambda: answers(url) and postmaster(var) != before, 15)


def test_a_server_stopped_on_purpose_stays_down_until_the_next_user(var):
    with user(var) as process:
        os.kill(postmaster(var), signal.SIGINT)
        assert wait_until(lambda: not (var / "run" / "postgres.json").exists(), 10)
        assert not answers(process.url)
        with user(var):
            assert answers(process.url)
    assert quiet(var)


def test_a_stale_note_with_the_number_of_a_stranger_is_removed(var):
    note = "\n".join([str(os.getpid()), str(var / "postgres"), "0", "1", "", "127.0.0.1", "", "ready"])
    (var / "postgres" / "postmaster.pid").write_text(note)
    with embedded.ensure(var):
        assert answers(os.environ["DATABASE_URL"])


def test_a_taken_port_is_left_for_another(var):
    taken = int((var / "run" / "postgres.port").read_text())
    with socket.socket() as stranger:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", taken))
        stranger.listen()
        with embedded.ensure(var):
            assert f":{taken}/" not in os.environ["DATABASE_URL"]
            assert answers(os.environ["DATABASE_URL"])


def test_an_interrupted_first_start_never_passes_for_data(tmp_path, monkeypatch):
    server = Postgres(tmp_path)
    (tmp_path / "postgres.new").mkdir()
    (tmp_path / "postgres.new" / "PG_VERSION").write_text("18")
    server.prepare()
    assert (tmp_path / "postgres" / "global" / "pg_control").exists()
    assert not (tmp_path / "postgres.new").exists()


def test_data_of_another_major_says_what_to_do(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(embedded.Unavailable, match=r"PostgreSQL 16, this checkout brings 18. `make reset`"), embedded.ensure(tmp_path):
        pass
    assert (tmp_path / "postgres" / "PG_VERSION").exists()


def test_addresses_given_by_the_environment_win(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://site@db/site")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://owner@db/site")
    monkeypatch.setenv("REDIS_URL", "redis://cache/0")
    with embedded.ensure(tmp_path):
        assert os.environ["DATABASE_URL"] == "postgres://site@db/site"
    assert os.environ["REDIS_URL"] == "redis://cache/0"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_one_role_alone_is_refused_in_a_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setenv(name, "postgres://somebody@db/site")
    with pytest.raises(embedded.Unavailable, match=f"^{name} is set but .* is not: set both .* or neither"), embedded.ensure(tmp_path):
        pass


def test_production_never_starts_a_database_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("DEVELOPMENT", "off")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with pytest.raises(embedded.Unavailable, match="DATABASE_URL is not set"), embedded.ensure(tmp_path):
        pass
    assert not list(tmp_path.iterdir())


def test_vacated_keeps_newcomers_out(var):
    with embedded.vacated(var) as nobody_there:
        assert nobody_there
        with (var / "run" / "postgres.users").open() as newcomer, pytest.raises(BlockingIOError):
            fcntl.flock(newcomer, fcntl.LOCK_SH | fcntl.LOCK_NB)
    with embedded.ensure(var), embedded.vacated(var) as nobody_there:
        assert not nobody_there
