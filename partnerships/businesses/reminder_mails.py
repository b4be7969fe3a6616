"""The reminders of this room: each as a mail of its own, and as a line of the day's digest."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any, TypeVar

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.links import absolute
from core.mail.outbox import Draft, Mail
from core.mail.outbox.compose import speaking
from core.mail.purposes import Category
from core.mail.reminders import Line

from .models import Claim, Invitation

WHY_INVITED = gettext_lazy("You get this because a colleague typed in your address.")
WHY_INVITER = gettext_lazy("You get this because you sent this invitation.")
WHY_OFFICER = gettext_lazy("You get this because you cover this place of business.")
Written = TypeVar("Written")


@dataclass(frozen=True)
class InvitationReminderMail:
    """A colleague's invitation still waits. Without the secret link: that was in the first mail."""

    organization: str
    invited_by: str
    until: str
    address: str
    url: str


@dataclass(frozen=True)
class UnansweredMail:
    """Your invitation ends and nobody answered."""

    name: str
    organization: str
    address: str
    until: str
    url: str


@dataclass(frozen=True)
class ClaimWaitingMail:
    """Someone says that a place is theirs, and nobody has checked it."""

    name: str
    business: str
    place: str
    claimant: str
    claimant_phone: str
    since: str
    url: str


def in_words(day: date) -> str:
    """ "November 24, 2026" """
    return date_format(day, pgettext("date", "F j, Y"))


def _to(reader: Callable[..., Any]) -> Callable[[Callable[..., Written]], Callable[..., Written]]:
    """In the language of the account that reads it; `reader` finds it among the arguments."""

    def decorate(write: Callable[..., Written]) -> Callable[..., Written]:
        @wraps(write)
        def written(*args: Any) -> Written:
            with speaking(getattr(reader(*args), "language", "")):
                return write(*args)

        return written

    return decorate


@_to(lambda row, account, until: account)
def invitation(row: Invitation, account: Any, until: date) -> Draft:
    """To the colleague: it still waits. Sign in with this address, and the home page shows it.

    Args:
        row: the open invitation.
        account: the account with its address, `None` when there is none yet.
        until: its last local day.
    """
    return Draft(
        key="",
        to=row.email,
        recipient_id=account.pk if account else None,
        recipient_name=account.full_name if account else "",
        category=Category.REMINDER,
        template="businesses/invitation_reminder",
        subject=_("An invitation waits for you"),
        payload=InvitationReminderMail(
            organization=row.organization.name,
            invited_by=row.invited_by.display_name,
            until=in_words(until),
            address=row.email,
            url=absolute(reverse("portal:home")),
        ),
        why=WHY_INVITED,
        room="businesses",
        organization_id=row.organization_id,
        subject_id=row.pk,
        language=account.language if account else "",
    )


@_to(lambda row, account, until: account)
def invitation_line(row: Invitation, account: Any, until: date) -> Line:
    """The same among several reminders of a day. Arguments as for `invitation`."""
    return Line(
        title=_("Invitation to act for %(name)s") % {"name": row.organization.name},
        text=_("%(who)s invited you. It is open until %(day)s: sign in with this address.")
        % {"who": row.invited_by.display_name, "day": in_words(until)},
        url=absolute(reverse("portal:home")),
        label=_("Sign in and see it"),
    )


@_to(lambda row, until: row.invited_by)
def unanswered(row: Invitation, until: date) -> Draft:
    """To who sent it: nobody answered, and it ends.

    Args:
        row: the open invitation.
        until: its last local day.
    """
    inviter = row.invited_by
    return Draft(
        key="",
        to=inviter.email,
        recipient_id=inviter.pk,
        recipient_name=inviter.full_name,
        category=Category.REMINDER,
        template="businesses/invitation_unanswered",
        subject=_("Your invitation has no answer yet"),
        payload=UnansweredMail(
            name=inviter.display_name,
            organization=row.organization.name,
            address=row.email,
            until=in_words(until),
            url=absolute(reverse("portal:people")),
        ),
        why=WHY_INVITER,
        room="businesses",
        organization_id=row.organization_id,
        subject_id=row.pk,
        language=inviter.language,
    )


@_to(lambda row, until: row.invited_by)
def unanswered_line(row: Invitation, until: date) -> Line:
    """The same among several reminders of a day. Arguments as for `unanswered`."""
    return Line(
        title=_("Your invitation of %(address)s") % {"address": row.email},
        text=_("It has no answer yet and ends on %(day)s. You can ask them, or invite them again.")
        % {"day": in_words(until)},
        url=absolute(reverse("portal:people")),
        label=_("See your people"),
    )


def _claim_words(row: Claim) -> str:
    place = row.business
    return " · ".join(part for part in (place.address, place.area.in_full if place.area else "") if part)


@_to(lambda row, officer, since: officer)
def claim(row: Claim, officer: Any, since: date) -> Draft:
    """To an officer who covers the place: a claim waits to be checked.

    Args:
        row: the open claim.
        officer: who gets it.
        since: the local day of the claim.
    """
    return Draft(
        key="",
        to=officer.email,
        recipient_id=officer.pk,
        recipient_name=officer.display_name,
        category=Category.REMINDER,
        template="businesses/claim_waiting",
        subject=_("A claim waits for you: %(name)s") % {"name": row.business.name},
        payload=ClaimWaitingMail(
            name=officer.display_name,
            business=row.business.name,
            place=_claim_words(row),
            claimant=row.user.display_name,
            claimant_phone=row.user.phone,
            since=in_words(since),
            url=absolute(reverse("desk:claim", args=[row.pk])),
        ),
        why=WHY_OFFICER,
        room="businesses",
        organization_id=row.business.organization_id,
        subject_id=row.pk,
        language=officer.language,
    )


@_to(lambda row, officer, since: officer)
def claim_line(row: Claim, officer: Any, since: date) -> Line:
    """The same among several reminders of a day. Arguments as for `claim`."""
    return Line(
        title=_("Claim of %(name)s") % {"name": row.business.name},
        text=_("%(who)s says it is theirs. It has been waiting to be checked since %(day)s.")
        % {"who": row.user.display_name, "day": in_words(since)},
        url=absolute(reverse("desk:claim", args=[row.pk])),
        label=_("Check the claim"),
    )


MAILS = [
    Mail(
        template="businesses/invitation_reminder",
        name=gettext_lazy("Invitation still open"),
        trigger=gettext_lazy("An invitation has no answer"),
        audience=gettext_lazy("The invited colleague"),
        category=Category.REMINDER,
        subject="An invitation waits for you",
        sample=lambda: InvitationReminderMail(
            organization="Lakeside Bakery",
            invited_by="Maria Santos",
            until=in_words(date(2026, 12, 8)),
            address="ana.ortiz@people.example",
            url=absolute("/portal/"),
        ),
        why=WHY_INVITED,
    ),
    Mail(
        template="businesses/invitation_unanswered",
        name=gettext_lazy("Your invitation has no answer"),
        trigger=gettext_lazy("An unanswered invitation is about to end"),
        audience=gettext_lazy("Who sent it"),
        category=Category.REMINDER,
        subject="Your invitation has no answer yet",
        sample=lambda: UnansweredMail(
            name="Maria Santos",
            organization="Lakeside Bakery",
            address="ana.ortiz@people.example",
            until=in_words(date(2026, 12, 8)),
            url=absolute("/portal/people/"),
        ),
        why=WHY_INVITER,
    ),
    Mail(
        template="businesses/claim_waiting",
        name=gettext_lazy("Claim to be checked"),
        trigger=gettext_lazy("A claim of a place of business waits"),
        audience=gettext_lazy("Officers who cover the place, else supervisors"),
        category=Category.REMINDER,
        subject="A claim waits for you: Lakeside Bakery",
        sample=lambda: ClaimWaitingMail(
            name="Officer Dana Reyes",
            business="Lakeside Bakery",
            place="3127 N Broadway, Riverton, IL 60657 · District 19, beat 1925",
            claimant="Maria Santos",
            claimant_phone="(312) 555-0134",
            since=in_words(date(2026, 11, 21)),
            url=absolute("/desk/businesses/claims/12/"),
        ),
        why=WHY_OFFICER,
        duty=True,
    ),
]
