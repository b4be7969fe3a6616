"""What of this room follows when a business or an organization is merged; see `core.moving`."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.moving import Follows

from .models import Claim, Contact, Invitation, Membership

OPEN_OR_VERIFIED = ("claimed", "verified")


def _claimed_twice(gone: int, kept: int) -> Any:
    """Of two claims by one person that which waits, where the other one is verified or was made there."""
    waiting, open_ones = (
        Claim.objects.filter(status="claimed"),
        Claim.objects.filter(status__in=OPEN_OR_VERIFIED),
    )
    there = open_ones.filter(business=kept, user=OuterRef("user"))
    verified = Claim.objects.filter(business=gone, user=OuterRef("user"), status="verified")
    weaker = waiting.filter(Exists(there), business=gone)
    overtaken = waiting.filter(Exists(verified), business=kept)
    return [*weaker.order_by("pk"), *overtaken.order_by("pk")]


def _verified_twice(gone: int, kept: int) -> Any:
    """A verified claim, where the same person's of the other place is verified: it tells what was."""
    verified = Claim.objects.filter(status="verified")
    there = verified.filter(business=kept, user=OuterRef("user"))
    return verified.filter(Exists(there), business=gone)


def _joined_twice(gone: int, kept: int) -> Any:
    """Of two memberships of one person the one given up; `merging.members` widens the other."""
    there = Membership.objects.filter(organization=kept, user=OuterRef("user"))
    return Membership.objects.filter(Exists(there), organization=gone).order_by("pk")


def _invited_twice(gone: int, kept: int) -> Any:
    """Of two open invitations to one address that of the organization given up."""
    unanswered = Invitation.objects.filter(accepted_at=None, revoked_at=None)
    there = unanswered.filter(organization=kept, email=OuterRef("email"))
    return unanswered.filter(Exists(there), organization=gone).order_by("pk")


def _known_at_both(gone: int, kept: int) -> Any:
    """Contacts of the place given up that stand word by word at the other one, of one organization."""
    there = Contact.objects.filter(
        business=kept,
        organization=OuterRef("organization"),
        name__iexact=OuterRef("name"),
        email__iexact=OuterRef("email"),
        phone=OuterRef("phone"),
    )
    return Contact.objects.filter(Exists(there), business=gone).order_by("pk")


def _known_twice(gone: int, kept: int) -> Any:
    """Contacts of the organization given up that stand word by word beside those that are there."""
    there = Contact.objects.filter(
        Q(business=OuterRef("business")) | Q(business=None, organization=kept),
        organization=kept,
        name__iexact=OuterRef("name"),
        email__iexact=OuterRef("email"),
        phone=OuterRef("phone"),
    )
    return Contact.objects.filter(Exists(there), organization=gone).order_by("pk")


FOLLOWS = (
    Follows(
        "businesses.Claim.business",
        _("claim"),
        _("claims"),
        beside=_claimed_twice,
        behind=_verified_twice,
    ),
    Follows(
        "businesses.Contact.business",
        _("contact of the place"),
        _("contacts of the place"),
        beside=_known_at_both,
    ),
    Follows("businesses.Membership.sites", _("member’s place"), _("members’ places")),
    Follows("businesses.Invitation.sites", _("place of an invitation"), _("places of invitations")),
    Follows("businesses.SourceNumber.business", _("number in a file"), _("numbers in files")),
    Follows("businesses.SourceRecord.business", _("record of another source"), _("records of other sources")),
    Follows("businesses.Business.merged_into", _("record merged before"), _("records merged before")),
    Follows("businesses.Contact.organization", _("contact"), _("contacts"), beside=_known_twice),
    Follows("businesses.Membership.organization", _("member"), _("members"), beside=_joined_twice),
    Follows("businesses.Invitation.organization", _("invitation"), _("invitations"), beside=_invited_twice),
    Follows(
        "businesses.Business.organization",
        _("place of business"),
        _("places of business"),
        only=lambda rows: rows.filter(merged_into=None),
    ),
    Follows(
        "businesses.Organization.merged_into",
        _("organization merged before"),
        _("organizations merged before"),
    ),
)
STAYS = {
    "businesses.ImportChange.business": "tells what an import changed of the record, to be taken back there",
    "businesses.ImportChange.organization": "tells what an import changed of the record",
    "businesses.DuplicatePair.one": "tells which two places somebody looked at",
    "businesses.DuplicatePair.other": "tells which two places somebody looked at",
    "businesses.Merge.kept": "tells what was merged",
    "businesses.Merge.merged": "tells what was merged",
    "businesses.Merge.kept_organization": "tells what was merged",
    "businesses.Merge.merged_organization": "tells what was merged",
}
