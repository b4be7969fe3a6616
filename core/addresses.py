"""Where a request came from: the socket's address, or what our own proxies say."""

import functools
import ipaddress
import logging
import re

from django.conf import settings
from django.http import HttpRequest

logger = logging.getLogger(__name__)

# One household or office has a whole /64 of IPv6 and takes another address of it at will (RFC 6177).
IPV6_NETWORK = 64
# An address with a port behind it, as some gateways write: 203.0.113.9:51234 and [2001:db8::1]:443.
WITH_PORT = re.compile(r"(?:\[(?P<six>[^\]]+)\]|(?P<four>[\d.]+))(?::\d*)?")


def read(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address that a socket or a proxy wrote, None where it is none.

    Args:
        text: with or without a port, brackets, quotes or a zone (`fe80::1%eth0`); an IPv4 address may be
            written as IPv6 (`::ffff:203.0.113.9`, RFC 4291 section 2.5.5.2).
    """
    text = text.strip().strip('"').strip()
    ported = WITH_PORT.fullmatch(text)
    if ported:
        text = ported["six"] or ported["four"]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def client_address(request: HttpRequest) -> str:
    """The client's IP address, for the record; "" when there is none, as behind a Unix socket.

    `X-Forwarded-For` can be written by anyone, so it is believed only as far as `settings.TRUSTED_PROXIES`
    proxies of ours stand before the application: each adds one entry at the right. What can't be read there
    falls back to the socket's address.

    Args:
        request: the current request.
    """
    address = read(_written(request)) or read(_socket(request))
    return str(address or "")


def client_network(request: HttpRequest) -> str:
    """What limits count as one client: an IPv4 address or an IPv6 /64; "" when nobody knows who it is.

    Where our proxies leave no address, the socket's is a proxy's: counted, one visitor would use up the share
    of all. So nobody is counted then; the limits of an account or of an address for mail hold.

    Args:
        request: the current request.
    """
    address = read(_written(request))
    if address is None:
        _complain()
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, IPV6_NETWORK), strict=False))
    return str(address)


def _written(request: HttpRequest) -> str:
    """What names the client: the entry of our outermost proxy, "" without one; the socket without proxies."""
    proxies = settings.TRUSTED_PROXIES
    if proxies <= 0:
        return _socket(request)
    chain = [each.strip() for each in request.headers.get("x-forwarded-for", "").split(",") if each.strip()]
    return chain[-proxies] if len(chain) >= proxies else ""


def _socket(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


@functools.cache
def _complain() -> None:
    """Tell the operator, once. What was written there is somebody's words and stays out of the log."""
    logger.error(
        "The address of a visitor can't be read, so limits per address count nobody. "
        "See to it that the proxy writes an IP address into X-Forwarded-For, or mend TRUSTED_PROXIES."
    )
