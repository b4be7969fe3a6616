"""Who may do what in the registry. A guard answers a `Refusal` with its reason, or `None`."""

from django.utils.translation import gettext_lazy as _

from core.access import Guard, Person, Refusal, out_of_scope
from core.roles import administer, supervise, use_desk, use_portal, write_department, write_desk

from .guards import may_settle_claim, may_withdraw_claim
from .models import Business, Claim, Contact, DuplicatePair, Membership, Merge, Organization

NOT_YOURS = Refusal("not_yours", _("You are not a member of this business."))
OWNERS_ONLY = Refusal("owners_only", _("Only an owner can do this. Ask the owner of your business."))
VIEWERS_NO_CONTACTS = Refusal("no_contacts", _("Your role does not see contacts."))
NOT_A_PARTNER = Refusal(
    "not_a_partner", _("Only partners can be in the public directory. You can choose this once you are one.")
)
LAST_OWNER = Refusal(
    "last_owner", _("A business needs at least one owner. Make someone else an owner first.")
)


def add_business(user: Person, organization: Organization | None = None) -> Refusal | None:
    """The desk adds places to what it sees; a member adds one of a new organization, and claims it."""
    if use_portal(user) is None:
        return None if organization is None else NOT_YOURS
    return write_department(user) or out_of_scope(user, organization)


def edit_business(user: Person, business: Business | None = None) -> Refusal | None:
    """The desk edits what it sees; a member edits the places of their membership."""
    if use_portal(user) is not None:
        return write_department(user) or out_of_scope(user, business)
    if business is None:
        return None
    return None if Business.objects.of_member(user).filter(pk=business.pk).exists() else NOT_YOURS


def claim_business(user: Person, business: Business | None = None) -> Refusal | None:
    """Members, and people who are about to be."""
    return use_portal(user)


def edit_organization(user: Person, organization: Organization | None = None) -> Refusal | None:
    """The desk edits what it sees, and admins."""
    return write_department(user) or out_of_scope(user, organization)


def edit_contacts(user: Person, of: Organization | Contact | None = None) -> Refusal | None:
    """The desk keeps whom to ask for: of an organization that it sees, or one that it sees; and admins."""
    return write_department(user) or out_of_scope(user, of)


def set_standing(user: Person, organization: Organization | None = None) -> Refusal | None:
    """Supervisors, outside of what a decision brings along."""
    return supervise(user) or out_of_scope(user, organization)


def grant_membership(user: Person, organization: Organization | None = None) -> Refusal | None:
    """Admins, without a claim or an invitation."""
    return administer(user)


def manage_members(user: Person, organization: Organization | None = None) -> Refusal | None:
    """Owners for all places of an organization invite and remove colleagues; admins put memberships right."""
    if administer(user) is None:
        return None
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


def unlist_business(user: Person, business: Business | None = None) -> Refusal | None:
    """An owner takes a place of business out of the public directory."""
    if (found := use_portal(user)) is not None:
        return found
    if business is None:
        return None
    if not Business.objects.of_member(user).filter(pk=business.pk).exists():
        return NOT_YOURS
    if not Membership.objects.filter(
        user=user.pk, organization=business.organization_id, role="owner"
    ).exists():
        return OWNERS_ONLY
    return None


def list_business(user: Person, business: Business | None = None) -> Refusal | None:
    """An owner of a partner puts a place of business in the public directory."""
    if (found := unlist_business(user, business)) is not None or business is None:
        return found
    return None if business.listed or business.standing == "partner" else NOT_A_PARTNER


def see_contacts(user: Person, business: Business | None = None) -> Refusal | None:
    """Officers and supervisors see contacts; viewers do not."""
    if (found := use_desk(user)) is not None:
        return found
    return None if write_desk(user) is None else VIEWERS_NO_CONTACTS


def settle_claim(user: Person, claim: Claim | None = None) -> Refusal | None:
    """Officers and supervisors; for one claim, whoever sees it and may make the move."""
    if claim is None:
        return write_desk(user)
    return may_settle_claim(user, claim) or out_of_scope(user, claim)


def withdraw_claim(user: Person, claim: Claim | None = None) -> Refusal | None:
    """The claimant, or the desk on request."""
    if claim is None:
        return use_portal(user) and write_desk(user)
    return may_withdraw_claim(user, claim) or out_of_scope(user, claim)


def assign_district(user: Person, obj: object = None) -> Refusal | None:
    """Admins."""
    return administer(user)


def import_files(user: Person, obj: object = None) -> Refusal | None:
    """Admins and supervisors: a file concerns the whole city."""
    return None if administer(user) is None else supervise(user)


def find_duplicates(user: Person, obj: object = None) -> Refusal | None:
    """Supervisors have the whole registry looked through."""
    return supervise(user)


def judge_duplicate(user: Person, pair: DuplicatePair | None = None) -> Refusal | None:
    """Whoever looks after both places says whether they are one."""
    return write_desk(user) or out_of_scope(user, pair)


def merge_records(user: Person, record: Business | Organization | None = None) -> Refusal | None:
    """Supervisors merge what they look after."""
    return supervise(user) or out_of_scope(user, record)


def undo_merge(user: Person, merge: Merge | None = None) -> Refusal | None:
    """Supervisors take a merge back, of what they look after."""
    return supervise(user) or out_of_scope(user, merge)


def assign_lead(user: Person, organization: Organization | None = None) -> Refusal | None:
    """Supervisors say who leads, of organizations they see."""
    return supervise(user) or out_of_scope(user, organization)


PERMISSIONS: dict[str, Guard] = {
    "businesses.assign_lead": assign_lead,
    "businesses.add_business": add_business,
    "businesses.claim_business": claim_business,
    "businesses.edit_business": edit_business,
    "businesses.edit_organization": edit_organization,
    "businesses.edit_contacts": edit_contacts,
    "businesses.see_contacts": see_contacts,
    "businesses.set_standing": set_standing,
    "businesses.grant_membership": grant_membership,
    "businesses.manage_members": manage_members,
    "businesses.list_business": list_business,
    "businesses.unlist_business": unlist_business,
    "businesses.settle_claim": settle_claim,
    "businesses.withdraw_claim": withdraw_claim,
    "businesses.assign_district": assign_district,
    "businesses.import_files": import_files,
    "businesses.find_duplicates": find_duplicates,
    "businesses.judge_duplicate": judge_duplicate,
    "businesses.merge_records": merge_records,
    "businesses.undo_merge": undo_merge,
}
