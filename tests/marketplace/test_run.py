"""`make run` and its kin: one site per checkout, sentences instead of tracebacks, nothing left behind."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace import embedded, environment, reset, run
from marketplace.embedded.server import wait_until

# A stand-in for the site. Each process has a child that would outlive it, and notes who they are.
SITE = """
import sys
from marketplace.supervisor import Supervisor
stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
parent = f'''
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {stubborn!r}])
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(60)
'''
commands = {"web": [sys.executable, "-c", parent], "worker": [sys.executable, "-c", sys.argv[2] if len(sys.argv) > 2 else parent]}
Supervisor(commands, open(sys.argv[1], "wb", buffering=0)).run()
"""


class Site:
    def __init__(self, log, *worker):
        self.log = log
        self.process = subprocess.Popen(
            [sys.executable, "-c", SITE, str(log), *worker],
            cwd=embedded.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def lines(self):
        return self.log.read_text().splitlines() if self.log.exists() else []

    def pids(self):
        return [int(word) for line in self.lines() if " pids " in line for word in line.split("pids")[1].split()]

    def started(self, count):
        return wait_until(lambda: len(self.pids()) >= count, 10)

    def gone(self):
        return wait_until(lambda: not any(alive(pid) for pid in [*self.pids(), self.process.pid]), 10)

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.process.stdin.close()
        self.process.wait(10)


def alive(pid):
    """Running, that is: not a zombie that only its parent has yet to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def test_a_cut_lifeline_ends_the_whole_tree(tmp_path):
    with Site(tmp_path / "log") as site:
        assert site.started(4)
        site.process.stdin.close()
        site.process.wait(10)
        assert site.gone()


def test_a_killed_supervisor_takes_its_processes_along(tmp_path):
    with Site(tmp_path / "log") as site:
        assert site.started(4)
        parents = site.pids()[::2]
        site.process.kill()
        assert wait_until(lambda: not any(map(alive, parents)), 5)
        os.killpg(site.process.pid, signal.SIGKILL)  # as `make run` does when its supervisor ends
        assert site.gone()


def test_a_killed_process_is_started_again(tmp_path):
    with Site(tmp_path / "log") as site:
        assert site.started(4)
        os.kill(next(int(line.split()[-2]) for line in site.lines() if line.startswith("worker")), signal.SIGKILL)
        assert site.started(6)
        assert "site   | worker ended with code -9; starting it again" in site.lines()


def test_a_process_that_cannot_start_ends_the_site(tmp_path):
    with Site(tmp_path / "log", "import sys; sys.exit('no such thing')") as site:
        site.process.wait(10)
        assert "worker | no such thing" in site.lines()
        assert site.lines()[-1].startswith("site   | worker ended with code 1 as soon as it was started")
        assert site.gone()


def test_lines_are_passed_on_whole(tmp_path):
    halves = "import sys, time; sys.stdout.write('one '); sys.stdout.flush(); time.sleep(.3); print('line'); time.sleep(60)"
    with Site(tmp_path / "log", halves) as site:
        assert wait_until(lambda: "worker | one line" in site.lines(), 10)


def test_a_second_site_in_the_same_checkout_is_refused(tmp_path):
    with run.the_only_site(tmp_path), pytest.raises(embedded.Unavailable, match="running already"), run.the_only_site(tmp_path):
        pass


def test_a_taken_port_is_refused_with_the_way_out(monkeypatch):
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", 0))
        stranger.listen()
        port = stranger.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))
        with pytest.raises(embedded.Unavailable, match=f"Port {port} is taken. Choose another, as in `make run PORT="):
            run.port_asked_for()


@pytest.mark.parametrize("port", ["web", "0", "70000", "-1", ""])
def test_what_is_no_port_is_refused(port, monkeypatch):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(embedded.Unavailable, match="is no port"):
        run.port_asked_for()


def test_reset_deletes_data_and_logs_and_keeps_the_locks(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(embedded, "read_env", lambda: None)
    for name in ("postgres/base/1", "log/site.log", "logins.txt", "run/postgres.users"):
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text("")
    assert reset.main(tmp_path) is None
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_reset_refuses_beside_a_running_site(tmp_path):
    (tmp_path / "logins.txt").write_text("")
    with run.the_only_site(tmp_path):
        assert "running already" in reset.main(tmp_path)
    assert (tmp_path / "logins.txt").exists()


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    assert "needs Python 3.11 or newer" in environment.main("run")


def test_without_venv_the_package_is_named(monkeypatch):
    monkeypatch.setattr(environment, "usable", lambda: False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "ensurepip" else True)
    assert "apt install python3-venv" in environment.main("run")


def test_manage_says_in_a_sentence_what_is_missing(monkeypatch):
    environ = {**os.environ, "DATABASE_URL": "postgres://site@db/site"}
    environ.pop("DATABASE_OWNER_URL", None)
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=embedded.ROOT, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_URL is set but DATABASE_OWNER_URL is not") and done.stderr.count("\n") == 1
