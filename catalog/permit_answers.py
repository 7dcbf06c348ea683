"""The answers a permit's text gives to the questions of its service (data/permit_answers.toml). Pure; what it does not tell is left out."""

import re
import tomllib
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "data" / "permit_answers.toml"
NUMBERS = {word: str(number) for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
NUMBER = re.compile(rf"\b({'|'.join(NUMBERS)})\b")
MOST = 10**6


def read(service: str, text: str) -> dict:
    """Question -> option code or whole number, for the questions of `service` that `text` (lower case) answers."""
    text = NUMBER.sub(lambda word: NUMBERS[word[0]], text)
    found = {question: rule(text) for question, rule in _rules().get(service, {}).items()}
    return {question: answer for question, answer in found.items() if answer not in (None, "")}


@cache
def tables() -> dict[str, dict]:
    """Service -> question -> its entry in the file."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _rules():
    return {service: {question: _rule(entry) for question, entry in table.items()} for service, table in tables().items()}


def _rule(entry):
    if isinstance(entry, list):
        rules = [_sum(one["sum"]) if isinstance(one, dict) else _product(one) for one in entry]
        return lambda text: next((number for rule in rules if (number := rule(text))), None)
    if "sum" in entry:
        return _sum(entry["sum"])
    options = {option: re.compile(words) for option, words in entry.items()}
    return lambda text: next((option for option, words in options.items() if words.search(text)), None)


def _product(expression):
    pattern = re.compile(expression)

    def number(text):
        if not (match := pattern.search(text)):
            return None
        product = 1
        for group in match.groups():
            product *= int(group.replace(",", ""))
        return product if 0 < product < MOST else None

    return number


def _sum(expressions):
    patterns = [re.compile(expression) for expression in expressions]

    def number(text):
        total = sum(int(match[1]) for pattern in patterns for match in pattern.finditer(text))
        return total if 0 < total < MOST else None

    return number
