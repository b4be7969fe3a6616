"""From reminders to mail: one mail a person and day, whatever the number of reminders.

What falls due to the minute (rules of minutes and hours) goes out apart. All the rest of a day comes in one
mail: the reminder's own when there is one, else a digest. Who had it already gets a second one that day only
with what would be of no use tomorrow. What waits for someone because they work at the department comes apart
from what they can stop: one mail can't be both.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, connection, transaction

from core import clock, locks, mailboxes
from core.mail import consents, suppressions
from core.mail.models import OutgoingMail, Reminder
from core.mail.models.rules import MORNING
from core.mail.outbox import Draft, queueing
from core.mail.purposes import Category, Purpose, Status, purpose_of
from core.mail.reminders.digest import Line, digest
from core.models import Department

from .sources import ReminderSource, Watched, sources

logger = logging.getLogger(__name__)
PEOPLE = 500  # whose mail is written in one transaction
AWAY = (OperationalError, InterfaceError)  # any other error is the fault of one mail or one source
WANTED = "mail.reminder_wanted"
# A mail that waited longer than this is written anew before it goes out: its facts may have changed.
STALE = timedelta(minutes=10)


@dataclass(frozen=True)
class Ready:
    """A reminder with what it is about, as it stands now."""

    row: Reminder
    source: ReminderSource
    watched: Watched


@dataclass(frozen=True)
class Written:
    """What a reminder says: as a mail of its own, and, beside others, as a line of a digest."""

    row: Reminder
    draft: Draft
    line: Line

    @property
    def purpose(self) -> str:
        """What the mail is for."""
        return purpose_of(self.draft.category, duty=self.draft.duty).value


def compose(now: datetime) -> int:
    """Queue the mail for every reminder that is due and in no mail yet.

    Only one planner at a time: another one that is at it makes this one return.

    Args:
        now: the planner's moment, aware.

    Returns:
        How many mails were queued.
    """
    made, last = 0, ""
    while True:
        with transaction.atomic():
            if not locks.if_free("core.mail.reminders.compose"):
                return made
            due = Reminder.objects.pending().filter(due_at__lte=now)
            people = list(
                due.filter(to__gt=last).order_by("to").values_list("to", flat=True).distinct()[:PEOPLE]
            )
            if not people:
                return made
            made += _compose_for(due.filter(to__in=people), now)
            last = people[-1]


def _compose_for(rows: Any, now: datetime) -> int:
    zone = Department.current().zone
    today = now.astimezone(zone).date()
    ready = _latest(_sift(list(rows.select_related("rule").order_by("to", "due_at", "pk")), now))
    by_person: dict[tuple[str, str], list[Written]] = defaultdict(list)
    for each in _written(ready, zone):
        by_person[each.row.to, each.purpose].append(each)
    people = {to for to, _purpose in by_person}
    had_today = mailed_on(today, people)
    drafts = {}
    for person, mine in by_person.items():
        for parcel in _parcels(mine, had_one=person in had_today, now=now, zone=zone):
            draft = _draft(parcel)
            drafts[draft.key] = (draft, parcel)
    mails = {mail.dedupe_key: mail for mail in _queue([draft for draft, _ in drafts.values()])}
    _carry({each.row.pk: mail.pk for key, mail in mails.items() for each in drafts[key][1]}, today)
    return len(mails)


def mailed_on(day: date, people: Collection[str]) -> set[tuple[str, str]]:
    """Who of these had their mail of reminders on a local day, by address and purpose."""
    mailed = Reminder.objects.filter(to__in=people, mailed_on=day, exact=False)
    return set(mailed.exclude(mail__status=Status.CANCELLED).values_list("to", "mail__purpose"))


def _carry(mails: dict[int, int], day: date) -> None:
    """Note which mail carries which reminder. The ORM's own way took a fifth of a day's reminders."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE mail_reminder SET mail_id = carried.mail, mailed_on = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS carried (id, mail)"
            " WHERE mail_reminder.id = carried.id",
            [day, list(mails), list(mails.values())],
        )


def _write(ready: Ready, zone: ZoneInfo) -> Written:
    """What one reminder says, as a mail of its own and as a line."""
    source, watched = ready.source, ready.watched
    notice = source.notice(ready.row.rule, watched, zone)
    draft = source.mail.draft(
        to=watched.reader,
        key="",
        payload=lambda: notice.payload,
        subject=notice.subject,
        why=notice.why,
        organization_id=notice.organization_id,
        zone=zone,
    )
    draft = replace(draft, duty=watched.duty, subject_id=watched.subject_id)
    return Written(ready.row, draft, notice.line)


def _written(ready: Iterable[Ready], zone: ZoneInfo) -> Iterator[Written]:
    """What they say. One that can't be written waits, and keeps no other out of the mail."""
    for each in ready:
        try:
            yield _write(each, zone)
        except AWAY:
            raise
        except Exception:
            logger.exception("The reminder %s can't be written; it waits.", each.row.key)


def _queue(drafts: list[Draft]) -> list[OutgoingMail]:
    """Queue them together; where one can't be written, one by one, so that it keeps nobody else waiting."""
    try:
        with transaction.atomic():
            return queueing.insert(drafts)
    except AWAY:
        raise
    except Exception as error:
        if len(drafts) == 1:
            logger.exception("The mail %s can't be written; its reminders wait.", drafts[0].key)
            return []
        logger.warning("Of %d mails one can't be written (%s).", len(drafts), type(error).__name__)
    return [mail for draft in drafts for mail in _queue([draft])]


def out_of_reach(watched: Iterable[Watched]) -> dict[tuple[str, Purpose], str]:
    """Whom reminders don't reach, with the reason, a `Reminder.Dropped`; a query for each reason and purpose.

    Returns:
        By `Watched.whom`.
    """
    people: dict[Purpose, set[str]] = defaultdict(set)
    for each in watched:
        address, purpose = each.whom
        people[purpose].add(address)
    found: dict[tuple[str, Purpose], str] = {}
    for purpose, addresses in people.items():
        for address in suppressions.held_back(addresses, Category.REMINDER, purpose):
            found[address, purpose] = Reminder.Dropped.SUPPRESSED
        for address in consents.refused(addresses, purpose):
            found[address, purpose] = Reminder.Dropped.STOPPED
    return found


class SourceFailedError(Exception):
    """A source could not be asked what stands. Mail that hangs on it waits, neither sent nor called off."""


def _sift(rows: list[Reminder], now: datetime, *, all_of_them: bool = False) -> list[Ready]:
    """Those that are to be mailed. The others are dropped with the reason, or go: date or address changed.

    Those of a source that fails are left out and wait; with `all_of_them` nothing is done without them.

    Raises:
        SourceFailedError: a source failed, and `all_of_them` is asked for.
    """
    ready = []
    dropped: dict[str, list[int]] = defaultdict(list)
    standing, failed = _standing(rows)
    unreached = out_of_reach(each.watched for each in standing.values())
    if failed and all_of_them:
        raise SourceFailedError(", ".join(sorted(failed)))
    moved = []
    for row in rows:
        if row.rule.source in failed:
            continue
        found = standing.get((row.rule.source, row.subject_id, row.recipient))
        if not row.rule.active:
            dropped[Reminder.Dropped.OFF].append(row.pk)
        elif found is None:
            dropped[Reminder.Dropped.UNWANTED].append(row.pk)
        elif found.watched.anchor != row.anchor or mailboxes.normal(found.watched.to) != row.to:
            moved.append(row.pk)
        elif now > row.useless_after:
            dropped[Reminder.Dropped.TOO_LATE].append(row.pk)
        elif found.watched.whom in unreached:
            dropped[unreached[found.watched.whom]].append(row.pk)
        else:
            ready.append(replace(found, row=row))
    for reason, numbers in dropped.items():
        Reminder.objects.filter(pk__in=numbers).update(dropped=reason)
    # The new date or address gets its own row, with the same key if it is on the same day.
    Reminder.objects.filter(pk__in=moved).delete()
    return ready


def written_anew(rows: list[Reminder], now: datetime) -> Draft | None:
    """What a mail of these reminders says now; nothing is noted, so that their rows keep telling what was.

    Args:
        rows: with their rules, the earliest due first.
        now: aware.

    Returns:
        The mail without what was settled, moved or came too late; `None` when nothing is left of it.

    Raises:
        SourceFailedError: a source could not be asked.
    """
    standing, failed = _standing(rows)
    if failed:
        raise SourceFailedError(", ".join(sorted(failed)))
    left = []
    for row in rows:
        found = standing.get((row.rule.source, row.subject_id, row.recipient))
        if found is None or not row.rule.active or now > row.useless_after:
            continue
        if found.watched.anchor == row.anchor and mailboxes.normal(found.watched.to) == row.to:
            left.append(replace(found, row=row))
    zone = Department.current().zone
    return _draft([_write(each, zone) for each in left]) if left else None


def _latest(ready: list[Ready]) -> list[Ready]:
    """Of several reminders of one date that are late together, the latest says it all; the others go."""
    last = {(each.source.key, each.row.subject_id, each.row.recipient): each for each in ready}
    kept = {each.row.pk for each in last.values()}
    overtaken = [each.row.pk for each in ready if each.row.pk not in kept]
    Reminder.objects.filter(pk__in=overtaken).update(dropped=Reminder.Dropped.OVERTAKEN)
    return [each for each in ready if each.row.pk in kept]


def _standing(rows: Iterable[Reminder]) -> tuple[dict[tuple[str, int, str], Ready], set[str]]:
    """What the reminders are about, as it stands now: by source, number and recipient; one look a source.

    Returns:
        What was found, and the sources that could not be asked: their reminders wait.
    """
    known = sources()
    asked: dict[str, dict[int, Reminder]] = defaultdict(dict)
    for row in rows:
        asked[row.rule.source][row.subject_id] = row
    found, failed = {}, set()
    for key, mine in asked.items():
        source = known.get(key)
        try:
            if source is not None:
                with transaction.atomic():  # a source's faulty query spoils only itself
                    rows_of = list(source.find(ids=list(mine)))
                for watched in rows_of:
                    row = mine[watched.subject_id]
                    found[key, watched.subject_id, watched.recipient] = Ready(row, source, watched)
        except AWAY:
            raise
        except Exception:
            logger.exception("The reminders of %s could not be checked; they wait.", key)
            failed.add(key)
    return found, failed


def _parcels(mine: list[Written], *, had_one: bool, now: datetime, zone: ZoneInfo) -> list[list[Written]]:
    """What one person's mails carry: exact ones apart, the day's together, the rest tomorrow."""
    apart = [[each] for each in mine if each.row.exact]
    daily = [each for each in mine if not each.row.exact]
    if had_one:
        tomorrow = now.astimezone(zone).date() + timedelta(days=1)
        morning = datetime.combine(tomorrow, MORNING, tzinfo=zone)
        daily = [each for each in daily if each.row.useless_after <= morning]
    return [*apart, daily] if daily else apart


def _draft(parcel: list[Written]) -> Draft:
    """The mail of one or several reminders. Its key is new with each row: a moved date gets its own."""
    first = parcel[0]
    until = max(each.row.useless_after for each in parcel)
    common: dict[str, Any] = {
        "category": Category.REMINDER,
        "still_wanted": WANTED,
        "useless_after": until,
    }
    if len(parcel) == 1:
        key = queueing.bounded(f"{first.row.key}:{first.row.pk}")
        return replace(first.draft, key=key, **common)
    lines = [each.line for each in parcel]
    whole = digest(drafts=[each.draft for each in parcel], lines=lines)
    return replace(whole, key=f"digest:{first.row.pk}", **common)


def still_wanted(mail: OutgoingMail) -> bool:
    """Asked right before a mail with reminders goes out; takes out what is not wanted any more.

    A reminder whose matter was settled is dropped; one whose date moved goes, and the new date gets its own.
    When some are left, or the mail has waited for long, it is written anew from what stands now.

    Args:
        mail: claimed by this process.

    Returns:
        Whether anything is left to say.

    Raises:
        SourceFailedError: a source could not be asked; the mail waits for the next try.
    """
    now = clock.now()
    with transaction.atomic():
        rows = list(mail.reminders.select_related("rule").order_by("due_at", "pk"))
        left = _sift(rows, now, all_of_them=True)
        if not left:
            return False
        if len(left) < len(rows) or now - mail.planned_at > STALE:
            zone = Department.current().zone
            queueing.rewrite(mail, _draft([_write(each, zone) for each in left]))
    return True
