"""When the processes that send and remind were last known to be alive, and what hinders them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core import clock


class Heartbeat(models.Model):
    """When a process was last known to be alive, and what it could not do."""

    BEAT = "beat"
    WORKER = "worker"
    PLANNER = "planner"  # its note: a line for each rule that could not be followed
    RELAY = "relay"  # its note: why the mail relay can't be used

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    at = models.DateTimeField(_("last seen"))
    note = models.TextField(_("what was wrong"), blank=True)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str, note: str = "") -> None:
        """Note that `name` is alive now.

        Args:
            name: of the process.
            note: what it could not do.
        """
        values: dict[str, Any] = {"at": clock.now(), "note": note}
        cls.objects.update_or_create(name=name, defaults=values)
