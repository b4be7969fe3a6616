from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VettingConfig(AppConfig):
    name = "partnerships.vetting"
    verbose_name = _("Vetting")

    def ready(self) -> None:
        from . import workflow

        workflow.APPLICATION.hold_in_database()
        workflow.CONDITION.hold_in_database()
        workflow.CRITERIA.hold_in_database()
