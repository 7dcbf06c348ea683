"""`make run`: the servers, the migrations, the demo, then the site, until Ctrl-C. `--only-prepare` ends before the site.

Promises: whatever ends this process, nothing of it is left running ten seconds later, and the next start finds all data.
Ctrl-C, SIGTERM, a closed terminal and the death of `make` end it in order; after a `kill -9` the supervisor and the
keepers notice that it is gone (see `supervisor` and `embedded.keeper`).
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from functools import partial

from marketplace import embedded
from marketplace.embedded import system
from marketplace.embedded.server import wait_until

say = partial(print, flush=True)

ADDRESSES = """
Plumbline answers, {seconds:.1f} s after the start.

  The marketplaces    http://localhost:{port}/
  Craftyard           http://craftyard.localhost:{port}/
  Hearthline          http://hearthline.localhost:{port}/
  E-mail and SMS      http://craftyard.localhost:{port}/dev/outbox/
  Telephones          http://craftyard.localhost:{port}/dev/phone/
  Administration      http://localhost:{port}/admin/
{logins}
  Data                {data}
  Logs                {var}/log/
  Start afresh        make reset
  Stop                Ctrl-C
"""


def main(only_prepare=False):
    began = time.monotonic()
    stop_in_order()
    try:
        embedded.read_env()
        if only_prepare:
            with embedded.ensure():
                prepare(began)
            return None
        with the_only_site():
            port = port_asked_for()
            with embedded.ensure():
                prepare(began)
                return serve(port, began)
    except embedded.Unavailable as error:
        return str(error)
    except KeyboardInterrupt:
        say("\nStopped. The data is kept.")
        return None


def stop_in_order():
    """Turn every polite wish to stop into KeyboardInterrupt, once; the death of `make` is such a wish."""
    wishes = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(signum, frame):
        for wish in wishes:
            signal.signal(wish, signal.SIG_IGN)
        raise KeyboardInterrupt

    for wish in wishes:
        signal.signal(wish, stop)
    system.die_with_parent(signal.SIGTERM)


@contextmanager
def the_only_site(var=embedded.VAR):
    """One site per checkout: two would share one database and ring each other's bells."""
    var.joinpath("run").mkdir(parents=True, exist_ok=True)
    with var.joinpath("run", "site.lock").open("a") as handle:
        if not system.lock(handle, fcntl.LOCK_EX):
            raise embedded.Unavailable("The site of this checkout is running already: use it, or stop it with Ctrl-C where it was started.")
        # After a kill -9 the site before may take a few seconds more to end.
        wait_until(partial(system.lock_is_free, var / "run" / "supervisor.lock"), 8)
        yield


def port_asked_for():
    """The port asked for, in the environment too, where the settings and the demo look for it."""
    port = os.environ.setdefault("PORT", "8000")
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise embedded.Unavailable(f"PORT={port} is no port: take a number from 1024 to 65535, as in `make run PORT=8001`.")
    if not system.port_is_free(int(port)):
        raise embedded.Unavailable(f"Port {port} is taken. Choose another, as in `make run PORT={int(port) % 65535 + 1}`.")
    return int(port)


def prepare(began):
    say(f"Servers ready after {time.monotonic() - began:.1f} s.")
    manage("migrate", "--verbosity", "0", "--skip-checks")  # the next command checks
    say(f"Database migrated after {time.monotonic() - began:.1f} s.")
    manage("demo")
    say(f"Demo ready after {time.monotonic() - began:.1f} s.")


def manage(*command):
    done = subprocess.run([sys.executable, "manage.py", *command], cwd=embedded.ROOT, preexec_fn=system.die_with_parent, check=False)
    if done.returncode:
        raise embedded.Unavailable(f"`manage.py {command[0]}` failed; what it says stands above.")


def serve(port, began):
    """Run the site until it ends or is told to; say where it is as soon as it answers."""
    supervisor = subprocess.Popen(
        [sys.executable, "-m", "marketplace.supervisor", str(port)],
        cwd=embedded.ROOT,
        stdin=subprocess.PIPE,  # the lifeline: closed by our end, however it comes
        start_new_session=True,  # a Ctrl-C is for us alone
    )
    try:
        while supervisor.poll() is None and not answers(port):
            time.sleep(0.1)
        if supervisor.poll() is None:
            say(welcome(port, time.monotonic() - began))
        supervisor.wait()
        return f"The site has ended by itself; see the lines above and {embedded.VAR / 'log' / 'site.log'}."
    finally:
        supervisor.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            supervisor.wait(8)
        with suppress(ProcessLookupError):
            os.killpg(supervisor.pid, signal.SIGKILL)


def answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


def welcome(port, seconds):
    logins = embedded.VAR / "logins.txt"
    host = os.environ["DATABASE_URL"].rpartition("@")[2]
    return ADDRESSES.format(
        port=port,
        seconds=seconds,
        var=embedded.VAR,
        data=f"{embedded.VAR}/postgres/ (postgres://{host})" if host.startswith("127.0.0.1") else f"postgres://{host}",
        logins="\n" + logins.read_text().rstrip() + "\n" if logins.exists() else "",
    )


if __name__ == "__main__":
    sys.exit(main(only_prepare="--only-prepare" in sys.argv[1:]))
