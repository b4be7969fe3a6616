"""Every mail of this room, declared once, with a sample of what it says."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import words
from core.links import absolute
from core.mail.models import OutgoingMail
from core.mail.outbox import Mail, Wanted, declared
from core.mail.purposes import Category
from partnerships.businesses.models import Invitation

from .payloads import ClaimMail, ClaimWaitingMail, InvitationMail, InvitationReminderMail, UnansweredMail

WHY_INVITED = _("You get this because a colleague typed in your address.")
WHY_CLAIMED = _("You get this because you said that this is your business.")


def _is_open(mail: OutgoingMail) -> bool:
    """An invitation is only sent while it can be accepted."""
    row = Invitation.objects.filter(pk=mail.subject_id or 0).first()
    return row is not None and row.is_open


def _claim_sample() -> ClaimMail:
    return ClaimMail(
        name="Maria Santos",
        business="Lakeside Bakery",
        reason="The license that you sent names another owner.\nPlease send one in your name.",
        url=absolute(reverse("portal:home")),
    )


INVITATION = Mail(
    template="businesses/invitation",
    name=_("Invitation to join a business"),
    trigger=_("A colleague is invited"),
    audience=_("The invited colleague"),
    # The link carries the token.
    category=Category.SECURITY,
    subject=_("You are invited to join a business"),
    sample=lambda: InvitationMail(
        organization="Lakeside Bakery",
        invited_by="Maria Santos",
        role="Editor",
        sites=["Lakeside Bakery on Third", "Lakeside Bakery at the Pier"],
        url=absolute(reverse("portal:invitation", args=["3Jx0pQ"])),
        days=14,
    ),
    why=WHY_INVITED,
    wanted=Wanted("businesses.invitation_open", _is_open),
)
CLAIM_VERIFIED = Mail(
    template="businesses/claim_verified",
    name=_("Claim confirmed"),
    trigger=_("An officer confirms who speaks for a business"),
    audience=_("Whoever claimed the business"),
    category=Category.DECISION,
    subject=_("Your business is confirmed"),
    sample=_claim_sample,
    why=WHY_CLAIMED,
)
CLAIM_REFUSED = Mail(
    template="businesses/claim_refused",
    name=_("Claim not confirmed"),
    trigger=_("An officer refuses a claim"),
    audience=_("Whoever claimed the business"),
    category=Category.DECISION,
    subject=_("We could not confirm your business"),
    sample=_claim_sample,
    why=WHY_CLAIMED,
)
CLAIM_REOPENED = Mail(
    template="businesses/claim_reopened",
    name=_("Claim looked at again"),
    trigger=_("An officer takes the refusal of a claim back"),
    audience=_("Whoever claimed the business"),
    category=Category.DECISION,
    subject=_("We look at your business again"),
    sample=_claim_sample,
    why=WHY_CLAIMED,
)
INVITATION_REMINDER = Mail(
    template="businesses/invitation_reminder",
    name=_("Invitation still open"),
    trigger=_("An invitation has no answer"),
    audience=_("The invited colleague"),
    category=Category.REMINDER,
    subject=_("An invitation waits for you"),
    sample=lambda: InvitationReminderMail(
        organization="Lakeside Bakery",
        invited_by="Maria Santos",
        until=words.day(date(2026, 12, 8)),
        address="ana.ortiz@people.example",
        url=absolute("/portal/"),
    ),
    why=WHY_INVITED,
)
UNANSWERED = Mail(
    template="businesses/invitation_unanswered",
    name=_("Your invitation has no answer"),
    trigger=_("An unanswered invitation is about to end"),
    audience=_("Who sent it"),
    category=Category.REMINDER,
    subject=_("Your invitation has no answer yet"),
    sample=lambda: UnansweredMail(
        name="Maria Santos",
        organization="Lakeside Bakery",
        address="ana.ortiz@people.example",
        until=words.day(date(2026, 12, 8)),
        url=absolute("/portal/people/"),
    ),
    why=_("You get this because you sent this invitation."),
)
CLAIM_WAITING = Mail(
    template="businesses/claim_waiting",
    name=_("Claim to be checked"),
    trigger=_("A claim of a place of business waits"),
    audience=_("Officers who cover the place, else supervisors"),
    category=Category.REMINDER,
    subject="A claim waits for you: Lakeside Bakery",
    sample=lambda: ClaimWaitingMail(
        name="Officer Dana Reyes",
        business="Lakeside Bakery",
        place="3127 N Broadway, Riverton, IL 60657 · District 19, beat 1925",
        claimant="Maria Santos",
        claimant_phone="(312) 555-0134",
        since=words.day(date(2026, 11, 21)),
        url=absolute("/desk/businesses/claims/12/"),
    ),
    why=_("You get this because you cover this place of business."),
    duty=True,
)
MAILS = declared(vars())
