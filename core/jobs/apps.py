from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "core.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        from . import checks, workflow  # noqa: F401  (importing registers the system checks)

        workflow.JOB.hold_in_database()
