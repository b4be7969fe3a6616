"""Is everybody there? Database, broker, beat, and how long mail has been waiting.

`/health/ready` answers 200 or 503 by what pages need alone: a balancer takes no working site off because
mail waits. How the rest is, it says beside that, in words and ages, never with an error's text. The same
facts stand on the staff's mail page.
"""

import logging
import math
import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from core import rooms, words
from core.postgres.base import patience

from . import clock
from .models import Heartbeat

logger = logging.getLogger(__name__)
# Nothing here may take long: a probe that hangs tells nothing. For the database see `DATABASE_PATIENCE`.
PATIENCE = 1.0


class Level(StrEnum):
    """How one part is."""

    OK = "ok"
    LATE = "late"
    DOWN = "down"


@dataclass(frozen=True)
class Check:
    """One part's state.

    Args:
        key: its name in the JSON answer.
        label: its name for people.
        level: how it is.
        sentence: the same in words.
        figure: seconds, bytes or a count, if there is one.
        unit: what the figure counts.
        needed: without it no page can be served.
    """

    key: str
    label: str
    level: Level
    sentence: str
    figure: int | None = None
    unit: str = "seconds"
    needed: bool = False

    @property
    def tone(self) -> str:
        """The color of the tag that shows it."""
        return {Level.OK: "good", Level.LATE: "warn", Level.DOWN: "bad"}[self.level]

    @property
    def word(self) -> str:
        """The tag's word."""
        if self.unit == "count" and self.level is Level.LATE:
            return _("To be looked at")
        if self.unit == "bytes" and self.level is not Level.OK:
            return _("Short")
        return {Level.OK: _("Fine"), Level.LATE: _("Late"), Level.DOWN: _("Down")}[self.level]


def checks() -> list[Check]:
    """Every part's state. Without the database the rest of it is not asked."""
    label = _("Database")
    with patience(settings.DATABASE_PATIENCE):
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except (DatabaseError, InterfaceError):
            logger.warning("The database does not answer a health check.")
            sentence = _("The database does not answer.")
            return [Check("database", label, Level.DOWN, sentence, needed=True), _broker(), _disk()]
        found = _in_the_database()
    database = Check("database", label, Level.OK, _("The database answers."), needed=True)
    return [database, _broker(), *found, _disk()]


def _in_the_database() -> list[Check]:
    """What the database tells of the rest. A table that is locked makes no page unready."""
    now = clock.now()
    try:
        return [_beat(now), *(each for _room, of in rooms.offered("health", "checks") for each in of(now))]
    except (DatabaseError, InterfaceError):
        logger.warning("The database did not tell a health check all in time.")
        connection.close()
        return [Check("beat", _("Worker and timer"), Level.LATE, _("The database did not say in time."))]


def summary(found: list[Check]) -> dict[str, Any]:
    """The JSON answer: whether pages can be served, the worst level, then each part's level and figure."""
    down = any(each.level is Level.DOWN for each in found)
    late = any(each.level is Level.LATE for each in found)
    parts: dict[str, dict[str, Any]] = {}
    for each in found:
        parts[each.key] = {"state": each.level.value}
        if each.figure is not None:
            parts[each.key][each.unit] = each.figure
    return {
        "ready": not any(each.needed and each.level is Level.DOWN for each in found),
        "status": "down" if down else "late" if late else "ok",
        "paused": settings.MAIL_PAUSED,
        **parts,
    }


def _broker() -> Check:
    label = _("Task queue")
    try:
        client = redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE, retry=None
        )
        try:
            client.ping()
        finally:
            client.close()
    except (redis.RedisError, OSError, ValueError):
        logger.warning("The broker does not answer a health check.")
        return Check("broker", label, Level.DOWN, _("The task queue does not answer. Mail waits."))
    return Check("broker", label, Level.OK, _("The task queue answers."))


def _beat(now: datetime) -> Check:
    label = _("Worker and timer")
    beat = Heartbeat.objects.filter(name=Heartbeat.BEAT).first()
    if beat is None:
        return Check("beat", label, Level.LATE, _("They have not reported yet."))
    age = max(0, math.floor((now - beat.at).total_seconds()))
    if age > settings.HEALTH_BEAT_DOWN:
        return Check(
            "beat", label, Level.DOWN, _("Not heard of for %(time)s.") % {"time": words.duration(age)}, age
        )
    level = Level.LATE if age > settings.HEALTH_BEAT_LATE else Level.OK
    return Check("beat", label, level, _("Last heard of %(time)s ago.") % {"time": words.duration(age)}, age)


def _disk() -> Check:
    """Room where files, logs and, on one machine, the database are kept."""
    label = _("Free disk space")
    place: Path = settings.DATA_DIR
    while not place.exists():
        place = place.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        logger.warning("The free disk space can't be read.")
        return Check("disk", label, Level.LATE, _("It can't be read."))
    level = Level.OK
    if free < settings.HEALTH_DISK_LATE:
        level = Level.DOWN if free < settings.HEALTH_DISK_DOWN else Level.LATE
    size = filesizeformat(free)
    return Check("disk", label, level, _("%(size)s are free.") % {"size": size}, free, "bytes")
