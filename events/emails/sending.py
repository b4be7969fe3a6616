"""How this room sends a mail: to who registered, about their registration, under its event."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from core.mail.outbox import Draft, Mail, Reader
from core.models import Department
from events import ics
from events.models import Event, Registration

from .payloads import Facts
from .words import facts


def reader_of(registration: Registration) -> Reader:
    """Who registered."""
    return Reader(
        f"registration-{registration.pk}",
        registration.email,
        registration.name,
        user_id=registration.user_id,
        language=registration.language,
    )


def draft(
    mail: Mail,
    event: Event,
    registration: Registration,
    *,
    department: Department,
    subject: Callable[[Facts], str],
    payload: Callable[[Facts], Any],
    occurrence: object = 1,
    useless_after: datetime | None = None,
    calendar: str = "",
) -> Draft:
    """A mail of this room.

    Args:
        mail: which.
        event: what it is under.
        registration: whose.
        department: who invites.
        subject, payload: made of the facts in the reader's language.
        occurrence: tells mails of this kind to this reader apart.
        useless_after: not sent after this moment, aware.
        calendar: `REQUEST` or `CANCEL` sends an invitation along, "" none.
    """

    @cache
    def known() -> Facts:
        return facts(event, registration)

    def invitation() -> str:
        return ics.invitation(
            event, registration, calendar, organizer=department.name, email=department.email
        )

    return mail.draft(
        to=reader_of(registration),
        about=registration,
        under=event,
        occurrence=occurrence,
        subject=lambda: subject(known()),
        payload=lambda: payload(known()),
        organization_id=registration.business.organization_id if registration.business else None,
        useless_after=useless_after,
        calendar=invitation if calendar else None,
        calendar_method=calendar,
        zone=department.zone,
    )
