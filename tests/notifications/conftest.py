import pytest

from notifications import delivery


@pytest.fixture(autouse=True)
def local_mail(settings):
    """Django's test environment puts its own mail backend in place; the stories are about ours."""
    settings.EMAIL_BACKEND = "notifications.channels.local.LocalEmailBackend"


@pytest.fixture
def provide(monkeypatch):
    """Put a provider in the place of a channel's: provide(Channel.SMS, Scripted(...))."""

    def put(channel, provider):
        monkeypatch.setitem(delivery.PROVIDER, channel, lambda marketplace: provider)
        return provider

    return put
