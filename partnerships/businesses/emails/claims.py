"""The mails that tell a claimant what an officer found."""

from django.urls import reverse

from core.links import absolute
from core.mail.outbox import Mail, Reader
from partnerships.businesses.models import Claim

from .mails import CLAIM_REFUSED, CLAIM_REOPENED, CLAIM_VERIFIED
from .payloads import ClaimMail


def claim_verified(row: Claim) -> None:
    """Tell the claimant that they now speak for the business."""
    _send(CLAIM_VERIFIED, row, absolute(reverse("portal:business", args=[row.business_id])))


def claim_refused(row: Claim) -> None:
    """Tell the claimant why not."""
    _send(CLAIM_REFUSED, row, absolute(reverse("portal:home")))


def claim_reopened(row: Claim) -> None:
    """Tell the claimant that the refusal no longer stands."""
    _send(CLAIM_REOPENED, row, absolute(reverse("portal:home")))


def _send(mail: Mail, row: Claim, url: str) -> None:
    mail.send(
        to=Reader.of(row.user),
        about=row,
        organization_id=row.business.organization_id,
        payload=lambda: ClaimMail(
            name=row.user.display_name, business=row.business.name, reason=row.reason, url=url
        ),
    )
