"""A page as the person in front of it has it: its words, its links, and its forms with what already stands in them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

UNSEEN = {"head", "svg", "script", "style"}
UNSAID = {"submit", "button", "reset", "image", "file"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """Where it goes, by which method, and what it sends if nothing is changed: {name: values}."""

    action: str = ""
    method: str = "get"
    said: dict = field(default_factory=dict)


@dataclass
class Thing:
    """A link or a button."""

    words: str = ""
    to: str = ""
    form: str = ""
    said: tuple = ()


class Page(HTMLParser):
    """`words` is all that can be read. Whoever looks for something that is not there fails with the list of what is."""

    def __init__(self, answer, address):
        super().__init__()
        self.address, self.status = address, answer.status_code
        self.links, self.buttons, self.forms, self.lists = [], [], {}, {}
        self._text, self._unseen, self._inside, self._lists, self._items = [], [], [], [], []
        self._form, self._select, self._area = "", "", None
        self.feed(answer.content.decode())
        self.words = self._words()

    def rows(self, css) -> list[str]:
        """The words of each row of the lists of this class."""
        return self.lists.get(css, [])

    def link(self, words) -> str:
        """The address of the first link that begins with these words."""
        return _find(words, self.links).to

    def offers(self, words) -> bool:
        """Whether there is something to tap that begins with these words."""
        return any(thing.words.startswith(words) for thing in (*self.buttons, *self.links))

    def press(self, words, typed) -> tuple[str, str, dict]:
        """(method, address, what is sent) of the button, with what is typed and ticked before it is pressed."""
        button = _find(words, self.buttons)
        form = self.forms[button.form]
        return form.method, urljoin(self.address, form.action), form.said | dict(button.said) | typed

    # How it is read

    def handle_starttag(self, tag, attrs):
        said = {name: value or "" for name, value in attrs}
        if tag in UNSEEN:
            self._unseen.append(tag)
        elif tag in ("ul", "ol"):
            self._lists.append(said.get("class", ""))
        elif tag == "li":
            self._items.append(len(self._text))
        elif tag == "form":
            self._form = said.get("id") or f"form {len(self.forms)}"
            self.forms[self._form] = Form(said.get("action", ""), said.get("method", "get").lower())
        elif tag == "a" and "href" in said:
            self._inside.append(Thing(to=urljoin(self.address, said["href"])))
        elif tag == "button":
            sent = ((said["name"], said.get("value", "")),) if "name" in said else ()
            self._inside.append(Thing(form=said.get("form", self._form), said=sent))
        elif tag == "input":
            self._input(said)
        elif tag == "textarea":
            self._area = (said.get("name", ""), [])
        elif tag == "select":
            self._select = said.get("name", "")
        elif tag == "option" and self._select and "selected" in said:
            self._keep(self._select, said.get("value", ""))
        self._text.append(" ")

    def handle_endtag(self, tag):
        if self._unseen and tag == self._unseen[-1]:
            self._unseen.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "li" and self._items and self._lists:
            self.lists.setdefault(self._lists[-1], []).append(self._words(self._items.pop()))
        elif tag == "form":
            self._form = ""
        elif tag in ("a", "button") and self._inside:
            thing = self._inside.pop()
            thing.words = " ".join(thing.words.split())
            (self.links if thing.to else self.buttons).append(thing)
        elif tag == "textarea" and self._area:
            name, text = self._area
            self._keep(name, "".join(text).removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._select = ""
        self._text.append(" ")

    def handle_data(self, data):
        if self._unseen:
            return
        self._text.append(data)
        for thing in self._inside:
            thing.words += data
        if self._area:
            self._area[1].append(data)

    def _words(self, start=0) -> str:
        return " ".join("".join(self._text[start:]).split())

    def _input(self, said):
        kind = said.get("type", "text")
        if kind in UNSAID or (kind in TICKED and "checked" not in said):
            return
        self._keep(said.get("name", ""), said.get("value", "on" if kind in TICKED else ""))

    def _keep(self, name, value):
        if name and self._form:
            self.forms[self._form].said.setdefault(name, []).append(value)


def _find(words, things) -> Thing:
    for thing in things:
        if thing.words.startswith(words):
            return thing
    raise AssertionError(f"nothing says {words!r}: {[thing.words for thing in things]}")
