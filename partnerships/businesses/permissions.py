"""Who may do what in the registry. A guard answers a `Refusal` with its reason, or `None`."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Refusal, out_of_scope
from core.roles import supervise, use_desk, use_portal, write_desk

from .guards import may_settle_claim
from .models import Business, Claim, Membership, Organization

NOT_YOURS = Refusal("not_yours", _("You are not a member of this business."))
OWNERS_ONLY = Refusal("owners_only", _("Only an owner can do this. Ask the owner of your business."))
VIEWERS_NO_CONTACTS = Refusal("no_contacts", _("Your role does not see contacts."))
NOT_A_PARTNER = Refusal(
    "not_a_partner", _("Only partners can be in the public directory. You can choose this once you are one.")
)
LAST_OWNER = Refusal(
    "last_owner", _("A business needs at least one owner. Make someone else an owner first.")
)


def edit_business(user: Any, business: Business | None = None) -> Refusal | None:
    """The desk edits what it sees; a member edits the places of their membership."""
    if write_desk(user) is None:
        return None
    if (found := use_portal(user)) is not None:
        return write_desk(user) if getattr(user, "is_desk", False) else found
    if business is None:
        return None
    return None if Business.objects.of_member(user).filter(pk=business.pk).exists() else NOT_YOURS


def manage_members(user: Any, organization: Organization | None = None) -> Refusal | None:
    """Owners for all places of an organization invite and remove colleagues."""
    if (found := use_portal(user)) is not None:
        return found
    if organization is None:
        return None
    return None if Membership.objects.owns(user, organization) else OWNERS_ONLY


def may_stop_owning(membership: Membership) -> Refusal | None:
    """An organization keeps at least one owner."""
    owners = Membership.objects.filter(organization=membership.organization_id, role="owner")
    if membership.role != "owner" or owners.exclude(pk=membership.pk).exists():
        return None
    return LAST_OWNER


def list_business(user: Any, business: Business | None = None) -> Refusal | None:
    """An owner of a partner puts a place of business in the public directory."""
    if (found := use_portal(user)) is not None:
        return found
    if business is None:
        return None
    if not Business.objects.of_member(user).filter(pk=business.pk).exists():
        return NOT_YOURS
    if not Membership.objects.filter(user=user, organization=business.organization_id, role="owner").exists():
        return OWNERS_ONLY
    if not business.listed and business.standing != "partner":
        return NOT_A_PARTNER
    return None


def see_contacts(user: Any, business: Business | None = None) -> Refusal | None:
    """Officers and supervisors see contacts; viewers do not."""
    if (found := use_desk(user)) is not None:
        return found
    return None if write_desk(user) is None else VIEWERS_NO_CONTACTS


def settle_claim(user: Any, claim: Claim | None = None) -> Refusal | None:
    """Officers and supervisors; for one claim, whoever may make the move."""
    return write_desk(user) if claim is None else may_settle_claim(user, claim)


def assign_lead(user: Any, organization: Organization | None = None) -> Refusal | None:
    """Supervisors say who leads, of organizations they see."""
    return supervise(user) or out_of_scope(user, organization)


PERMISSIONS: dict[str, Guard] = {
    "businesses.assign_lead": assign_lead,
    "businesses.edit_business": edit_business,
    "businesses.manage_members": manage_members,
    "businesses.list_business": list_business,
    "businesses.see_contacts": see_contacts,
    "businesses.settle_claim": settle_claim,
}
