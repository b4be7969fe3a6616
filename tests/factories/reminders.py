"""What the planner does at a moment, for tests of the rooms' reminder sources."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.reminders import plan, sources
from core.models import Department


def rules_hold(*keys: str) -> None:
    """Only these rules are on, and since long ago."""
    ReminderRule.objects.update(active=False)
    ReminderRule.objects.filter(key__in=keys).update(
        active=True, activated_at=datetime(2020, 1, 1, tzinfo=UTC)
    )


def local(day: date, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of a day on the department's clock."""
    return datetime.combine(day, time(hour, minute), tzinfo=Department.current().zone)


def due(moment: datetime) -> list[tuple[str, str]]:
    """Let the planner come by at a moment: rule and address of each reminder that it noted, in order."""
    with clock.at(moment):
        plan()
    rows = Reminder.objects.filter(planned_at=moment, dropped="")
    return sorted(rows.values_list("rule__key", "to"))


def mail_to(address: str, template: str) -> OutgoingMail:
    """The last mail of a kind to an address."""
    found: OutgoingMail = OutgoingMail.objects.filter(to__iexact=address, template=template).latest("pk")
    return found


def found_by(key: str, **more: Any) -> tuple[list[Any], int]:
    """What a source finds, and in how many queries."""
    with CaptureQueriesContext(connection) as asked:
        rows = list(sources()[key].find(**more))
    return rows, len(asked)
