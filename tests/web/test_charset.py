"""A sender may not choose how its words are decoded."""

import pytest

from marketplace.wsgi import application
from web.charset import SENTENCE, in_utf8


def ask(application, content_type):
    """The status and the body that a request of this content type gets."""
    said = []
    body = application({"CONTENT_TYPE": content_type}, lambda status, headers: said.append(status))
    return said, body


OTHERS = ["text/plain; charset=rot13", "multipart/form-data; boundary=b; charset=unicode_escape", "text/plain; charset=hex",
          "text/plain; charset=utf-16", "text/plain; charset=nonsense", "text/plain; charset*=bogus''%41",
          "multipart/form-data; boundary*=bogus''%41", "text/plain; charset=\0"]  # fmt: skip


@pytest.mark.parametrize("content_type", OTHERS)
def test_another_charset_gets_a_clear_no_from_the_site(content_type):
    assert ask(application, content_type) == (["400 Bad Request"], [SENTENCE])


@pytest.mark.parametrize(
    "content_type", ["", "text/html", "application/json; charset=UTF-8", 'text/plain; charset="utf8"', "; ;=", "x" * 8000]
)
def test_whoever_writes_in_utf_8_or_says_nothing_is_heard(content_type):
    assert ask(in_utf8(lambda environ, start_response: "heard"), content_type) == ([], "heard")
