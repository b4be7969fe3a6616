"""What the list of outgoing mail shows."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.mail.models import OutgoingMail
from core.pages.columns import Column
from core.pages.marks import clock, day


def room_label(name: str) -> str:
    """A room's name in words, as the admin calls it; the kernel's own mail is the registry's."""
    if name == "mail":
        return str(_("The registry"))
    try:
        return capfirst(str(apps.get_app_config(name).verbose_name))
    except LookupError:
        return name


def _state(mail: OutgoingMail) -> tuple[str, str]:
    return mail.get_status_display(), mail.tone


def _page(mail: OutgoingMail) -> str:
    return reverse("desk:mail_message", args=[mail.pk])


def _recipient(mail: OutgoingMail) -> str:
    return mail.recipient_name or mail.to


def _address(mail: OutgoingMail) -> str:
    return mail.to if mail.recipient_name else ""


def _moment(key: str, label: Any, field: str) -> Column:
    """A column with the day and, below it, the time of day."""

    def at(mail: OutgoingMail) -> datetime | None:
        found: datetime | None = getattr(mail, field)
        return found

    return Column(
        key,
        label,
        sort=field,
        value=lambda mail: day(at(mail), "short"),
        sub=lambda mail: clock(at(mail)),
        file=at,
    )


COLUMNS = (
    Column(
        "subject", _("Subject"), link=_page, sub=lambda mail: mail.get_category_display(), below=_("Kind")
    ),
    Column("recipient", _("To"), value=_recipient, sub=_address, below=_("Address")),
    Column("status", _("State"), sort=("status", "-pk"), tag=_state),
    Column("room", _("From"), value=lambda mail: room_label(mail.room), hide_on_phone=True),
    _moment("due", _("Due"), "due_at"),
    _moment("sent", _("Sent"), "sent_at"),
)
