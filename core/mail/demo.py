"""The mail that the demonstration's past caused: kept with the date it was due, and never sent now."""

from typing import Any

from core import clock
from core.demo import Demonstration
from core.demo.moments import Moments

from . import reminders
from .models import OutgoingMail, ReminderRule
from .purposes import Status

NOTE = "Made by the demonstration. Nothing left this machine."
BOUNCE = "550 5.1.1 No such mailbox. (Made by the demonstration.)"
MORNINGS = 14  # days before today on which the planner came by
BOUNCED_TO = "velvet-lantern.example"


def play(demo: Demonstration) -> None:
    """Let the reminder rules hold from the beginning, so that past events had their mails."""
    ReminderRule.objects.update(activated_at=demo.began)


def close(demo: Demonstration) -> None:
    """Write the reminders of the last days, and put away what was written."""
    demo.tell("Reminders of the last two weeks")
    remind(demo.moments)
    file_away()
    demo.count(OutgoingMail.objects.count(), "mails")


def remind(moments: Moments) -> None:
    """Let the planner come by on each of the last mornings: drafts, promises, conditions and the rest.

    What is due by now is mailed, so that the worker has nothing to make up when it starts.

    Args:
        moments: the days around today.
    """
    for ago in range(MORNINGS, -1, -1):
        with clock.at(moments.days(-ago, 8, 5)):
            reminders.plan()


def file_away() -> int:
    """Mark what waits as sent at the time it was due, and one mail as refused.

    Else the worker would send months of mail at once, with today's date. Its life says what happened.

    Returns:
        How many mails were put away.
    """
    rows = list(OutgoingMail.objects.filter(status=Status.WAITING).order_by("pk"))
    if not rows:
        return 0
    keys = [row.pk for row in rows]
    # The triggers hold these rows to the same moves as every other mail.
    OutgoingMail.objects.filter(pk__in=keys).update(status=Status.SENDING)
    OutgoingMail.objects.filter(pk__in=keys).update(status=Status.ATTEMPTING)
    bounced = next((row for row in reversed(rows) if row.to.endswith(BOUNCED_TO)), None)
    for row in rows:
        refused = row is bounced
        row.status = Status.FAILED if refused else Status.SENT
        row.sent_at = None if refused else row.due_at
        row.first_attempt_at, row.attempts = row.due_at, 1
        row.last_error = BOUNCE if refused else ""
        row.life = [*row.life, _line(row, "failed" if refused else "sent", BOUNCE if refused else NOTE)]
    OutgoingMail.objects.bulk_update(
        rows, ["status", "sent_at", "first_attempt_at", "attempts", "last_error", "life"], batch_size=200
    )
    return len(rows)


def _line(row: OutgoingMail, what: str, answer: str) -> dict[str, Any]:
    return {"at": row.due_at.isoformat(), "what": what, "answer": answer}
