"""What several pages of this room share."""

from django.http import HttpRequest


def base_template(request: HttpRequest) -> str:
    """The base template of the part of the house that the user works in."""
    user = request.user
    if getattr(user, "is_desk", False):
        return "desk/base.html"
    return "portal/base.html" if getattr(user, "is_member", False) else "public/base.html"
