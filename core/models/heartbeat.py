"""When the processes that send and remind were last known to be alive."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class Heartbeat(models.Model):
    """When a process was last known to be alive."""

    BEAT = "beat"
    WORKER = "worker"
    PLANNER = "planner"  # every rule was followed

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        """Note that `name` is alive now."""
        values: dict[str, Any] = {"at": clock.now()}
        cls.objects.update_or_create(name=name, defaults=values)
