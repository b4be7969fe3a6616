from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class BusinessesConfig(AppConfig):
    name = "partnerships.businesses"
    verbose_name = _("Businesses")

    def ready(self) -> None:
        from . import workflow
        from .industries import load_industries

        workflow.STANDING.hold_in_database()
        workflow.CLAIM.hold_in_database()
        workflow.PAIR.hold_in_database()
        post_migrate.connect(load_industries, sender=self)
