"""The people of an organization: members, invitations and claims, and whom to ask for."""

from datetime import timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock, mailboxes, names
from core.folding import folded, in_order
from core.models import Stamped
from core.tones import Toned
from partnerships.businesses.querysets import (
    OWNS,
    ClaimQuerySet,
    ContactQuerySet,
    InvitationQuerySet,
    MembershipQuerySet,
)

from .registry import Business, Organization

INVITATION_LIFE = timedelta(days=14)


class MemberRole(models.TextChoices):
    """What a member may do for the organization."""

    OWNER = "owner", _("Owner")
    STAFF = "staff", _("Staff")


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Membership(models.Model):
    """A user acts for an organization: for all its places of business, or for some."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.STAFF)
    all_sites = models.BooleanField(_("all places of business"), default=True)
    sites = models.ManyToManyField(
        Business, blank=True, related_name="memberships", verbose_name=_("places of business")
    )
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organization", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="businesses_membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=MemberRole.values), name="businesses_membership_known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization}"

    @property
    def owns(self) -> bool:
        """An owner, for all places of the organization."""
        return all(getattr(self, field) == wanted for field, wanted in OWNS.items())


class Invitation(models.Model):
    """A colleague was asked by email to join. The token names this row and expires with it."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(_("email"), validators=[mailboxes.check])
    role = models.CharField(_("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.STAFF)
    all_sites = models.BooleanField(_("all places of business"), default=True)
    sites = models.ManyToManyField(Business, blank=True, related_name="+")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        indexes = [models.Index(Lower("email"), name="businesses_invitation_address")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=Q(accepted_at=None, revoked_at=None),
                name="businesses_invitation_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_open(self) -> bool:
        """Whether it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > clock.now()


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Claim(Stamped):
    """A person says: this is my business. Until it is verified they see only what they typed."""

    class Status(Toned):
        CLAIMED = "claimed", "warn", _("To be verified")
        VERIFIED = "verified", "good", _("Verified")
        REFUSED = "refused", "bad", _("Refused")
        WITHDRAWN = "withdrawn", "neutral", _("Withdrawn")

    business = models.ForeignKey(
        Business, on_delete=models.CASCADE, related_name="claims", verbose_name=_("business")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="claims", verbose_name=_("claimant")
    )
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.CLAIMED, editable=False
    )
    note = models.TextField(_("how you are connected"), max_length=1000, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("settled by"),
    )
    method = models.CharField(_("how it was verified"), max_length=40, blank=True)
    reason = models.CharField(_("reason for the claimant"), max_length=500, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["created_at", "pk"]
        indexes = [
            # The lists of claims (`WAITING`, `SETTLED`), each by its age.
            models.Index(
                fields=["created_at", "id"], name="businesses_claims_waiting", condition=Q(status="claimed")
            ),
            models.Index(
                fields=["created_at", "id"], name="businesses_claims_settled", condition=~Q(status="claimed")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["business", "user"],
                condition=Q(status__in=["claimed", "verified"]),
                name="businesses_claim_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.business}"

    @property
    def tone(self) -> str:
        """The tone of its status, see `core.tones`."""
        return self.Status(self.status).tone


@pghistory.track(
    pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["search_text"]
)
class Contact(Stamped):
    """A person to ask for: at one place of business, or for the whole organization."""

    class Channel(models.TextChoices):
        ANY = "", _("No preference")
        EMAIL = "email", _("Email")
        PHONE = "phone", _("Phone")
        VISIT = "visit", _("A visit")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("organization")
    )
    business = models.ForeignKey(
        Business,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("place of business"),
        help_text=_("Leave empty for someone who speaks for all of them."),
    )
    name = models.CharField(_("name"), max_length=150, validators=[names.check])
    role_title = models.CharField(
        _("role"), max_length=100, blank=True, help_text=_("Such as store manager.")
    )
    email = models.EmailField(_("email"), blank=True, validators=[mailboxes.check])
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(_("preferred language"), max_length=60, blank=True)
    preferred_channel = models.CharField(
        _("prefers"), max_length=10, choices=Channel.choices, blank=True, default=Channel.ANY
    )
    note = models.CharField(_("good to know"), max_length=200, blank=True, help_text=_("Such as mornings."))

    search_text = folded("name", "email")

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = [in_order("name"), "pk"]
        indexes = [models.Index(Lower("email"), name="businesses_contact_address")]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_link(self) -> str:
        """The phone number for a `tel:` link."""
        return "".join(each for each in self.phone if each.isdigit() or each == "+")
