"""Make `.venv` and install the pinned packages; quick when nothing has changed.

    python3 marketplace/environment.py        what the site needs
    python3 marketplace/environment.py dev    and what the tests need

Runs before anything is installed, on whatever `python3` is: the standard library only, and no syntax that an old
Python could not read, so that it can say in a sentence what is missing.
"""

import fcntl
import hashlib
import importlib.util
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
OLDEST = (3, 11)
FILES = {"run": ["requirements.txt"], "dev": ["requirements.txt", "requirements-dev.txt"]}


def main(kind):
    if sys.version_info < OLDEST:
        version = sys.version.split()[0]
        return f"Plumbline needs Python 3.11 or newer and this is {version}: install one and name it, as in `make run PYTHON=python3.11`."
    # Two makes at once in a fresh clone: the second waits, then finds the work done.
    fcntl.flock(os.open(ROOT, os.O_RDONLY), fcntl.LOCK_EX)
    if not usable():
        if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
            return "This Python cannot make virtual environments: install them (`apt install python3-venv`) and run make again."
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if made.returncode:
            return f"The virtual environment could not be made in {VENV}: {made.stdout.decode(errors='replace').strip()}"
    if installed(kind):
        return None

    began = time.monotonic()
    print("Downloading and installing packages (some 250 MB the first time) ...", flush=True)
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input", "-r", FILES[kind][-1]]
    if subprocess.run(pip, cwd=ROOT).returncode:
        return "The packages could not be installed; what pip says stands above. The next make tries again."
    for done in FILES if kind == "dev" else [kind]:
        with open(stamp(done), "w") as file:
            file.write(wanted(done))
    print(f"Packages ready in {time.monotonic() - began:.1f} s.", flush=True)
    return None


def usable():
    """Is there an environment whose Python still runs? (A system upgrade may have taken it away.)"""
    try:
        return subprocess.run([PYTHON, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def installed(kind):
    try:
        with open(stamp(kind)) as file:
            return file.read() == wanted(kind)
    except OSError:
        return False


def stamp(kind):
    return os.path.join(VENV, f"installed-{kind}")


def wanted(kind):
    content = hashlib.sha256()
    for name in FILES[kind]:
        with open(os.path.join(ROOT, name), "rb") as file:
            content.update(file.read())
    return content.hexdigest()


if __name__ == "__main__":
    sys.exit(main("dev" if sys.argv[1:] == ["dev"] else "run"))
