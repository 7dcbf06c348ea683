"""Passwords that cost nothing, and numbers of a story's own."""

import pytest

from core import policy
from credits.policy import Credits
from tests.world import FAST


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = FAST


@pytest.fixture
def numbers(marketplace, now):
    """A function that puts other numbers of credits in force for the story."""
    return lambda **changes: policy.publish([Credits(**changes)], now=now)
