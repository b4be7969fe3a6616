from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = _("Mail, audit and department")

    def ready(self) -> None:
        from anymail.signals import tracking

        from core import access, checks, webhooks  # noqa: F401  (importing registers the system checks)

        access.register_rooms()
        tracking.connect(webhooks.receive, dispatch_uid="core.webhooks")
        post_migrate.connect(_make_default_rows, sender=self)


def _make_default_rows(using: str, **kwargs: Any) -> None:
    from django.db import connections

    from core.models import MailWording, ReminderRule
    from core.reminders import make_default_rules
    from core.wording import make_rows

    tables = connections[using].introspection.table_names()
    if ReminderRule._meta.db_table in tables:
        make_default_rules()
    if MailWording._meta.db_table in tables:
        make_rows()
