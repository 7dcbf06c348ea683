"""The sheet for browsers without light-dark(): iOS before 17.5, Chrome before 123, Firefox before 120.

They read an unknown function as no value at all, so they get every token again with its light value only.
`python -m web.fallback` writes static/css/fallback.css from tokens.css; a test says when it is out of date.
"""

import re
from pathlib import Path

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
_PAIR = re.compile(r"light-dark\(([^,()]+),[^()]+\)")
_TOKEN = re.compile(r"(--[\w-]+:[^;]*light-dark\([^;]*;)")


def sheet(tokens: str) -> str:
    lines = "\n".join("      " + _PAIR.sub(r"\1", token) for token in _TOKEN.findall(tokens))
    return (
        "/* Written by `python -m web.fallback` from tokens.css: change that file, not this one. */\n"
        "@supports not (color: light-dark(#000, #fff)) {\n"
        "  @layer tokens {\n"
        "    :root {\n"
        "      color-scheme: light;\n"
        f"{lines}\n"
        "    }\n"
        "  }\n"
        "}\n"
    )


if __name__ == "__main__":
    (CSS / "fallback.css").write_text(sheet((CSS / "tokens.css").read_text()))
