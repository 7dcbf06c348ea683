"""Everything a homeowner reads is there in Spanish: forms, pages, notices, the bundled catalogue."""

import re

import pytest

from tests import spanish

PLACES = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+[^>]*>")


def translated():
    return [message for message in spanish.written() if message.id]


def test_nothing_is_missing_and_nothing_is_left_over():
    kept, asked = spanish.written(), spanish.collected()
    assert {(message.context, message.id) for message in kept} == {(message.context, message.id) for message in asked}, (
        "python -m tests.spanish brings locale/es up to date"
    )
    assert spanish.missing(kept) == []


@pytest.mark.parametrize("message", translated(), ids=lambda message: str(message.id)[:40])
def test_a_translation_says_the_same_values_and_has_the_same_marks(message):
    said = zip(message.id, message.string, strict=True) if message.pluralizable else [(message.id, message.string)]
    for english, other in said:
        assert sorted(PLACES.findall(other)) == sorted(PLACES.findall(english)), other
        assert bool(re.search(r"\s$", other)) == bool(re.search(r"\s$", english))


def test_the_compiled_file_was_made_of_the_other():
    assert (spanish.FILES / "django.mo").read_bytes() == spanish.as_mo(spanish.written())
