"""The little that is asked of the operating system: ports, locks, names of processes, dying with a parent."""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(signum=signal.SIGTERM, parent=None):
    """Ask Linux to send this process `signum` when its parent dies. Elsewhere it does nothing.

    The wish is bound to the *thread* that started the process, so start such processes from the main thread.
    `parent` is the expected parent: one that died before the wish was heard is noticed here.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), signum)


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def lock(handle, how):
    """Take the lock without waiting; False when another holds it."""
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def lock_is_free(path):
    if not path.exists():
        return True
    with path.open("a") as handle:
        return lock(handle, fcntl.LOCK_EX)


def command_line(pid):
    """What a process was started as, or "" when there is no such process."""
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    return subprocess.run(["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def fresh_log(path):
    """Open a log for this start; that of the start before is kept beside it as `.old`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.replace(path.with_name(path.name + ".old"))
    return path.open("wb", buffering=0)
