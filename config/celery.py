"""The Celery application: acks late, no ETA, no results; the outbox table is the truth."""

import os
from typing import Any

import django
from celery import Celery
from django.apps import apps
from django.conf import settings
from kombu.transport import redis

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")


class Channel(redis.Channel):
    """Outlives a broker that goes away while a task is in hand; kombu 5.7 ends the worker of it.

    It would give the message back, and acknowledge it when the task is done, over the lost connection.
    Messages are hints: the outbox has the mail, and the next tick comes anyway.
    """

    do_restore = False

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> Any:
        """Acknowledge, unless the connection is gone."""
        return super().basic_ack(delivery_tag, multiple) if self._stands else None

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> Any:
        """Refuse, unless the connection is gone."""
        return super().basic_reject(delivery_tag, requeue) if self._stands else None

    @property
    def _stands(self) -> bool:
        return getattr(self.connection, "client", None) is not None


redis.Transport.Channel = Channel

app = Celery("partnerships")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def ask_for_what_the_rooms_want(sender: Celery, **kwargs: Any) -> None:
    """Beat's schedule is what each room's `tasks.BEAT` says; a tick is over when the next one comes."""
    if not apps.ready:
        django.setup()
    from core import rooms

    sender.conf.beat_schedule = {
        name: {"options": {"expires": settings.BEAT_EXPIRES or entry["schedule"]}, **entry}
        for _room, entries in rooms.offered("tasks", "BEAT")
        for name, entry in entries.items()
    }
