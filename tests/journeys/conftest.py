"""The two marketplaces of the product at noon in Chicago, on a Wednesday: everybody in a journey looks at the same clock."""

import pytest
import time_machine

from tests.journeys.people import Market


@pytest.fixture
def craftyard(marketplace, now):
    """Homeowners choose or are matched; a lead is charged when it is matched."""
    with time_machine.travel(now, tick=False) as travel:
        yield Market(marketplace, travel)


@pytest.fixture
def hearthline(opt_in, now):
    """Pros opt in: a lead is charged when they accept."""
    with time_machine.travel(now, tick=False) as travel:
        yield Market(opt_in, travel)
