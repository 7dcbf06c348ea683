"""Serves Hanken Grotesk as WOFF2, made once from the files of the package `font-hanken-grotesk` (OFL).

No font file is committed. `runserver` makes a weight when it is first asked for, `collectstatic` makes all four.
"""

import os
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage

PREFIX = "fonts"
NAMES = tuple(f"HankenGrotesk-{weight}.woff2" for weight in ("Regular", "Medium", "SemiBold", "Bold"))


class FontFinder(BaseFinder):
    def check(self, **kwargs) -> list:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs) -> str | list[str]:
        if kwargs:
            find_all = self._check_deprecated_find_param(find_all=find_all, **kwargs)
        folder, _, name = path.replace(os.sep, "/").rpartition("/")
        if folder != PREFIX or name not in NAMES:
            return []
        found = str(made(name))
        return [found] if find_all else found

    def list(self, ignore_patterns: list[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=_cache())
        storage.prefix = PREFIX
        for name in NAMES:
            if not matches_patterns(f"{PREFIX}/{name}", ignore_patterns):
                made(name)
                yield name, storage


def made(name: str) -> Path:
    """The WOFF2 file of this name; two processes may make it at once, a reader never sees half a file."""
    target = _cache() / name
    if not target.exists():
        from fontTools.ttLib import TTFont  # slow to import, and needed once

        source = Path(find_spec("font_hanken_grotesk").origin).parent / "files" / f"{target.stem}.otf"
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = "woff2"
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=target.parent, suffix=".half")
        with os.fdopen(handle, "wb") as file:
            font.save(file)
        os.chmod(half, 0o644)
        os.replace(half, target)
    return target


def _cache() -> Path:
    return Path(settings.VAR_DIR) / "fonts" / version("font-hanken-grotesk")
