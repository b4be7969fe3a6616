"""The outbox: mail is a row in the transaction of its cause; Celery only carries it. See docs/mail.md."""

from .catalog import MailKind, catalog
from .compose import MissingVariableError
from .queueing import Draft, enqueue, enqueue_many, kick

__all__ = [
    "Draft",
    "MailKind",
    "MissingVariableError",
    "catalog",
    "enqueue",
    "enqueue_many",
    "kick",
]
