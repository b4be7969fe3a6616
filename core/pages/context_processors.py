"""What every template may use: the department, the demonstration flag and the navigation of the audience."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.pages.navigation import Navigation

if TYPE_CHECKING:
    from core.models import Department


def product(request: HttpRequest) -> dict[str, Any]:
    """Variables of every page. The department and the navigation are read only when a template asks for them.

    Args:
        request: the current request.

    Returns:
        `department` (the settings row), `demo` (bool) and `navigation` (`core.pages.navigation.Navigation`).
    """

    def current() -> "Department":
        from core.models import Department

        return getattr(request, "department", None) or Department.current()

    return {
        "department": SimpleLazyObject(current),
        "demo": bool(getattr(settings, "DEMO", False)),
        "navigation": Navigation(request),
    }
