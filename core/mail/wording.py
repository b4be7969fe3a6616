"""The department's own words around the fixed part of a mail: read, tried, changed, taken back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.header import decode_header, make_header

from django.db import transaction

from core import access, edits
from core.access import Actor
from core.mail.models import MailWording
from core.mail.outbox import Mail, catalog
from core.mail.outbox.compose import Rendered, render, tidy
from core.mail.outbox.relay import sender_of
from core.mail.purposes import Category
from core.models import Department


@dataclass(frozen=True)
class Preview:
    """A mail as its recipient would get it.

    Args:
        sender: whom it is from, as people read it.
        mail: its subject, text and HTML.
    """

    sender: str
    mail: Rendered


def offered() -> Iterator[Mail]:
    """The mails that take words of the department: all but those of signing in, which stay as they are."""
    return (kind for kind in catalog().values() if kind.category != Category.SECURITY)


def make_rows() -> int:
    """Make the row of every mail that has none yet, without words.

    Returns:
        How many were made.
    """
    known = set(MailWording.objects.values_list("template", flat=True))
    new = [MailWording(template=kind.template) for kind in offered() if kind.template not in known]
    MailWording.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def preview(*, template: str, before: str, after: str) -> Preview:
    """The whole mail with these words around it, on the sample of the catalog.

    Args:
        template: a key of the catalog.
        before: words before the fixed part, as typed.
        after: words after it.

    Raises:
        KeyError: no mail of the catalog has this template.
    """
    kind, department = catalog()[template], Department.current()
    mail = render(
        template=template,
        subject=kind.subject,
        why=kind.why,
        payload=kind.sample(),
        category=kind.category,
        duty=kind.duty,
        department=department,
        words=MailWording(template=template, before=before, after=after),
    )
    sender = str(make_header(decode_header(sender_of(department))))
    return Preview(sender=sender, mail=mail)


def change_wording(
    *, wording: MailWording, actor: Actor, before: str, after: str, seen: datetime | None = None
) -> MailWording:
    """Set the words of one mail. Mail that waits already keeps what it says.

    Args:
        wording: the row.
        actor: an admin.
        before: plain text before the fixed part; an empty line starts a new paragraph.
        after: the same after it.
        seen: `updated_at` of the version the admin saw, to refuse a stale edit; `None` to skip the check.

    Returns:
        The row as it is now.

    Raises:
        Refused: the actor may not, or someone else changed it meanwhile.
    """
    words = {"before": tidy(before).strip(), "after": tidy(after).strip()}
    return _write("mail.wording_changed", wording, actor, seen, words)


def reset_wording(*, wording: MailWording, actor: Actor, seen: datetime | None = None) -> MailWording:
    """Take the department's words off a mail. Arguments, answer and errors as for `change_wording`."""
    return _write("mail.wording_reset", wording, actor, seen, {"before": "", "after": ""})


@transaction.atomic
def _write(
    verb: str, wording: MailWording, actor: Actor, seen: datetime | None, words: dict[str, str]
) -> MailWording:
    access.check(actor, "core.administer")
    row = edits.locked(wording)
    edits.change(row, words, allowed=("before", "after"), verb=verb, by=actor, seen=seen)
    return row
