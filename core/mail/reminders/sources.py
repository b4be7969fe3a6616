"""What reminders hang on: the sources of the rooms, and the rules they bring along."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from core import clock, edits, mailboxes, rooms
from core.access import Actor, check
from core.mail.models import Direction, ReminderRule, Unit
from core.mail.models.rules import MORNING
from core.mail.outbox import Mail, Reader
from core.mail.outbox.compose import speaking
from core.mail.purposes import Purpose
from core.mail.reminders.digest import Line

from .near import Near


@dataclass(frozen=True, kw_only=True)
class Watched:
    """One date that concerns one person.

    Args:
        subject: what it is about, as `registration-12`; part of the reminder's key.
        subject_id: its primary key, by which `find` finds it again.
        reader: who gets it. Where it is found by dates, its `recipient` and address are enough.
        anchor: the date, aware. For a day without a time of day: `end_of(day, zone)`.
        row: what `write` needs. It is given what was found by number: a source that watches many rows may
            leave it out when it is asked by dates.
        since: who came to it after a reminder fell due does not get that reminder.
        duty: it waits for them because they work at the department, so they can't stop it.
    """

    subject: str
    subject_id: int
    reader: Reader
    anchor: datetime
    row: Any = None
    since: datetime | None = None
    duty: bool = False

    @property
    def recipient(self) -> str:
        """Who gets it, as `user-5`, `registration-12` or `contact-3`; part of the key."""
        return self.reader.recipient

    @property
    def to(self) -> str:
        """Their address."""
        return self.reader.to

    @property
    def whom(self) -> tuple[str, Purpose]:
        """Their address in its normal spelling, and the purpose by which they choose."""
        return mailboxes.normal(self.to), Purpose.SERVICE if self.duty else Purpose.REMINDERS


@dataclass(frozen=True, kw_only=True)
class Matter:
    """What a reminder was about, for the staff's page of its mail.

    Args:
        title: its name, such as an event's title.
        url: where a desk user reads about it; empty when nowhere.
    """

    title: str
    url: str = ""


class Matters(Protocol):
    """Names what reminders were about, also when it was settled meanwhile."""

    def __call__(self, user: Any, ids: Collection[int]) -> Mapping[int, Matter]:
        """Those that exist for a user, in a few queries however many there are.

        Args:
            user: who looks.
            ids: `subject_id`s.
        """


class Find(Protocol):
    """Reads the dates of a source; never writes."""

    def __call__(self, *, near: Near | None = None, ids: Collection[int] | None = None) -> Iterable[Watched]:
        """What is watched and still wanted, as it stands now.

        Args:
            near: only dates in these ranges.
            ids: only these `subject_id`s, whatever their date.
        """


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What one reminder says: alone as a mail, beside others as a line of the day's digest.

    Args:
        payload: of the mail.
        title: what it is about, as the heading of the line.
        text: the line itself, one or two plain sentences: what happens when, and what to do.
        url: where the line leads, absolute.
        label: the words of that link.
        subject: of the mail; by default what is declared.
        why: why they get the mail; by default what is declared.
        organization_id: whose mail it is; decides which officers see it.
    """

    payload: Any
    title: str
    text: str
    url: str
    label: str
    subject: str | None = None
    why: Any = None
    organization_id: int | None = None

    @property
    def line(self) -> Line:
        """The same among several."""
        return Line(title=self.title, text=self.text, url=self.url, label=self.label)


@dataclass(frozen=True, kw_only=True)
class ReminderSource:
    """Something with a date that reminders hang on.

    Args:
        key: `<room>.<what>`; rules name it.
        label: what it watches and for whom, in words for the admin.
        mail: the mail of a reminder that stands alone, declared in the room's `emails`.
        find: reads what is watched, in a few queries however many rows there are. A row that is settled,
            withdrawn or cancelled is not found any more: its reminders are dropped.
        write: says what one reminder says. The reader's language and the department's zone are set by then.
        matters: names them for staff.
    """

    key: str
    label: Any
    mail: Mail
    find: Find
    write: Callable[[ReminderRule, Watched], Notice]
    matters: Matters

    @property
    def template(self) -> str:
        """Of its mail."""
        return self.mail.template

    def notice(self, rule: ReminderRule, watched: Watched, zone: ZoneInfo) -> Notice:
        """What a reminder says, in its reader's language.

        Args:
            rule: by which it is due.
            watched: found by number, so that it has all that `write` needs.
            zone: the department's.
        """
        with speaking(watched.reader.language), timezone.override(zone):
            return self.write(rule, watched)


@dataclass(frozen=True, kw_only=True)
class DefaultRule:
    """A rule a room brings along; made once, then the admin's own.

    Args:
        label: what it says in one line, such as "Event: the day before". All others as in `ReminderRule`.
    """

    key: str
    label: Any
    source: str
    amount: int = 1
    unit: Unit = Unit.DAYS
    direction: Direction = Direction.BEFORE
    at: time = MORNING
    repeat_amount: int = 1
    repeat_unit: Unit = Unit.WEEKS
    repeat_times: int = 0
    active: bool = True
    look_back_days: int = 7  # a long weekend without a worker loses nothing

    @property
    def values(self) -> dict[str, Any]:
        """The fields of its row."""
        return {name: value for name, value in vars(self).items() if name != "label"}


END_OF_DAY = time(23, 59, 59)


def has_time(anchor: datetime, zone: ZoneInfo) -> bool:
    """Whether a date has a time of day; `end_of` gives one to those that have none."""
    return anchor.astimezone(zone).time() != END_OF_DAY


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """The last second of a local day: the anchor of a date that has no time of day.

    Args:
        day: a date such as "valid until".
        zone: the department's.
    """
    return datetime.combine(day, END_OF_DAY, tzinfo=zone).astimezone(UTC)


def sources() -> dict[str, ReminderSource]:
    """Every source of every room, by key."""
    return {each.key: each for _room, offered in rooms.offered("reminders", "SOURCES") for each in offered}


def default_rules() -> Iterator[DefaultRule]:
    """The rules that the rooms bring along: `REMINDER_RULES` beside their sources."""
    for _room, rules in rooms.offered("reminders", "REMINDER_RULES"):
        yield from rules


def make_default_rules() -> int:
    """Make the rules that are missing; rules that exist stay as the admin left them.

    Returns:
        How many were made.
    """
    known = set(ReminderRule.objects.values_list("key", flat=True))
    new = [each for each in default_rules() if each.key not in known]
    ReminderRule.objects.bulk_create([ReminderRule(**each.values) for each in new], ignore_conflicts=True)
    return len(new)


# What moves the moment at which a rule's reminders fall due.
TIMING = frozenset(
    {"active", "amount", "unit", "direction", "at", "repeat_amount", "repeat_unit", "repeat_times"}
)


@transaction.atomic
def change_rule(*, rule: ReminderRule, actor: Actor, changes: Mapping[str, Any]) -> ReminderRule:
    """Change a rule. What fell due before the change is not sent: no rule floods anyone.

    Args:
        rule: the row.
        actor: who changes it.
        changes: new values by field, of `TIMING` and `look_back_days`.

    Returns:
        The row as it is now.

    Raises:
        Refused: not an admin.
    """
    check(actor, "core.administer")
    row = edits.locked(rule)
    edits.change(
        row,
        changes,
        allowed=TIMING | {"look_back_days"},
        verb="mail.reminder_rule_changed",
        by=actor,
        settle=_begin_anew,
    )
    return row


def _begin_anew(rule: ReminderRule, changed: set[str]) -> None:
    if changed & TIMING and rule.active:
        rule.activated_at = clock.now()
