"""What a contractor offers, by the classes of its licence and the permits it has held. Pure.

A classification names classes, several of them separated by ";" or "|", some with the number of permits behind:
"General Contractor (Class E); General (12); Electrical (2)", "C-10|C-46". Data/licences.toml says what each class offers.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "licences.toml"
BRACKETS = re.compile(r"\s*\([^)]*\)")


def services_of(classification: str) -> list[str]:
    """Codes of the services offered, each once, in the order of the classes. A class that is not listed adds nothing."""
    offered = {}
    for name in re.split(r"[;|]", classification):
        for service in classes().get(BRACKETS.sub("", name).strip(), ()):
            offered[service] = True
    return list(offered)


def unknown_classes(classification: str) -> list[str]:
    """The classes nothing is known of: those services_of passes over."""
    names = (BRACKETS.sub("", name).strip() for name in re.split(r"[;|]", classification))
    return [name for name in names if name and name not in classes()]


@cache
def classes() -> dict[str, list[str]]:
    """Class -> the services its holder offers."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    named = data["classes"] | data["cslb"]
    return {name: [service for group in groups for service in data["groups"][group]] for name, groups in named.items()}
