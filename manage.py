#!/usr/bin/env python3
"""Django's commands, with the embedded servers at hand when no others are named.

Beside a running site the commands use the site's servers; alone they start them and stop them at the end.
"""

import os
import sys
from contextlib import nullcontext

WITHOUT_SERVERS = {"help", "version", "--help", "--version", "-h"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
    try:
        from django.core.management import execute_from_command_line

        from marketplace import embedded
    except ImportError as error:
        sys.exit(f"{error}: run `make setup` first, and then .venv/bin/python manage.py.")
    try:
        needs_servers = len(sys.argv) > 1 and sys.argv[1] not in WITHOUT_SERVERS and "--help" not in sys.argv
        with embedded.ensure() if needs_servers else nullcontext():
            execute_from_command_line(sys.argv)
    except embedded.Unavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
