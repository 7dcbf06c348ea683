"""From which network address a visitor comes."""

import ipaddress

from django.conf import settings


def address_of(request) -> str | None:
    """The visitor's IP address: the connection's, or where a proxy ends it, what the proxy says (PROXY_ADDRESS_HEADER). None when nobody
    knows: in production a connection from this machine is the proxy's, not a visitor's."""
    said = request.META.get(settings.PROXY_ADDRESS_HEADER or "REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(said.strip())
    except ValueError:
        return None
    if address.is_loopback and not settings.DEVELOPMENT:
        return None
    return str(address)
