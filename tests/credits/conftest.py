"""Numbers of a story's own."""

import pytest

from core import policy
from credits.policy import Credits


@pytest.fixture
def numbers(marketplace, now):
    """A function that puts other numbers of credits in force for the story."""
    return lambda **changes: policy.publish([Credits(**changes)], now=now)
