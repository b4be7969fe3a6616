"""The mail that invites a colleague."""

from django.urls import reverse

from core.links import absolute
from core.mail.outbox import Reader
from partnerships.businesses.models import Invitation

from .mails import INVITATION
from .payloads import InvitationMail


def invitation(row: Invitation, *, token: str) -> None:
    """Ask a colleague to join.

    Args:
        row: the invitation.
        token: opens it; stands in the link of this mail and nowhere else.
    """
    INVITATION.send(
        to=Reader(row.email, row.email),
        about=row,
        organization_id=row.organization_id,
        payload=lambda: InvitationMail(
            organization=row.organization.name,
            invited_by=row.invited_by.display_name,
            role=str(row.get_role_display()),
            sites=[] if row.all_sites else [each.name for each in row.sites.all()],
            url=absolute(reverse("public:invited", args=[token])),
            days=(row.expires_at - row.created_at).days,
        ),
    )
