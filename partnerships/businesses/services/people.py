"""Memberships, invitations and who covers which district."""

from collections.abc import Iterable
from datetime import date

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import account_of, own_account
from accounts.models import User
from core import audit, clock, mailboxes
from core.access import Actor, Person, Refusal, Refused, check
from core.roles import WRITERS
from partnerships.businesses import emails
from partnerships.businesses.models import (
    INVITATION_LIFE,
    Area,
    Business,
    DistrictAssignment,
    Invitation,
    MemberRole,
    Membership,
    Organization,
)
from partnerships.businesses.permissions import may_stop_owning
from partnerships.businesses.scoping import reach_of

from .turns import take_turn

COVERS_NOTHING = Refusal(
    "covers_nothing", gettext_lazy("Only officers and supervisors cover a district."), "user"
)
INVITATION_SALT = "businesses.invitation"


class LastOwner(Refused):
    """An organization would be left without an owner."""


def organizations_of(user: Actor) -> QuerySet[Organization]:
    """The organizations a member acts for, and the one they added and claim."""
    return (
        Organization.objects.visible_to(user)
        if getattr(user, "is_member", False)
        else Organization.objects.none()
    )


def districts_of(user: Actor) -> QuerySet[Area]:
    """The districts assigned to an officer or supervisor today."""
    return Area.objects.filter(pk__in=reach_of(user).districts).order_by("code_key")


@transaction.atomic
def add_membership(
    *,
    organization: Organization,
    user: User,
    role: str = MemberRole.STAFF,
    sites: Iterable[Business] | None = None,
    actor: Actor,
) -> Membership:
    """Let a user act for an organization. A second time it widens what they had, never narrows it.

    Args:
        organization: for whom they act.
        user: the person.
        role: owner or staff.
        sites: the places of business they act for; `None` for all, also those added later.
        actor: who allows it; `None` for the system.

    Raises:
        Refused: not an admin.
    """
    check(actor, "businesses.grant_membership", organization)
    return join(organization=organization, user=user, role=role, sites=sites, by=actor)


@transaction.atomic
def join(
    *, organization: Organization, user: User, role: str, sites: Iterable[Business] | None, by: Actor
) -> Membership:
    """What follows from a verified claim or an accepted invitation; it works as `add_membership`."""
    chosen = _sites_of(organization, sites)
    take_turn(organization.pk)
    row, fresh = Membership.objects.select_for_update().get_or_create(
        user=user, organization=organization, defaults={"role": role, "all_sites": chosen is None}
    )
    if not fresh:
        row.role = MemberRole.OWNER if MemberRole.OWNER in (row.role, role) else role
        row.all_sites = row.all_sites or chosen is None
        row.save(update_fields=["role", "all_sites"])
    if row.all_sites:
        row.sites.clear()
    else:
        row.sites.add(*(chosen or []))
    audit.record(
        "businesses.member_added", row, actor=by, changed=["role", "all_sites", "sites"], detail=row.role
    )
    return row


@transaction.atomic
def change_membership(
    *, membership: Membership, role: str, sites: Iterable[Business] | None, actor: Actor
) -> Membership:
    """Set a member's role and places of business.

    Raises:
        LastOwner: the organization would be left without an owner.
        Refused: neither an owner for all its places nor an admin.
    """
    check(actor, "businesses.manage_members", membership.organization)
    row = _locked(membership)
    chosen = _sites_of(row.organization, sites)
    if role != MemberRole.OWNER:
        _keep_an_owner(row)
    row.role = role
    row.all_sites = chosen is None
    row.save(update_fields=["role", "all_sites"])
    row.sites.set(chosen or [])
    audit.record(
        "businesses.member_changed", row, actor=actor, changed=["role", "all_sites", "sites"], detail=role
    )
    return row


@transaction.atomic
def remove_membership(*, membership: Membership, actor: Actor) -> None:
    """End a membership: the person's next request is refused.

    Raises:
        LastOwner: they are the last owner.
        Refused: neither an owner for all its places nor an admin.
    """
    check(actor, "businesses.manage_members", membership.organization)
    row = _locked(membership)
    _keep_an_owner(row)
    audit.record("businesses.member_removed", row, actor=actor, detail=row.role)
    row.delete()


def _locked(membership: Membership) -> Membership:
    # Two owners can't remove each other at the same moment.
    take_turn(membership.organization_id)
    return Membership.objects.select_for_update().get(pk=membership.pk)


def _keep_an_owner(row: Membership) -> None:
    if (found := may_stop_owning(row)) is not None:
        raise LastOwner(found)


def _sites_of(organization: Organization, sites: Iterable[Business] | None) -> list[Business] | None:
    if sites is None:
        return None
    chosen = list(sites)
    if any(each.organization_id != organization.pk for each in chosen):
        raise ValueError("A place of business belongs to another organization.")
    return chosen


@transaction.atomic
def invite_member(
    *, organization: Organization, email: str, role: str, sites: Iterable[Business] | None, actor: Actor
) -> Invitation:
    """Ask a colleague by email to join. Asking again replaces the earlier, unanswered invitation.

    Args:
        organization: the one they will act for.
        email: where the invitation goes; only an account with this address can accept it.
        role: owner or staff.
        sites: the places of business they will act for, `None` for all.
        actor: the owner who asks.

    Raises:
        Refused: neither an owner for all its places nor an admin.
    """
    check(actor, "businesses.manage_members", organization)
    chosen = _sites_of(organization, sites)
    address = mailboxes.normal(email)
    take_turn(organization.pk)
    now = clock.now()
    Invitation.objects.filter(
        organization=organization, email=address, accepted_at=None, revoked_at=None
    ).update(revoked_at=now)
    row = Invitation.objects.create(
        organization=organization,
        email=address,
        role=role,
        all_sites=chosen is None,
        invited_by=own_account(actor),
        created_at=now,
        expires_at=now + INVITATION_LIFE,
    )
    row.sites.set(chosen or [])
    audit.record("businesses.member_invited", row, actor=actor, detail=role)
    emails.invitation(row, token=invitation_token(row))
    return row


@transaction.atomic
def revoke_invitation(*, invitation: Invitation, actor: Actor) -> None:
    """Take an unanswered invitation back; its link is dead from now on.

    Raises:
        Refused: neither an owner for all places nor an admin.
    """
    check(actor, "businesses.manage_members", invitation.organization)
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_at is None and row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        audit.record("businesses.invitation_revoked", row, actor=actor)


def invitation_token(invitation: Invitation) -> str:
    """The secret part of the link in the invitation: bound to this row, its address and its purpose."""
    return signing.dumps([invitation.pk, invitation.email], salt=INVITATION_SALT, compress=False)


def open_invitation(token: str) -> Invitation | None:
    """The invitation behind a link while it is open, for whoever has the mail and is not signed in."""
    row = _behind(token)
    return row if row is not None and row.is_open else None


def _behind(token: str) -> Invitation | None:
    try:
        pk, email = signing.loads(token, salt=INVITATION_SALT, max_age=INVITATION_LIFE)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Invitation.objects.filter(pk=pk, email=email, revoked_at=None)
    return rows.select_related("organization", "invited_by").first()


def invitation_for(token: str, user: Person) -> Invitation | None:
    """The invitation behind a link, when it was meant for `user` and is open or was accepted by them."""
    row = _behind(token)
    member = account_of(user)
    if row is None or member is None or not member.is_member or member.email != row.email:
        return None
    if row.accepted_at is not None:
        return row if row.accepted_by_id == member.pk else None
    return row if row.is_open else None


@transaction.atomic
def accept_invitation(*, invitation: Invitation, user: Person) -> Membership:
    """Join. A second time is harmless: the membership stays as it is now.

    Raises:
        Refused: not a member, it was revoked or has expired, or the membership ended since.
    """
    check(user, "businesses.claim_business")
    member = own_account(user)
    take_turn(invitation.organization_id)
    row = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if row.accepted_by_id == member.pk:
        joined = Membership.objects.filter(user=member, organization=row.organization_id).first()
        if joined is not None:
            return joined
    if not row.is_open or member.email != row.email:
        raise Refused(Refusal("invitation_over", _("This invitation is no longer open. Ask for a new one.")))
    row.accepted_at = clock.now()
    row.accepted_by = member
    row.save(update_fields=["accepted_at", "accepted_by"])
    return join(
        organization=row.organization,
        user=member,
        role=row.role,
        sites=None if row.all_sites else row.sites.all(),
        by=member,
    )


@transaction.atomic
def assign_district(
    *, user: User, area: Area, actor: Actor, starts_on: date | None = None
) -> DistrictAssignment:
    """Let an officer or supervisor cover a district from a day on, today by default.

    Raises:
        Refused: not an admin, or the person is neither officer nor supervisor.
    """
    check(actor, "businesses.assign_district")
    if user.role not in WRITERS:
        raise Refused(COVERS_NOTHING)
    row, fresh = DistrictAssignment.objects.get_or_create(
        user=user, area=area, ends_on=None, defaults={"starts_on": starts_on or clock.today()}
    )
    if fresh:
        audit.record("businesses.district_assigned", row, actor=actor, changed=["user", "area"])
    return row


@transaction.atomic
def end_assignment(*, assignment: DistrictAssignment, actor: Actor, ends_on: date | None = None) -> None:
    """End the cover of a district on a day, today by default: that day is the first without it.

    Raises:
        Refused: not an admin.
    """
    check(actor, "businesses.assign_district")
    row = DistrictAssignment.objects.select_for_update().get(pk=assignment.pk)
    row.ends_on = max(ends_on or clock.today(), row.starts_on)
    row.save(update_fields=["ends_on"])
    audit.record("businesses.district_assignment_ended", row, actor=actor, changed=["ends_on"])
