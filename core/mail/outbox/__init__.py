"""The outbox: mail is a row in the transaction of its cause; Celery only carries it. See docs/mail.md."""

from .ahead import Until
from .catalog import Mail, Wanted, catalog, declared, in_states
from .compose import MissingVariableError
from .queueing import Draft, enqueue, enqueue_many, kick
from .readers import Reader

__all__ = [
    "Draft",
    "Mail",
    "MissingVariableError",
    "Reader",
    "Until",
    "Wanted",
    "catalog",
    "declared",
    "enqueue",
    "enqueue_many",
    "in_states",
    "kick",
]
