"""Gates of the look: weight of the sheets, a strict Content-Security-Policy, icons that exist, fonts that are made."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from web import fallback, fonts

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "messages" not in path.relative_to(ROOT / "templates").parts[:1]]


def test_all_sheets_together_are_under_12_kb():
    assert sum(len(gzip.compress(sheet.read_bytes())) for sheet in (ROOT / "static/css").glob("*.css")) < 12_000


def test_the_sheet_for_old_browsers_is_up_to_date():
    tokens = (fallback.CSS / "tokens.css").read_text()
    assert (fallback.CSS / "fallback.css").read_text() == fallback.sheet(tokens), "run: python -m web.fallback"
    assert "light-dark(" not in fallback.sheet(tokens).split("{", 1)[1]
    assert "light-dark(" not in (fallback.CSS / "components.css").read_text(), "make it a token: the fallback reads tokens.css only"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_page_has_no_inline_style_script_or_handler(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text())
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)


def test_every_icon_is_in_the_sprite():
    drawn = set(re.findall(r'<symbol id="(\w+)"', (ROOT / "static/icons/sprite.svg").read_text()))
    asked = {name for path in TEMPLATES for name in re.findall(r'{% icon "(\w+)"', path.read_text())}
    asked |= {name for path in TEMPLATES for name in re.findall(r'\sicon="(\w+)"', path.read_text())}
    assert asked and asked <= drawn


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500"])
def test_error_pages_need_no_context(code):
    html = get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1 and 'href="/"' in html and "brand.css" not in html


def test_fonts_are_made_once_and_served_from_the_cache(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    finder = fonts.FontFinder()
    first = Path(finder.find("fonts/HankenGrotesk-Medium.woff2"))
    assert first.read_bytes()[:4] == b"wOF2" and tmp_path in first.parents
    stamp = first.stat().st_mtime_ns
    assert finder.find("fonts/HankenGrotesk-Medium.woff2", find_all=True) == [str(first)]
    assert first.stat().st_mtime_ns == stamp
    assert [path.name for path in first.parent.iterdir()] == [first.name]


@pytest.mark.parametrize("path", ["fonts/other.woff2", "fonts/../settings.py", "HankenGrotesk-Medium.woff2", "css/tokens.css"])
def test_the_font_finder_finds_nothing_else(path):
    assert fonts.FontFinder().find(path) == []


def test_collectstatic_gets_all_four_weights(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    found = list(fonts.FontFinder().list([]))
    assert [name for name, _ in found] == list(fonts.NAMES)
    assert all(storage.prefix == "fonts" and storage.exists(name) for name, storage in found)
