"""The wiring as an app: it has no models, and makes sure that the Celery application exists wherever Django
runs.
"""

from django.apps import AppConfig


class WiringConfig(AppConfig):
    """Loads the Celery application, to which every shared task belongs, and the checks on all rooms."""

    name = "config"

    def ready(self) -> None:
        """Import it, and the system checks, once all rooms are loaded."""
        from . import celery, checks  # noqa: F401  (imported for their effect)
