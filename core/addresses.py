"""Where a request came from: the socket's address, or what our own proxies say."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address, "" when there is none.

    `X-Forwarded-For` can be written by anyone, so it is believed only as far as `settings.TRUSTED_PROXIES`
    proxies of ours stand before the application: each adds one entry at the right.

    Args:
        request: the current request.
    """
    address = request.META.get("REMOTE_ADDR", "")
    proxies = settings.TRUSTED_PROXIES
    if proxies > 0:
        chain = [
            each.strip() for each in request.headers.get("x-forwarded-for", "").split(",") if each.strip()
        ]
        if len(chain) >= proxies:
            address = chain[-proxies]
    try:
        return str(ipaddress.ip_address(address.strip("[]")))
    except ValueError:
        return ""
