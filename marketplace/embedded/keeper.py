"""The process that is the parent of one server and lives exactly as long as somebody uses it.

Started by `lease`, in a session of its own. It looks four times a second: are there users left? If not - they left, or
were killed - it stops the server and ends. A server that crashed is started again on the same port; one that somebody
stopped on purpose ends its keeper, and the next user starts both anew. Should the keeper itself be killed, Linux stops
the server (elsewhere the next keeper does).
"""

import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

from . import system
from .postgres import Postgres
from .server import Unavailable, ended, wait_until, write_state
from .valkey import Valkey

LOOK = 0.25
START = 300  # seconds; recovery after a crash may have much to read
ATTEMPTS = 6


class Keeper:
    def __init__(self, server):
        self.server = server
        self.port = None
        self.process = None

    def start(self):
        self.server.prepare()
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(0.5)  # what a killed server leaves behind (its children, its port) goes within a second
            self.port = self.server.remembered_port()
            if self._attempt():
                self.server.furnish(self.port)
                self.server.port_file.write_text(str(self.port))
                write_state(self.state_file, pid=os.getpid(), port=self.port)
                return
        raise Unavailable(f"{self.server.name} does not start on port {self.port}: {self.server.last_words()} (log: {self.server.log})")

    def _attempt(self):
        with system.fresh_log(self.server.log) as log:
            try:
                self.process = subprocess.Popen(
                    self.server.command(self.port),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    preexec_fn=partial(system.die_with_parent, self.server.stop_signal, os.getpid()),
                    **self.server.popen_options(),
                )
            except PermissionError as error:
                raise Unavailable(f"{self.server.name} may not be run from this directory: {error}.") from None
        wait_until(lambda: self.process.poll() is not None or self.server.answers(self.port, self.process.pid), START)
        return self.process.poll() is None

    def keep(self, users):
        """Return when nobody uses the server any more or when it was stopped on purpose."""
        while not system.lock(users, fcntl.LOCK_EX):
            time.sleep(LOOK)
            code = self.process.poll()
            if code == 0:
                return
            if code is not None:
                print(f"{self.server.name} ended with {code}; starting it again", file=sys.stderr)
                self.start()

    def stop(self):
        for signum, seconds in ((self.server.stop_signal, 6), (signal.SIGQUIT, 1), (signal.SIGKILL, 5)):
            if self.process is None or self.process.poll() is not None:
                break
            self.process.send_signal(signum)
            ended(self.process, seconds)
        self.state_file.unlink(missing_ok=True)

    @property
    def state_file(self):
        return self.server.run / f"{self.server.name}.json"


class Dismissed(Exception):
    """The last user asks the keeper to end now."""


def dismiss(signum, frame):
    raise Dismissed


def main(name, var, guard):
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, dismiss)

    keeper = Keeper({server.name: server for server in (Postgres, Valkey)}[name](Path(var)))
    with (keeper.server.run / f"{name}.users").open("a") as users:
        try:
            keeper.start()
            say(port=keeper.port)
            keeper.keep(users)
        except Unavailable as error:
            print(error, file=sys.stderr)
            say(sentence=str(error))
        except Dismissed:
            pass
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            keeper.stop()
            os.close(int(guard))  # before the users' lock: a newcomer then finds no keeper


def say(**words):
    """The one line the starter waits for; it may have been killed meanwhile."""
    try:
        os.write(1, json.dumps(words).encode() + b"\n")
    except BrokenPipeError:
        pass
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
