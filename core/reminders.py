"""The planner: every few minutes it asks each source for what is due on or before now.

A room that reminds has a `reminders.py` of some thirty lines with `SOURCES` and `REMINDER_RULES`, and names
its sources in `config/rooms.py`. `events/reminders.py` is the one to read.

What a source may rely on: its `due` is called once per active rule, outside a transaction, by several
planners at once if need be. It must only read rows and call `enqueue_many`; the key makes it idempotent.
`rule.due_window(now).anchors` narrows the query, `rule.is_due(anchor, now)` decides exactly,
`rule.mail_key(…)` names the mail, `rule.useless_after(anchor)` says until when it is of use.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

from django.db import DatabaseError, InterfaceError, transaction
from django.utils.module_loading import import_string

from config import rooms

from . import audit, clock
from .models import Direction, ReminderRule, Unit

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReminderSource:
    """Something with a date that reminders hang on.

    Args:
        key: `<room>.<what>`; rules name it.
        label: what it watches, in words for the admin.
        due: inserts what is due on or before the given moment for a rule; returns how many rows it made.
    """

    key: str
    label: Any
    due: Callable[[ReminderRule, datetime], int]


@dataclass(frozen=True, kw_only=True)
class DefaultRule:
    """A rule a room brings along; made once, then the admin's own."""

    key: str
    source: str
    amount: int = 1
    unit: Unit = Unit.DAYS
    direction: Direction = Direction.BEFORE
    active: bool = True
    look_back_days: int = 2


def sources() -> dict[str, ReminderSource]:
    """Every source of every room, by key."""
    return {each.key: each for path in rooms.REMINDER_SOURCES for each in import_string(path)}


def default_rules() -> Iterator[DefaultRule]:
    """The rules that the rooms bring along: `REMINDER_RULES` beside their sources."""
    for path in rooms.REMINDER_SOURCES:
        yield from getattr(import_module(path.rpartition(".")[0]), "REMINDER_RULES", [])


def make_default_rules() -> int:
    """Make the rules that are missing; rules that exist stay as the admin left them.

    Returns:
        How many were made.
    """
    known = set(ReminderRule.objects.values_list("key", flat=True))
    new = [each for each in default_rules() if each.key not in known]
    ReminderRule.objects.bulk_create(
        [
            ReminderRule(
                key=each.key,
                source=each.source,
                amount=each.amount,
                unit=each.unit,
                direction=each.direction,
                active=each.active,
                look_back_days=each.look_back_days,
            )
            for each in new
        ],
        ignore_conflicts=True,
    )
    return len(new)


@transaction.atomic
def change_rule(*, rule: ReminderRule, actor: Any, changed: Iterable[str]) -> ReminderRule:
    """Save an edited rule. What fell due before the change is not sent: no rule floods anyone.

    Args:
        rule: the row with its new values.
        actor: who changed it.
        changed: names of the changed fields.
    """
    names = set(changed)
    if names & {"active", "amount", "unit", "direction"} and rule.active:
        rule.activated_at = clock.now()
    rule.stamp(actor)
    rule.save()
    audit.record("core.reminder_rule_changed", rule, actor=actor, changed=names)
    return rule


def plan(now: datetime | None = None) -> int:
    """Queue every reminder that is due on or before `now`; one failing source does not stop the others.

    Args:
        now: an aware moment; the product's clock by default.

    Returns:
        How many mails were queued.

    Raises:
        DatabaseError: the database is away; the next tick tries again.
    """
    moment = now or clock.now()
    known = sources()
    made = 0
    for rule in ReminderRule.objects.filter(active=True):
        source = known.get(rule.source)
        if source is None:
            logger.warning("The reminder rule %s watches %s, which no room offers.", rule.key, rule.source)
            continue
        try:
            made += source.due(rule, moment)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("The reminder rule %s failed; the others go on.", rule.key)
    return made
