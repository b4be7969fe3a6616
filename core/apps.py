from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Audit and department")

    def ready(self) -> None:
        from core import access, checks, folding  # noqa: F401  (importing registers checks and the lookup)

        access.register_rooms()
