from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events")

    def ready(self) -> None:
        from . import workflow

        workflow.EVENT.hold_in_database()
        workflow.REGISTRATION.hold_in_database()
