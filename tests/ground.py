"""Loaded before Django: the tests run on the same embedded servers as the site, in databases of their own."""

import atexit
import os
from contextlib import ExitStack

from marketplace import embedded

if not os.environ.get("DATABASE_URL"):
    _servers = ExitStack()
    _servers.enter_context(embedded.ensure())
    atexit.register(_servers.close)
