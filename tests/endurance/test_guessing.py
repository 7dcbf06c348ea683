"""10,000 guesses at PINs from 1, 100 and 10,000 unknown callers connect nobody; the owner gets through at the first try throughout
(RULES 27, INVARIANTS 19, 20)."""

import random

import pytest

from tests.api.test_voice_hook import guess, post, story
from tests.contact.telephone import PRO_PHONE

__all__ = ["post", "story"]  # fixtures
GUESSES = 10_000
pytestmark = pytest.mark.endurance


@pytest.mark.parametrize("callers", [1, 100, 10_000])
def test_ten_thousand_guesses_connect_nobody(story, post, callers):
    """Every PIN there is, in a random order, so the right one is among them."""
    pins = [f"{number:04}" for number in range(10_000)]
    random.Random(callers).shuffle(pins)
    connected = owner = 0
    for number, pin in enumerate(pins):
        caller = f"+1206{number % callers:07}"
        connected += "<Dial" in guess(story, post, f"CA{number:032x}", caller, pin)
        if number % 500 == 0:
            owner += "<Dial" in guess(story, post, f"CA{10**9 + number:032x}", PRO_PHONE, story.line.pin)
            story.wait(30)
    print(f"\n{callers} callers: {connected} of {GUESSES} guesses connected, the owner {owner} of {GUESSES // 500} times")
    assert (connected, owner) == (0, GUESSES // 500)
