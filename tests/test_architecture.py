"""What DESIGN says about the code, checked on the code: layers, thin edges, names, tenant tables."""

import ast
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from core.tenancy import TenantModel, _CompositeReference

ROOT = Path(settings.BASE_DIR)
PACKAGES = "core notifications catalog accounts billing contact leads credits api web operations marketplace".split()
SOURCES = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts]
TEMPLATES = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantModel)]


def test_imports_keep_their_contracts():
    done = subprocess.run([Path(sys.executable).parent / "lint-imports"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("asked", [["check"], ["format", "--check"]], ids=" ".join)
def test_the_code_keeps_its_form(asked):
    done = subprocess.run([sys.executable, "-m", "ruff", *asked, "."], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", [path for path in SOURCES if path.relative_to(ROOT).parts[0] in ("web", "api")], ids=str)
def test_edges_ask_queries_and_never_models(path):
    asked = [node.lineno for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute) and node.attr == "objects"]
    assert not asked, f"{path} touches .objects in lines {asked}"


def test_no_file_is_named_for_nothing_or_has_two_subjects():
    assert not [path for path in SOURCES if path.stem in ("services", "utils", "helpers", "common", "misc", "manager")]
    assert not [path for path in SOURCES if len(path.read_text().splitlines()) > 450]


def test_domain_code_reads_no_clock():
    """Every use case takes `now`; only edges, tasks and commands know what time it is."""
    packages = ("core", "catalog", "accounts", "billing", "contact", "leads", "credits", "notifications")
    edges = ("tasks", "admin", "channels")  # a channel keeps its provider's clock
    domain = [path for path in SOURCES if path.relative_to(ROOT).parts[0] in packages and not set(edges) & {*path.parts, path.stem}]
    assert not [path for path in domain if "timezone.now()" in path.read_text()]


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_every_tenant_table_stands_behind_both_walls(model, marketplace):
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("select relrowsecurity from pg_class where relname = %s", [table])
        assert cursor.fetchone() == (True,)
        cursor.execute("select count(*) from pg_policies where tablename = %s", [table])
        assert cursor.fetchone()[0] == 1
        for field in model._meta.local_fields:
            if isinstance(field, _CompositeReference):
                cursor.execute(
                    "select pg_get_constraintdef(oid) from pg_constraint where conname = %s and convalidated",
                    [f"{table}_{field.column}_tenant_fk"],
                )
                assert f"(marketplace_id, {field.column})" in cursor.fetchone()[0]


@pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)
def test_the_marketplace_comes_first_in_every_index(model):
    names = [index.fields for index in model._meta.indexes] + [
        constraint.fields for constraint in model._meta.constraints if hasattr(constraint, "fields")
    ]
    assert all(fields[0] == "marketplace" for fields in names if fields)


# What counts as said: comments, words that can be translated, and the blocks that stand inside a tag of the base page.
SAID = re.compile(
    r"{#.*?#}|{% comment.*?{% endcomment %}|{% translate .*?%}|{% blocktranslate.*?{% endblocktranslate %}"
    r"|{% block (?:body_attrs|main_class) %}.*?{% endblock %}",
    re.DOTALL,
)
TAG = re.compile(r"{{.*?}}|{%.*?%}")
# A text in quotes within a tag. What has something before it is no words: compared, the form of a date, a file; or _() has it.
QUOTED = re.compile(r"""(== |!= |date:|static |_\()?(?:"([^"]*)"|'([^']*)')""")
TRADE_NAME = "Plumbline"  # a name reads the same in every language: the logo where no marketplace is in force
HEARD = {"aria-label", "aria-description", "aria-valuetext", "placeholder", "title", "alt", "label"}
HEARD |= {"data-l", "data-copied"}  # the heading of a table's cell on a phone; what the script says when it has copied


class Listener(HTMLParser):
    """Keeps what a person sees or hears of a page: its text, and the attributes a browser shows or reads out."""

    def __init__(self):
        super().__init__()
        self.heard, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in ("script", "style")
        self.heard += [value or "" for name, value in attrs if name in HEARD or name.startswith("data-say")]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style")

    def handle_data(self, data):
        if not self.silent:
            self.heard.append(data)


def bare_words(source):
    listener = Listener()
    listener.feed(TAG.sub("", SAID.sub("", source)))
    listener.close()
    found = [" ".join(text.split()) for text in listener.heard if re.search(r"[^\W\d_]", text)]
    tags = TAG.findall(re.sub(r"{#.*?#}|{% translate .*?%}", "", source))
    quoted = [one or other for tag in tags for before, one, other in QUOTED.findall(tag) if not before]
    # A code ("auto", "parts/logo.html") has neither a capital nor two words.
    return found + [text for text in quoted if re.search(r"\b[A-Z][a-z]|[a-z] [a-z]", text) and text != TRADE_NAME]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_of_a_template_can_be_translated(path):
    assert not bare_words(path.read_text())


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{% load i18n %}<p>{% translate 'Yes' %}, {{ name }} or <b>No</b></p>", [", or", "No"]),
        ("<a title='{% if x %}Open{% endif %}' class='card' href='/go/'>{% blocktranslate %}Go{% endblocktranslate %}</a>", ["Open"]),
        ("{% include 'parts/empty.html' with icon='inbox' text='Nothing here' title=_('None') %}", ["Nothing here"]),
        ("{# Note #}<script>run()</script>{{ day|date:'M j, Y' }} · 24 {% if kind == 'Choice Match' %}!{% endif %}", []),
    ],
)
def test_bare_words_are_heard(source, words):
    assert bare_words(source) == words


def test_the_list_of_journeys_names_tests_there_are():
    stories = {path.name: path.read_text() for path in (ROOT / "tests" / "journeys").glob("test_*.py")}
    listed, file = ast.get_docstring(ast.parse((ROOT / "tests/journeys/__init__.py").read_text())), ""
    for line in re.findall(r"(?m)^    .*$", listed):
        file = next(iter(re.findall(r"test_\w+\.py", line)), file)
        assert f"def {line.split()[-1]}(" in stories[file], line
