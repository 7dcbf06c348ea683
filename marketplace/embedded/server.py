"""What the keeper has to know of a server, whichever it is."""

import json
import signal
import subprocess
import time

from . import system


class Unavailable(Exception):
    """The servers cannot be had; the message is a sentence for the user that says what to do."""


class Server:
    """One embedded server with its files under `var`: how to prepare, start, question and stop it."""

    name = ""
    stop_signal = signal.SIGTERM

    def __init__(self, var):
        self.var = var
        self.run = var / "run"
        self.log = var / "log" / f"{self.name}.log"

    # What differs.

    def prepare(self):
        """Make the data directory fit to be started; raise Unavailable when it is not."""

    def command(self, port):
        raise NotImplementedError

    def popen_options(self):
        return {}

    def answers(self, port, pid):
        """Is process `pid`, and no other, ready on `port`?"""
        raise NotImplementedError

    def furnish(self, port):
        """After each start: make what users of the server count on."""

    def addresses(self, port):
        """The environment variables a user of this server needs."""
        raise NotImplementedError

    # What is the same.

    @property
    def port_file(self):
        return self.run / f"{self.name}.port"

    def remembered_port(self):
        """The port of the last start if it is still free, else another."""
        try:
            port = int(self.port_file.read_text())
        except (OSError, ValueError):
            return system.free_port()
        return port if system.port_is_free(port) else system.free_port()

    def last_words(self):
        try:
            lines = self.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1] if lines else "its log is empty"


def write_state(path, **state):
    """Replace a small JSON file in one step, so that a reader sees the old one or the new one."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps(state))
    draft.replace(path)


def wait_until(condition, seconds):
    """True as soon as the condition holds, False if it does not within the time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def ended(process, seconds):
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True
