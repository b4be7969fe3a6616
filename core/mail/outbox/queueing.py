"""Putting mail into the outbox, in the transaction of the change that causes it."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import formataddr, parseaddr
from itertools import islice
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction

from core import clock, rooms
from core.hints import Hint
from core.mail.links import page_url_for
from core.mail.models import MailWording, OutgoingMail
from core.mail.purposes import NORMAL_PRIORITY, PRIORITY, Category, purpose_of
from core.mailboxes import normal
from core.models.department import Department

from .compose import one_line, render
from .life import line

KEY_LENGTH = OutgoingMail._meta.get_field("dedupe_key").max_length or 0
Each = TypeVar("Each")
REPLY_TO_LENGTH = 320
DRAIN = "core.mail.tasks.drain_outbox"  # the name of the task that sends what is due


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A mail to be queued, as `core.mail.outbox.Mail` makes it.

    Args:
        key: `rule:subject:recipient:occurrence`; a key that exists queues nothing.
        to: the address.
        category: what kind of mail it is.
        template: `<room>/<name>` under `templates/emails/`.
        subject: text or lazy translation; control characters are removed, 59 characters at most are kept.
        why: the sentence that tells the reader why they get this.
        room: the room that sends it.
        payload: a frozen dataclass; its fields are the template's variables.
        recipient_id: primary key of the user, if it is one.
        recipient_name: how the header names them.
        organization_id: whose mail it is; decides which officers see it.
        due_at: when to send, aware; now by default.
        useless_after: not sent after this moment, aware.
        names_day: the first day by which it asks for something, or until which it promises something.
        still_wanted: the name of a declared check (`catalog.checks`), asked again right before sending.
        subject_id: what that check looks at.
        language: the recipient's.
        calendar: an iCalendar stream that goes along as an invitation, or "".
        calendar_method: its METHOD, `REQUEST` or `CANCEL`.
        duty: the reader gets it because they work at the department, so they can't stop it.
    """

    key: str
    to: str
    category: Category | str
    template: str
    subject: Any
    why: Any
    room: str
    payload: Any = None
    recipient_id: int | None = None
    recipient_name: str = ""
    organization_id: int | None = None
    due_at: datetime | None = None
    useless_after: datetime | None = None
    names_day: date | None = None
    still_wanted: str = ""
    subject_id: int | None = None
    language: str = ""
    calendar: str = ""
    calendar_method: str = ""
    duty: bool = False


def enqueue(draft: Draft) -> OutgoingMail | None:
    """Queue one mail.

    Returns:
        The row, or `None` when a mail with this key exists already (or the address is empty).

    Raises:
        MissingVariableError: the template names a variable the payload lacks.
        ForeignLinkError: a link of the payload leads away from our own site.
    """
    made = insert([draft])
    return made[0] if made else None


def enqueue_many(drafts: Iterable[Draft], *, batch_size: int = 500) -> int:
    """Queue many mails with one INSERT per batch; each batch is its own transaction unless one is open.

    Drafts whose key exists are not even rendered. The iterable is consumed batch by batch.

    Returns:
        How many rows were made.
    """
    made = 0
    for batch in batches(drafts, batch_size):
        with transaction.atomic():
            made += len(insert(batch))
    return made


def bounded(key: str) -> str:
    """A key that fits its column: the end of a longer one, such as one with a long address, is hashed."""
    if len(key) <= KEY_LENGTH:
        return key
    return f"{key[: KEY_LENGTH - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


def batches(rows: Iterable[Each], size: int) -> Iterator[list[Each]]:
    """The rows in lists of at most `size`."""
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def insert(drafts: list[Draft]) -> list[OutgoingMail]:
    """Queue what is new in the open transaction; in the order of the keys, so that two lock nobody out.

    Returns:
        The rows that were made.
    """
    wanted: dict[str, Draft] = {}
    for draft in drafts:
        if draft.to.strip():
            wanted.setdefault(bounded(draft.key), draft)
    for name in OutgoingMail.objects.filter(dedupe_key__in=wanted).values_list("dedupe_key", flat=True):
        del wanted[name]
    if not wanted:
        return []
    department = Department.current()
    replies = reply_addresses(draft.organization_id for draft in wanted.values())
    words = MailWording.of(draft.template for draft in wanted.values())
    rows = [_row(wanted[key], department, replies, words) for key in sorted(wanted)]
    OutgoingMail.objects.bulk_create(rows, ignore_conflicts=True)
    # ON CONFLICT DO NOTHING tells nothing back: our own Message-IDs do.
    numbers = dict(
        OutgoingMail.objects.filter(message_id__in=[row.message_id for row in rows]).values_list(
            "message_id", "pk"
        )
    )
    made = []
    for row in rows:
        if row.message_id in numbers:
            row.pk = numbers[row.message_id]
            row._state.adding = False
            made.append(row)
    if made:
        _kick_after_commit()
    return made


def reply_addresses(organizations: Iterable[int | None]) -> dict[int, str]:
    """Where replies to the mail of organizations go, each one line; without an entry, to the department.

    Args:
        organizations: ids; `None` is passed over.
    """
    known = {each for each in organizations if each is not None}
    if not known:
        return {}
    found: dict[int, str] = rooms.the_one("scope", "reply_addresses")(known)
    return {number: _one_address(line) for number, line in found.items()}


def _reply_to(draft: Draft, replies: Mapping[int, str]) -> str:
    """Nobody answers themselves, and sign-in mail concerns the account, not the business."""
    if draft.organization_id is None or draft.category == Category.SECURITY:
        return ""
    line = replies.get(draft.organization_id, "")
    return "" if normal(parseaddr(line)[1]) == normal(draft.to) else line


def _one_address(line: str) -> str:
    """`Name <address>` in one line that fits its column; the name goes first when it does not."""
    name, address = parseaddr(one_line(line, 1000))
    whole = formataddr((one_line(name, 60), address))
    return whole if len(whole) <= REPLY_TO_LENGTH else address


def message_id() -> str:
    """A new Message-ID under the sender's domain."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{uuid.uuid4().hex}@{domain}>"


def _row(
    draft: Draft,
    department: Department,
    replies: Mapping[int, str],
    words: Mapping[str, MailWording],
    *,
    number: str = "",
) -> OutgoingMail:
    number = number or message_id()  # a mail that is written anew keeps its links
    rendered = render(
        template=draft.template,
        subject=draft.subject,
        why=draft.why,
        payload=draft.payload,
        category=draft.category,
        duty=draft.duty,
        language=draft.language,
        department=department,
        words=words.get(draft.template),
        # A mail with a code holds nothing else that one could act on.
        preferences_url="" if draft.category == Category.SECURITY else page_url_for(number),
    )
    now = clock.now()
    return OutgoingMail(
        dedupe_key=bounded(draft.key),
        message_id=number,
        category=Category(draft.category),
        purpose=purpose_of(draft.category, duty=draft.duty),
        priority=PRIORITY.get(Category(draft.category), NORMAL_PRIORITY),
        room=draft.room,
        template=draft.template,
        organization_id=draft.organization_id,
        subject_id=draft.subject_id,
        still_wanted=draft.still_wanted,
        to=draft.to.strip(),
        recipient_id=draft.recipient_id,
        recipient_name=one_line(draft.recipient_name, 200),
        language=draft.language,
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        why=rendered.why,
        reply_to=_reply_to(draft, replies),
        calendar=draft.calendar,
        calendar_method=draft.calendar_method,
        planned_at=now,
        due_at=draft.due_at or now,
        useless_after=draft.useless_after,
        names_day=draft.names_day,
        life=line("planned", at=now),
    )


def rewrite(mail: OutgoingMail, draft: Draft) -> None:
    """Write a mail anew that this process has claimed: what it says may have changed while it waited.

    Args:
        mail: the row; its subject, texts and calendar part are changed in place as well.
        draft: what it says now.
    """
    words = MailWording.of([draft.template])
    fresh = _row(draft, Department.current(), {}, words, number=mail.message_id)
    names = (
        "template",
        "purpose",
        "subject",
        "text",
        "html",
        "why",
        "calendar",
        "calendar_method",
        "names_day",
    )
    changes = {name: getattr(fresh, name) for name in names}
    OutgoingMail.objects.filter(pk=mail.pk, token=mail.token).update(**changes)
    for name, value in changes.items():
        setattr(mail, name, value)


def _kick_after_commit() -> None:
    if any(hook[1] is kick for hook in connection.run_on_commit):
        return
    transaction.on_commit(kick, robust=True)


_hint = Hint(DRAIN, settings.MAIL_TICK)


def kick() -> None:
    """Hint to the worker that mail is waiting. Never raises, never waits long: beat comes by anyway."""
    _hint.give()


def ask_for_help() -> None:
    """Hint that a second process may join in sending. It asks nobody else, and nobody to go on after it."""
    _hint.give(helping=True)
