"""What the desk's pages on mail show and offer: the text without secrets, the reason, the steps."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from email.header import decode_header, make_header
from functools import cache
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import clock, consents, outbox, reminders, suppressions
from .access import Refusal, refusal
from .forms import OneTimeFormMixin
from .models import Category, OutgoingMail, Purpose, Status
from .models.consent import ON_UNLESS_STOPPED
from .models.mail import IN_FLIGHT
from .reminders.sources import END_OF_DAY

# A page renews itself around the moment when a mail is due, not for hours while a relay is away: that would
# keep a session open at which nobody sits.
SOON, LONG = timedelta(seconds=30), timedelta(minutes=5)


def without_secrets(text: str) -> str:
    """A mail's text or HTML with "…" in place of the recipient's tokens."""
    return _secrets(settings.ROOT_URLCONF).sub(r"\1…", text)


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
        return _("None is needed: it is about the recipient's work at the department.")
    if mail.purpose == Purpose.SERVICE:
        return _("None is needed: mail of service tells people what they must know.")
    found = consents.latest([mail.to]).get((consents.normal(mail.to), mail.purpose, ""))
    if found is not None:
        pattern = _("Agreed on %(day)s: %(how)s.") if found.given else _("Stopped on %(day)s: %(how)s.")
        day = date_format(timezone.localtime(found.at), "N j, Y")
        return pattern % {"day": day, "how": found.get_how_display()}
    if mail.purpose in ON_UNLESS_STOPPED:
        return _("They come with what the recipient asked for, until they stop them.")
    return _("None is recorded, so it is not sent.")


def reminder_rows(user: Any, mail: OutgoingMail) -> list[dict[str, Any]]:
    """The reminders a mail carries: the name of its rule, when it reminds, and the date it reminds of.

    What it is about is named to who may see it, a few queries a source however many there are.

    Args:
        user: who looks.
        mail: the row.
    """
    known = reminders.sources()
    rows = list(mail.reminders.select_related("rule").order_by("due_at", "pk"))
    subjects: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        subjects[row.rule.source].add(row.subject_id)
    matters = {key: known[key].matters(user, numbers) for key, numbers in subjects.items() if key in known}
    return [
        {
            "label": str(row.rule),
            "rule": f"{row.rule.words} · {row.rule.key}",
            "matter": matters.get(row.rule.source, {}).get(row.subject_id),
            "anchor": row.anchor,
            "is_day": timezone.localtime(row.anchor).time() == END_OF_DAY,
        }
        for row in rows
    ]


def replies_go_to(mail: OutgoingMail) -> str:
    """The address of replies as people read it; "" for the department's."""
    return str(make_header(decode_header(mail.reply_to)))


class StepForm(OneTimeFormMixin, forms.Form):
    """Nothing but the key that makes a step once."""


@dataclass(frozen=True)
class Step:
    """One step a person may take with a mail, asked for on a page of its own.

    Args:
        permission: whose guard says whether it can be taken.
        act: the service, called with `mail` and `actor`.
        label: the words on the button.
        question, explain: the page that asks.
        done: the message afterwards.
        danger: whether it can't be taken back.
    """

    permission: str
    act: Callable[..., Any]
    label: Any
    question: Any
    explain: Any
    done: Any
    danger: bool = False


def _lift(*, mail: OutgoingMail, actor: Any) -> OutgoingMail:
    suppressions.lift(address=mail.to, actor=actor)
    return mail


STEPS: dict[str, Step] = {
    "resend": Step(
        "core.resend_mail",
        outbox.resend,
        gettext_lazy("Send again"),
        gettext_lazy("Send “%(subject)s” to %(to)s again?"),
        gettext_lazy(
            "The same goes out as a new mail: of reminders, what still stands. "
            "What the recipient stopped is not sent."
        ),
        gettext_lazy("“%(subject)s” goes out to %(to)s again."),
    ),
    "release": Step(
        "core.release_mail",
        outbox.release,
        gettext_lazy("Release it"),
        gettext_lazy("Send “%(subject)s” to %(to)s after all?"),
        gettext_lazy("It may have arrived already. Then the recipient gets it twice."),
        gettext_lazy("“%(subject)s” goes out to %(to)s."),
    ),
    "drop": Step(
        "core.drop_mail",
        outbox.drop,
        gettext_lazy("Let it rest"),
        gettext_lazy("Let “%(subject)s” to %(to)s rest?"),
        gettext_lazy("It is not sent again. Do this when it arrived, or when nobody needs it any more."),
        gettext_lazy("“%(subject)s” rests. It is not sent again."),
        danger=True,
    ),
    "set-aside": Step(
        "core.set_aside_mail",
        outbox.set_aside,
        gettext_lazy("Seen to another way"),
        gettext_lazy("Did %(to)s learn what “%(subject)s” says?"),
        gettext_lazy("Do this when you told them by phone or in person. It is then no longer in trouble."),
        gettext_lazy("“%(subject)s” was seen to."),
    ),
    "lift": Step(
        "core.lift_suppression",
        _lift,
        gettext_lazy("Send there again"),
        gettext_lazy("Send mail to %(to)s again?"),
        gettext_lazy(
            "Do this once the recipient told you that the address works. What they stopped stays stopped."
        ),
        gettext_lazy("Mail goes to %(to)s again."),
    ),
}


def offered(user: Any, mail: OutgoingMail, trouble: bool) -> list[tuple[str, Step, Refusal | None]]:
    """The steps that make sense for a mail now, each with the reason when it can't be taken.

    Args:
        user: who looks.
        mail: the row.
        trouble: whether mail to its address is held back.
    """
    names = {
        Status.SENT: [] if mail.category == Category.SECURITY else ["resend"],
        Status.FAILED: ["resend"] if mail.handled_at else ["resend", "set-aside"],
        Status.UNKNOWN: ["release", "drop"],
    }.get(Status(mail.status), [])
    names = [*names, "lift"] if trouble else names
    return [(name, STEPS[name], refusal(user, STEPS[name].permission, mail)) for name in names]
