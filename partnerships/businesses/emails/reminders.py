"""What the reminders of this room say: each alone as a mail, and as a line of the day's digest."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core import words
from core.links import absolute
from core.mail.reminders import Notice
from partnerships.businesses.models import Claim, Invitation

from .payloads import ClaimWaitingMail, InvitationReminderMail, UnansweredMail


def invitation(row: Invitation, until: date) -> Notice:
    """To the colleague: it still waits. Sign in with this address, and the home page shows it.

    Args:
        row: the open invitation.
        until: its last local day.
    """
    who, home = row.invited_by.display_name, absolute(reverse("portal:home"))
    return Notice(
        payload=InvitationReminderMail(
            organization=row.organization.name,
            invited_by=who,
            until=words.day(until),
            address=row.email,
            url=home,
        ),
        title=_("Invitation to act for %(name)s") % {"name": row.organization.name},
        text=_("%(who)s invited you. It is open until %(day)s: sign in with this address.")
        % {"who": who, "day": words.day(until)},
        url=home,
        label=_("Sign in and see it"),
        organization_id=row.organization_id,
    )


def unanswered(row: Invitation, until: date) -> Notice:
    """To who sent it: nobody answered, and it ends. Arguments as for `invitation`."""
    people = absolute(reverse("portal:people"))
    return Notice(
        payload=UnansweredMail(
            name=row.invited_by.display_name,
            organization=row.organization.name,
            address=row.email,
            until=words.day(until),
            url=people,
        ),
        title=_("Your invitation of %(address)s") % {"address": row.email},
        text=_("It has no answer yet and ends on %(day)s. You can ask them, or invite them again.")
        % {"day": words.day(until)},
        url=people,
        label=_("See your people"),
        organization_id=row.organization_id,
    )


def claim(row: Claim, officer: Any, since: date) -> Notice:
    """To an officer who covers the place: a claim waits to be checked.

    Args:
        row: the open claim.
        officer: who gets it.
        since: the local day of the claim.
    """
    place, page = row.business, absolute(reverse("desk:claim", args=[row.pk]))
    where = (place.address, place.area.in_full if place.area else "")
    return Notice(
        subject=_("A claim waits for you: %(name)s") % {"name": place.name},
        payload=ClaimWaitingMail(
            name=officer.display_name,
            business=place.name,
            place=" · ".join(part for part in where if part),
            claimant=row.user.display_name,
            claimant_phone=row.user.phone,
            since=words.day(since),
            url=page,
        ),
        title=_("Claim of %(name)s") % {"name": place.name},
        text=_("%(who)s says it is theirs. It has been waiting to be checked since %(day)s.")
        % {"who": row.user.display_name, "day": words.day(since)},
        url=page,
        label=_("Check the claim"),
        organization_id=place.organization_id,
    )
