"""What homeowners read, collected for translation: from the code, the templates and the bundled catalogue.

    python -m tests.spanish      brings locale/es up to date and says what is not translated yet

Pros and staff read English, so their pages are left out. A test holds that nothing is missing and that django.mo was made of django.po.
"""

import ast
import json
import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation import trans_real
from django.utils.translation.template import templatize

from catalog.words import CONTEXT

ROOT = Path(__file__).resolve().parent.parent
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)
FILES = ROOT / "locale" / "es" / "LC_MESSAGES"
MODULES = """
    accounts/area_words.py accounts/checks.py accounts/contact_data.py accounts/homeowners.py accounts/models.py
    api/webhooks/heard.py catalog/guide.py
    core/errors.py core/pictures.py credits/stopping.py leads/choice.py leads/consent.py leads/correcting.py leads/hiring.py leads/intake.py
    leads/links.py leads/masking.py leads/models/*.py leads/phone_check.py leads/photos.py leads/replacing.py leads/revealing.py
    leads/reviews.py leads/sight.py leads/unlisted/*.py leads/waiting.py leads/withdrawal.py web/forms/*.py web/homeowners/*.py
    web/reviews.py web/site.py web/templatetags/plumbline.py
"""
TEMPLATES = """
    *.html core/*.html django/**/*.html homeowners/**/*.html legal/*.html messages/base.html messages/homeowner.* messages/names.txt
    messages/phone_code/* parts/**/*.html
"""
TO_HOMEOWNERS = '{% extends "messages/homeowner.html" %}'

# What is asked for where a homeowner's language may be in force, and has no Spanish.
STAYS_ENGLISH = {
    # Pros read it, in a notice or a record of what their homeowner did
    "Call Lead Within 30 Minutes",
    "Follow Up That Week",
    "Send An Email",
    "The homeowner stopped all contact before you could speak.",
    # Every language is named in itself
    "Español",
}

# What a call says: (context, one, many) by the places of its arguments.
CALLS = {"gettext": (None, 0, None), "ngettext": (None, 0, 1), "pgettext": (0, 1, None), "npgettext": (0, 1, 2)}
CALLS |= {f"{name}_lazy": places for name, places in CALLS.items()} | {"_": CALLS["gettext"], "_now": CALLS["gettext"]}
A_CALL = re.compile(r"\b(?:_|n?p?gettext)\(")


def collected() -> Catalog:
    """Everything a homeowner may read, each with the files it stands in, without translations."""
    header = "# Spanish for homeowners. Brought up to date by: python -m tests.spanish"
    found = Catalog(locale="es", project="Plumbline", version="1", header_comment=header, fuzzy=False)
    for path in _paths(ROOT, MODULES):
        _add(found, path, _calls(ast.parse(path.read_text(encoding="utf-8"))))
    for path in [*_paths(ROOT / "templates", TEMPLATES), *_letters()]:
        source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        for match in A_CALL.finditer(source):
            _add(found, path, _calls(_call_at(source, match.start())))
    trades = [json.loads(path.read_text(encoding="utf-8")) for path in _paths(ROOT, "catalog/data/services/*.json")]
    for text in sorted(set(_texts(trades))):
        found.add(text, context=CONTEXT, locations=[("catalog/data/services", 0)])
    return found


def written() -> Catalog:
    """The translations as they are kept in the file."""
    path = FILES / "django.po"
    return read_po(BytesIO(path.read_bytes() if path.exists() else b""), locale="es")


def up_to_date() -> Catalog:
    """What is collected, with the translations that are kept."""
    found, kept = collected(), written()
    for message in found:
        known = kept.get(message.id if isinstance(message.id, str) else message.id[0], message.context) if message.id else None
        if known and known.id == message.id:
            message.string = known.string
    return found


def missing(catalog) -> list:
    """What of it is not translated."""
    return [message.id for message in catalog if message.id and not (all(message.string) if message.pluralizable else message.string)]


def as_po(catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalog, width=140, sort_output=True, include_lineno=False, omit_header=False, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not re.match(r'"(POT-Creation|PO-Revision|Generated-By|Last-Trans|Report)', line)).encode()


def as_mo(catalog) -> bytes:
    """The same of the same catalogue, whenever it is made."""
    catalog.creation_date = catalog.revision_date = ALWAYS
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


class Unknown:
    """What was asked for in Spanish and has none: `watched` puts it where Django looks last."""

    def __init__(self, english):
        self.english, self.texts = english, set()

    @classmethod
    def watched(cls, monkeypatch):
        spanish = trans_real.translation("es")
        watching = cls(spanish._fallback)
        monkeypatch.setattr(spanish, "_fallback", watching)
        return watching

    def gettext(self, text):
        self.texts.add(text)
        return self.english.gettext(text)

    def ngettext(self, one, many, number):
        self.texts.add(one)
        return self.english.ngettext(one, many, number)


def _paths(root, patterns):
    return sorted(path for pattern in patterns.split() for path in root.glob(pattern))


def _letters():
    """The templates of the notices that homeowners get."""
    bodies = (ROOT / "templates" / "messages").glob("*/body.html")
    kinds = [path.parent for path in bodies if TO_HOMEOWNERS in path.read_text(encoding="utf-8")]
    return sorted(path for kind in kinds for path in kind.iterdir())


def _calls(tree):
    """(context, one, many) of every call in the tree that asks for a translation of plain text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", ""))) in CALLS:
            said = [None if place is None or place >= len(node.args) else node.args[place] for place in CALLS[name]]
            texts = [text.value if isinstance(text, ast.Constant) else None for text in said]
            if texts[1]:
                yield texts


def _call_at(source, start):
    """The call that begins there, as a tree: what stands around it is no Python."""
    end = source.index(")", start)
    while True:
        try:
            return ast.parse(source[start : end + 1], mode="eval")
        except SyntaxError:
            end = source.index(")", end + 1)


def _add(catalog, path, texts):
    where = [(str(path.relative_to(ROOT)), 0)]
    for context, one, many in texts:
        catalog.add((one, many) if many else one, context=context, locations=where)


def _texts(data, key=""):
    """What is read of the bundled catalogue: names, questions, hints, answers, units, what a price is for."""
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _texts(value, name)
    elif isinstance(data, list | tuple):
        for value in data:
            yield from _texts(value, key)
    elif isinstance(data, str) and data and key in ("name", "text", "help", "label", "unit"):
        yield data


if __name__ == "__main__":
    FILES.mkdir(parents=True, exist_ok=True)
    now = up_to_date()
    (FILES / "django.po").write_bytes(as_po(now))
    (FILES / "django.mo").write_bytes(as_mo(now))
    open_still = missing(now)
    print(f"{len(now)} texts, {len(open_still)} not translated yet.")
