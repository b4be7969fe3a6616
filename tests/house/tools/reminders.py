"""The day before a tool is due."""

from collections.abc import Collection, Iterator
from typing import Any

from core.access import visible
from core.links import absolute
from core.mail.models import Direction, ReminderRule, Unit
from core.mail.outbox import Reader
from core.mail.reminders import DefaultRule, Matter, Near, Notice, ReminderSource, Watched
from core.mail.reminders.sources import end_of
from core.models import Department

from .emails import DUE, Lent
from .models import Loan


def find(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Loans that are out."""
    rows = Loan._base_manager.filter(status="lent")
    zone = Department.current().zone
    for each in rows if ids is None else rows.filter(pk__in=ids):
        yield Watched(
            subject=f"loan-{each.pk}",
            subject_id=each.pk,
            reader=Reader(each.email, each.email),
            anchor=end_of(each.due_on, zone),
            row=each,
        )


def write(rule: ReminderRule, watched: Watched) -> Notice:
    """When it is due."""
    loan, url = watched.row, absolute("public:home")
    return Notice(
        payload=Lent(loan.title, loan.due_on, url),
        title=loan.title,
        text=f"It is due on {loan.due_on}.",
        url=url,
        label="See",
    )


def matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
    """Loans that exist for a user."""
    return {each.pk: Matter(title=each.title) for each in visible(Loan, user).filter(pk__in=ids)}


SOURCES = [
    ReminderSource(
        key="tools.due", label="day a tool is due", mail=DUE, find=find, write=write, matters=matters
    )
]
REMINDER_RULES = [
    DefaultRule(
        key="tool-due",
        label="Tool: the day before",
        source="tools.due",
        amount=1,
        unit=Unit.DAYS,
        direction=Direction.BEFORE,
    )
]
