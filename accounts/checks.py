"""The demonstration signs people in with one click: it must not exist on a deployed site."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def demonstration_only_where_permitted(app_configs: Any, **kwargs: Any) -> Sequence[CheckMessage]:
    """Refuse `DEMO` in every settings module that does not permit it."""
    asked = settings.DEMO or getattr(settings, "DEMO_ASKED", False)
    if asked and not settings.DEMO_PERMITTED:
        return [
            Error(
                "DEMO is on, but these settings don't permit a demonstration.",
                hint="Take DEMO out of the environment: only config.settings.local may have it.",
                id="accounts.E001",
            )
        ]
    return []
