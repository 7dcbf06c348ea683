"""Stories of the local carrier alone, whose site answers with canned TwiML. A module with another kind of story has its own."""

import pytest

from tests.contact.canned import Story


@pytest.fixture
def story(marketplace, now):
    return Story(marketplace, now)


@pytest.fixture
def tell(marketplace, now):
    """A story with other answers of the site, another number dialled, or faults."""
    return lambda **how: Story(marketplace, now, **how)
