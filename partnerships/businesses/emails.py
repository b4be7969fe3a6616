"""The registry's mail, one function each."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.links import absolute
from core.mail.outbox import Draft, Mail, Wanted, enqueue
from core.mail.purposes import Category

from . import mail_checks
from .models import Claim, Invitation


@dataclass(frozen=True)
class InvitationMail:
    """A colleague asks you to join."""

    organization: str
    invited_by: str
    role: str
    sites: list[str]
    url: str
    days: int


def invitation(row: Invitation, *, token: str) -> None:
    """Ask a colleague to join. The link carries the token, so the mail is security mail."""
    enqueue(
        Draft(
            key=f"businesses.invitation:invitation-{row.pk}:{row.email}:1",
            to=row.email,
            recipient_id=None,
            recipient_name="",
            category=Category.SECURITY,
            template="businesses/invitation",
            subject=_("You are invited to join a business"),
            payload=InvitationMail(
                organization=row.organization.name,
                invited_by=row.invited_by.display_name,
                role=str(row.get_role_display()),
                sites=[] if row.all_sites else [each.name for each in row.sites.all()],
                url=absolute(reverse("portal:invitation", args=[token])),
                days=(row.expires_at - row.created_at).days,
            ),
            why=_("You get this because a colleague typed in your address."),
            room="businesses",
            organization_id=row.organization_id,
            subject_id=row.pk,
            still_wanted="businesses.invitation_open",
            language="",
        )
    )


@dataclass(frozen=True)
class ClaimMail:
    """Your claim was settled."""

    name: str
    business: str
    reason: str
    url: str


def claim_verified(row: Claim) -> None:
    """Tell the claimant that they now speak for the business."""
    _claim_mail(row, "businesses/claim_verified", _("Your business is confirmed"), "portal:business")


def claim_refused(row: Claim) -> None:
    """Tell the claimant why not."""
    _claim_mail(row, "businesses/claim_refused", _("We could not confirm your business"), "")


def _claim_mail(row: Claim, template: str, subject: object, page: str) -> None:
    enqueue(
        Draft(
            key=f"{template.replace('/', '.')}:claim-{row.pk}:user-{row.user_id}:1",
            to=row.user.email,
            recipient_id=row.user_id,
            recipient_name=row.user.full_name,
            category=Category.DECISION,
            template=template,
            subject=subject,
            payload=ClaimMail(
                name=row.user.display_name,
                business=row.business.name,
                reason=row.reason,
                url=absolute(reverse(page, args=[row.business_id]) if page else reverse("portal:home")),
            ),
            why=_("You get this because you said that this is your business."),
            room="businesses",
            organization_id=row.business.organization_id,
            subject_id=row.pk,
            still_wanted="",
            language=row.user.language or "",
        )
    )


def _invitation_sample() -> InvitationMail:
    return InvitationMail(
        organization="Lakeside Bakery",
        invited_by="Maria Santos",
        role="Editor",
        sites=["Lakeside Bakery on Third", "Lakeside Bakery at the Pier"],
        url=absolute(reverse("portal:invitation", args=["3Jx0pQ"])),
        days=14,
    )


def _claim_sample() -> ClaimMail:
    return ClaimMail(
        name="Maria Santos",
        business="Lakeside Bakery",
        reason="The license that you sent names another owner.\nPlease send one in your name.",
        url=absolute(reverse("portal:home")),
    )


INVITATION_OPEN = Wanted("businesses.invitation_open", mail_checks.invitation_open)
MAILS: list[Mail] = [
    Mail(
        template="businesses/invitation",
        name=_("Invitation to join a business"),
        trigger=_("A colleague is invited"),
        audience=_("The invited colleague"),
        category=Category.SECURITY,
        subject="You are invited to join a business",
        sample=_invitation_sample,
        wanted=INVITATION_OPEN,
        why=_("You get this because a colleague typed in your address."),
    ),
    Mail(
        template="businesses/claim_verified",
        name=_("Claim confirmed"),
        trigger=_("An officer confirms who speaks for a business"),
        audience=_("Whoever claimed the business"),
        category=Category.DECISION,
        subject="Your business is confirmed",
        sample=_claim_sample,
        why=_("You get this because you said that this is your business."),
    ),
    Mail(
        template="businesses/claim_refused",
        name=_("Claim not confirmed"),
        trigger=_("An officer refuses a claim"),
        audience=_("Whoever claimed the business"),
        category=Category.DECISION,
        subject="We could not confirm your business",
        sample=_claim_sample,
        why=_("You get this because you said that this is your business."),
    ),
]
