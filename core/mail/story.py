"""What mail tells of a business and of the day."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.access import refusal, visible
from core.mail.models import OutgoingMail
from core.pages.components import TimelineEntry
from core.pages.story import LONGEST, Beside, Card, Chapter, Day, Tile, Whose


def _chapter(place: Any, user: Any) -> Iterator[TimelineEntry]:
    rows = (
        visible(OutgoingMail, user)
        .filter(organization_id=place.organization_id)
        .defer("text", "html", "life")
        .order_by(Coalesce("sent_at", "due_at").desc(), "-pk")[:LONGEST]
    )
    for mail in rows:
        yield TimelineEntry(
            _("Mail: %(subject)s") % {"subject": mail.subject},
            when=mail.sent_at or mail.due_at,
            detail=_("to %(name)s · %(state)s")
            % {"name": mail.recipient_name or mail.to, "state": mail.get_status_display()},
            tone="bad" if mail.status in ("failed", "unknown") else "neutral",
            url=reverse("desk:mail_message", args=[mail.pk]),
        )


CHAPTERS = (Chapter("mail", gettext_lazy("Mail"), _chapter, order=80),)


def beside(place: Any, user: Any) -> Beside:
    """How much was sent to the organization, and whether any of it is in trouble; one query."""
    if refusal(user, "core.write_desk") is not None:
        return Beside()
    sums = (
        visible(OutgoingMail, user)
        .filter(organization_id=place.organization_id)
        .aggregate(
            sent=Count("pk", filter=Q(status="sent")),
            trouble=Count("pk", filter=Q(status__in=["failed", "unknown"], handled_at=None)),
            last=Max("sent_at"),
        )
    )
    return Beside([Card("mail", _("Mail"), "core/story/mail.html", facts=sums, order=60, aside=True)])


def day(user: Any, whose: Whose) -> Day:
    """How many mails a person has to look at; one query."""
    rows: Any = visible(OutgoingMail, user)
    trouble = rows.in_trouble().count()
    return Day(
        tiles=[
            Tile(
                trouble,
                ngettext("mail in trouble", "mails in trouble", trouble),
                "bad" if trouble else "good",
                f"{reverse('desk:mail')}?status=trouble",
                order=90,
            )
        ]
    )
