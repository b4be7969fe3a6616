"""What the desk's page of a mail shows: the text without secrets, the reason, the reminders it carries."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from email.header import decode_header, make_header
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django.utils.translation import gettext as _

from core import clock, mailboxes, words
from core.mail import consents, reminders
from core.mail.models import OutgoingMail
from core.mail.purposes import IN_FLIGHT, ON_UNLESS_STOPPED, Category, Purpose, Status
from core.mail.reminders import again
from core.mail.reminders.labels import label_of
from core.mail.reminders.sources import has_time

# A page renews itself around the moment when a mail is due, not for hours while a relay is away: that would
# keep a session open at which nobody sits.
SOON, LONG = timedelta(seconds=30), timedelta(minutes=5)

# A mail is shown as what it is: a foreign document. No script, no form, no fetch, an origin of its own.
PREVIEW_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


_HREF = re.compile(r"""(<a\b[^>]*?)\shref=(?:"[^"]*"|'[^']*'|[^\s>]+)""", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """A mail's text or HTML with "…" in place of the recipient's tokens."""
    return _secrets(settings.ROOT_URLCONF).sub(r"\1…", text)


def unlinked(html: str) -> str:
    """A mail's HTML as a picture: its links are the recipient's, and lead nobody else anywhere."""
    return _HREF.sub(r"\1", html)


@cache
def _secrets(urlconf: str) -> re.Pattern[str]:
    """The addresses of every room that have a `token`: it acts for the recipient, so staff do not see it."""
    paths = {
        re.sub(r"%\\?\(\w+\\?\)s", "[^/]+", re.escape(before))
        for before in (route.partition("%(token)s")[0] for route in _routes(get_resolver(urlconf)))
    }
    longest_first = "|".join(sorted(paths, key=lambda path: (-len(path), path)))
    return re.compile(rf"(/(?:{longest_first}))[^/\s\"'<>?#&]+")


def _routes(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """Such as `registrations/%(token)s/people/`, of all addresses that have a token."""
    for name in resolver.reverse_dict:
        for routes, *_rest in resolver.reverse_dict.getlist(name):
            yield from (prefix + route for route, names in routes if "token" in names)
    for inner, below in resolver.namespace_dict.values():
        yield from _routes(below, prefix + inner)


def moving() -> Q:
    """Mail whose state is about to change: in flight, or due about now."""
    if settings.MAIL_PAUSED:
        return Q(pk=None)
    now = clock.now()
    return Q(status__in=IN_FLIGHT, due_at__gt=now - LONG) | Q(
        status=Status.WAITING, due_at__range=(now - LONG, now + SOON)
    )


def is_moving(mail: OutgoingMail) -> bool:
    """Whether a mail's state is about to change."""
    return OutgoingMail.objects.filter(moving(), pk=mail.pk).exists()


def consent_words(mail: OutgoingMail) -> str:
    """Which choice of the recipient allows a mail of this kind, or forbids it now."""
    if mail.purpose == Purpose.SERVICE and mail.category == Category.REMINDER:
        return _("No consent is needed: it is about the recipient's work at the department.")
    if mail.purpose == Purpose.SERVICE:
        return _("No consent is needed: it tells people what they must know.")
    found = consents.latest([mail.to]).get((mailboxes.normal(mail.to), mail.purpose, ""))
    if found is not None:
        pattern = _("Agreed on %(day)s: %(how)s.") if found.given else _("Stopped on %(day)s: %(how)s.")
        day = words.day(found.at)
        return pattern % {"day": day, "how": found.get_how_display()}
    if mail.purpose in ON_UNLESS_STOPPED:
        return _("They come with what the recipient asked for, until they stop them.")
    return _("No consent is recorded, so it is not sent.")


def reminder_rows(user: Any, mail: OutgoingMail) -> list[dict[str, Any]]:
    """The reminders a mail carries: the name of its rule, when it reminds, and the date it reminds of.

    What it is about is named to who may see it, a few queries a source however many there are.

    Args:
        user: who looks.
        mail: the row.
    """
    known = reminders.sources()
    rows = again.carried(mail)
    subjects: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        subjects[row.rule.source].add(row.subject_id)
    matters = {key: known[key].matters(user, numbers) for key, numbers in subjects.items() if key in known}
    return [
        {
            "label": label_of(row.rule),
            "rule": f"{row.rule.words} · {row.rule.key}",
            "matter": matters.get(row.rule.source, {}).get(row.subject_id),
            "anchor": row.anchor,
            "is_day": not has_time(row.anchor, timezone.get_current_timezone()),
        }
        for row in rows
    ]


def replies_go_to(mail: OutgoingMail) -> str:
    """The address of replies as people read it; "" for the department's."""
    return str(make_header(decode_header(mail.reply_to)))
