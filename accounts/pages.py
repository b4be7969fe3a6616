"""What several pages of this room share."""

from typing import Any

from django.http import HttpRequest

EXPECTED = "expected_address"  # in the session


def base_template(request: HttpRequest) -> str:
    """The base template of the part of the house that the user works in."""
    user = request.user
    if getattr(user, "is_desk", False):
        return "desk/base.html"
    return "portal/base.html" if getattr(user, "is_member", False) else "public/base.html"


def expect_address(request: HttpRequest, email: str) -> None:
    """Fill in an address where the visitor signs up or in next; it stands in the session, not in a link.

    Args:
        request: the visitor's.
        email: one that they typed themselves, or were written to at.
    """
    request.session[EXPECTED] = email


def expected_address(request: Any) -> str:
    """The address to be filled in, or ""."""
    return str(request.session.get(EXPECTED, "")) if request is not None else ""
