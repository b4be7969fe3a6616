"""Known devices: wrong tries are counted per account and device, so that a stranger locks nobody out.

A device that has signed in to an account carries a signed cookie that says so. Tries from it have a count of
their own. All devices that never signed in to the account share one for passwords, and one for each network
for codes, so that whoever comes with a new browser gets on by a code. (The "device cookie" of the OWASP guide
on blocking brute force attacks.)
"""

import secrets
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import salted_hmac

from core import mailboxes
from core.addresses import client_network

COOKIE = "known_device"
SALT = "accounts.devices"
AGE = 365 * 24 * 3600  # seconds
MOST = 5  # accounts remembered on one device


def name_of(email: str) -> str:
    """How an account is named in the cookie, without its address."""
    return salted_hmac(SALT, mailboxes.normal(email)).hexdigest()[:16]


def _known(request: HttpRequest) -> dict[str, str]:
    try:
        found = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


def count_key(request: HttpRequest, email: str) -> str:
    """What wrong passwords for `email` from this device are counted under.

    Args:
        request: the current request.
        email: the address typed, of an account or not.
    """
    name = name_of(email)
    return f"{name}:{_known(request).get(name, 'unknown')}"


def last(request: HttpRequest) -> str:
    """The account that signed in last on this device; "" when none did."""
    return next(reversed(_known(request)), "")


def number(request: HttpRequest) -> str:
    """What tells this device from others: the number it got when it signed in last; "" when it never did."""
    return next(reversed(_known(request).values()), "")


def knows(request: HttpRequest, email: str) -> bool:
    """Whether this device has signed in to the account of an address."""
    return name_of(email) in _known(request)


def is_only(request: HttpRequest, user: Any) -> bool:
    """Whether this device has signed in to the user's account and to no other."""
    return list(_known(request)) == [name_of(user.email)]


def mail_key(request: HttpRequest, email: str) -> str:
    """What mail that is asked for to `email`, and wrong codes out of it, are counted under.

    A known device by itself, an unknown one by its network. By the address alone, a stranger would use
    up the count of whoever it belongs to.

    Args:
        request: the current request.
        email: the address typed, of an account or not.
    """
    name = name_of(email)
    return f"{name}:{_known(request).get(name) or client_network(request) or 'unknown'}"


def remember(request: HttpRequest, response: HttpResponse, user: Any) -> None:
    """Set the cookie that says this device has signed in to the user's account."""
    known = _known(request)
    name = name_of(user.email)
    number = known.pop(name, "") or secrets.token_hex(8)
    kept = {**dict(list(known.items())[-(MOST - 1) :]), name: number}
    response.set_cookie(
        COOKIE,
        signing.dumps(kept, salt=SALT),
        max_age=AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class KnownDeviceMiddleware:
    """Let `core.limits` ask whether a request comes from a device that has signed in before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.known_device = partial(number, request)  # type: ignore[attr-defined]  # read by core.limits
        return self.get_response(request)
