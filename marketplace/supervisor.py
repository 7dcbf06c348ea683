"""The processes of the site - web, worker, beat - as one: their lines together, their end together.

The supervisor leads a process group of its own in which all of them live, the children of children too. It holds one
end of a pipe whose other end is `make run`'s: when that process is gone, by whatever signal, the pipe says so. It then
asks each process to end, and last it kills the group, itself included, so that nothing can stay behind.
"""

import fcntl
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from marketplace.embedded import system

VAR = Path(__file__).resolve().parents[1] / "var"
PATIENCE = 4  # seconds between "please" and SIGKILL
SHORT_LIFE = 10  # seconds; what fails sooner would only fail again


def commands(port):
    python = [sys.executable, "-m"]
    # Root is warned of pickled tasks, whatever they are written in; ours are JSON.
    celery = [sys.executable, "-W", "ignore:You're running the worker with superuser", "-m", "celery", "--quiet", "-A", "marketplace"]
    return {
        "web": [
            *python, "gunicorn", "marketplace.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2",
            "--threads", "4", "--graceful-timeout", "3", "--no-control-socket", "--log-level", "warning",
        ],
        "worker": [
            *celery, "worker", "--concurrency", "4", "--include", "marketplace.mortal_pool", "--without-mingle", "--without-gossip",
            "--loglevel", "warning",
        ],
        "beat": [*celery, "beat", "--schedule", str(VAR / "celerybeat-schedule"), "--pidfile", "", "--loglevel", "warning"],
    }  # fmt: skip


class Ended(Exception):
    """It is time to stop; the argument says why."""


class Supervisor:
    """Runs the named commands until the lifeline on standard input is cut or one of them cannot be kept alive."""

    def __init__(self, named, log):
        self.named = named
        self.log = log
        self.width = max(map(len, named))
        self.processes = {}
        self.started = {}
        self.unfinished = dict.fromkeys(named, b"")  # the beginning of a line whose end is not written yet

    def run(self):
        try:
            for name in self.named:
                self.start(name)
            self.watch()
        except Ended as why:
            self.say("site", str(why))
        finally:
            self.stop()

    def start(self, name):
        process = subprocess.Popen(
            self.named[name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=partial(system.die_with_parent, signal.SIGKILL, os.getpid()),
        )
        os.set_blocking(process.stdout.fileno(), False)
        self.processes[name] = process
        self.started[name] = time.monotonic()

    def watch(self):
        """Pass on the lines; start again what was killed."""
        while True:
            pipes = {process.stdout.fileno(): name for name, process in self.processes.items()}
            readable, _, _ = select.select([0, *pipes], [], [], 1)
            if 0 in readable:
                raise Ended("stopping")
            for name, process in self.processes.items():
                self.pass_on(name)
                code = process.poll()
                if code is None:
                    continue
                if code > 0 and time.monotonic() - self.started[name] < SHORT_LIFE:
                    raise Ended(f"{name} ended with code {code} as soon as it was started; stopping")
                self.say("site", f"{name} ended with code {code}; starting it again")
                process.stdout.close()
                self.start(name)

    def pass_on(self, name):
        """Print the lines a process has written since the last look."""
        written = self.processes[name].stdout.read() or b""
        *lines, self.unfinished[name] = (self.unfinished[name] + written).split(b"\n")
        for line in lines:
            self.say(name, line.decode(errors="replace"))

    def say(self, name, line):
        text = f"{name:<{self.width}} | {line}\n"
        self.log.write(text.encode())
        with suppress(OSError):  # the terminal may be gone; the log stays
            os.write(1, text.encode())

    def stop(self):
        for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)
        deadline = time.monotonic() + PATIENCE
        for process in self.processes.values():
            process.terminate()
        while any(process.poll() is None for process in self.processes.values()) and time.monotonic() < deadline:
            for name in self.processes:
                self.pass_on(name)
            time.sleep(0.05)
        os.killpg(0, signal.SIGKILL)


def main(port):
    def asked(signum, frame):
        raise Ended("stopping")

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, asked)
    with (VAR / "run" / "supervisor.lock").open("a") as alive:  # see run.the_only_site
        fcntl.flock(alive, fcntl.LOCK_EX)
        os.environ["PYTHONUNBUFFERED"] = "1"
        Supervisor(commands(port), system.fresh_log(VAR / "log" / "site.log")).run()


if __name__ == "__main__":
    main(sys.argv[1])
