from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class MailConfig(AppConfig):
    name = "core.mail"
    label = "mail"
    verbose_name = _("Mail")

    def ready(self) -> None:
        from anymail.signals import tracking

        from core.mail import checks, webhooks  # noqa: F401  (importing registers the system checks)

        tracking.connect(webhooks.receive, dispatch_uid="core.mail.webhooks")
        post_migrate.connect(_make_default_rows, sender=self)


def _make_default_rows(using: str, **kwargs: Any) -> None:
    from django.db import connections

    from core.mail.models import MailWording, ReminderRule
    from core.mail.reminders import make_default_rules
    from core.mail.wording import make_rows

    tables = connections[using].introspection.table_names()
    if ReminderRule._meta.db_table in tables:
        make_default_rules()
    if MailWording._meta.db_table in tables:
        make_rows()
