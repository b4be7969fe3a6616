"""The outbox: mail is a row in the transaction of its cause; Celery only carries it. See docs/mail.md."""

from core.models.mail import Category, OutgoingMail, Status
from core.querysets import ALL

from .catalog import MailKind, catalog
from .compose import MissingVariableError
from .queueing import Draft, enqueue, enqueue_many, kick

__all__ = [
    "ALL",
    "Category",
    "Draft",
    "MailKind",
    "MissingVariableError",
    "OutgoingMail",
    "Status",
    "catalog",
    "enqueue",
    "enqueue_many",
    "kick",
]
