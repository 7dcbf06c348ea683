"""How many processes share one server: each holds a lease, and the kernel counts them.

A lease is a shared lock (flock) on `var/run/<server>.users`. The kernel gives it back when its process ends, even by
`kill -9`, so no list of users can go stale. Who wants the users gone - the keeper before it stops the server, `make
reset` before it deletes - takes the same lock exclusively: while it is held, newcomers wait.

The server's parent is not a user but a keeper (see `keeper`), so the process that happened to come first may leave
first. A keeper holds `<server>.keeper` as long as it lives; its first user takes that lock and hands it down.
`<server>.start` lets one process at a time look and start.
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import system
from .server import Unavailable, ended, wait_until

PROJECT = Path(__file__).resolve().parents[2]


class Lease:
    """`with Lease(server) as lease:` the server answers on `lease.port`."""

    def __init__(self, server):
        self.server = server
        self.port = None
        self._users = None
        self._keeper = None  # the process, if this lease started it

    def __enter__(self):
        self._users = self._open("users")
        _forget_in_forks(self._users)
        fcntl.flock(self._users, fcntl.LOCK_SH)  # waits while a keeper is stopping the server
        try:
            with self._open("start") as start:
                fcntl.flock(start, fcntl.LOCK_EX)
                with self._open("keeper") as keeper:
                    state = self._start(keeper) if system.lock(keeper, fcntl.LOCK_EX) else self._state()
        except BaseException:
            self._users.close()
            raise
        self.port = state["port"]
        return self

    def __exit__(self, *exc):
        # The last to leave turns off the light, and keeps newcomers out until it is dark.
        if system.lock(self._users, fcntl.LOCK_EX):
            self._dismiss()
        self._users.close()

    def clear(self):
        """Take the server away from nobody: True with the users' lock held exclusively and no keeper left, else False."""
        self._users = self._open("users")
        if not system.lock(self._users, fcntl.LOCK_EX):
            self._users.close()
            return False
        self._dismiss()
        return True

    def release(self):
        self._users.close()

    # The keeper.

    def _start(self, guard):
        self._state_file.unlink(missing_ok=True)
        with system.fresh_log(self.server.var / "log" / f"{self.server.name}-keeper.log") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, "-m", "marketplace.embedded.keeper", self.server.name, str(self.server.var), str(guard.fileno())],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # a Ctrl-C is for the users
                pass_fds=[guard.fileno()],
            )
        with self._keeper.stdout as words:
            first = words.readline()
        if not first:
            raise Unavailable(f"{self.server.name} did not start, and its keeper did not say why: see {log.name}.")
        state = json.loads(first)
        if "sentence" in state:
            self._keeper.wait()
            raise Unavailable(state["sentence"])
        return state

    def _dismiss(self):
        """Stop the keeper, if there is one, and wait for its end. Nobody else holds a lease."""
        with self._open("keeper") as keeper:
            if not system.lock(keeper, fcntl.LOCK_EX):
                try:
                    os.kill(self._state()["pid"], signal.SIGTERM)
                except (Unavailable, ProcessLookupError):
                    pass  # just starting or just ending: it looks for its users by itself
                wait_until(lambda: system.lock(keeper, fcntl.LOCK_EX), 15)
        if self._keeper is not None:
            ended(self._keeper, 5)  # leaves no zombie

    # Its files.

    @property
    def _state_file(self):
        return self.server.run / f"{self.server.name}.json"

    def _state(self):
        try:
            return json.loads(self._state_file.read_text())
        except FileNotFoundError:
            raise Unavailable(f"{self.server.name} is just stopping or was disturbed while starting: try again.") from None

    def _open(self, what):
        try:
            self.server.run.mkdir(parents=True, exist_ok=True)
            return (self.server.run / f"{self.server.name}.{what}").open("a")
        except PermissionError:
            raise Unavailable(f"{self.server.var} belongs to another user: run as that user, or remove it as that user.") from None


def _forget_in_forks(handle):
    """A forked child shares its parent's lock: let go of it there, so that the lease ends with the parent."""
    os.register_at_fork(after_in_child=handle.close)
