"""Organizations, places of business and contacts: add, change, remove."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import own_account
from accounts.models import User
from core import audit, edits, mailboxes, names
from core.access import Actor, Refusal, Refused, check
from core.mail import consents
from core.mail.models import Consent
from core.mail.purposes import How
from core.mail.reader import preferences
from core.roles import WRITERS, Role, role_of
from partnerships.businesses.duplicates import entry
from partnerships.businesses.geography import Locator
from partnerships.businesses.models import Business, Contact, Organization
from partnerships.businesses.phones import in_one_form
from partnerships.businesses.rules import same_person

from .claims import claim_business
from .turns import take_turn

# What people may change, in the order in which forms ask for it: the desk's forms and the admin read it here.
ORGANIZATION_FIELDS = ("name", "legal_name", "kind", "account_number", "lead_officer")
BUSINESS_FIELDS = (
    "name",
    "site_number",
    "industry",
    "description",
    "street",
    "city",
    "state",
    "postal_code",
    "latitude",
    "longitude",
    "area",
    "phone",
    "website",
    "email_on_record",
    "home_based",
    "out_of_town",
    "opened_on",
    "closed_on",
)
# What an owner keeps true about a place; where it is, and its address on record, are the department's.
PROFILE_FIELDS = ("name", "industry", "description", "phone", "website")
CONTACT_FIELDS = (
    "name",
    "role_title",
    "business",
    "email",
    "phone",
    "language",
    "preferred_channel",
    "note",
)
NO_LEAD = Refusal("no_lead", _("Only officers and supervisors who work here can lead."))
NOT_IN_PROFILE = Refusal("not_in_profile", _("Only the department can change this. Ask your officer."))
NO_EMAIL = Refusal("no_email", _("There is no email of this contact, so no mail goes there."))


def _place(row: Business, changed: set[str]) -> None:
    """Set the area by geometry where there is a position; without one the chosen area stands."""
    if not {"latitude", "longitude", "area"} & changed:
        return
    if row.has_position:
        row.area_id = Locator().locate_one(row.latitude, row.longitude)
    elif "area" not in changed:
        row.area_id = None


@transaction.atomic
def add_organization(*, actor: Actor, **fields: Any) -> Organization:
    """Add an organization as a prospect.

    Args:
        actor: who adds it; `None` for the system.
        fields: `name`, and optionally `legal_name`, `kind`, `account_number`, `lead_officer`.

    Raises:
        Refused: the actor may not, or a name can't be read.
    """
    check(actor, "businesses.edit_organization")
    return _add_organization(actor, **fields)


def _add_organization(by: Actor, added_by: User | None = None, **fields: Any) -> Organization:
    """A new organization; `added_by` is the business member who typed it in, if one did."""
    edits.only(fields, ORGANIZATION_FIELDS)
    row = Organization(added_by=added_by, **edits.typed(Organization, fields))
    row.stamp(by)
    row.save()
    audit.record("businesses.organization_added", row, actor=by, changed=fields)
    return row


@transaction.atomic
def update_organization(
    *, organization: Organization, actor: Actor, seen: datetime | None = None, **fields: Any
) -> Organization:
    """Change an organization. `seen` is the `updated_at` the editor saw.

    Raises:
        Refused: the actor may not, or someone else was quicker (`edits.STALE`).
    """
    check(actor, "businesses.edit_organization", organization)
    row = edits.locked(organization)
    edits.change(
        row,
        fields,
        allowed=ORGANIZATION_FIELDS,
        verb="businesses.organization_changed",
        by=actor,
        seen=seen,
    )
    return row


@transaction.atomic
def assign_lead(*, organization: Organization, officer: User | None, actor: Actor) -> Organization:
    """Make someone the lead officer, who sees every place of the organization and gets replies to its mail.

    Args:
        organization: any that the actor sees.
        officer: an officer or a supervisor who works here; `None` leaves the organization without one.
        actor: a supervisor; `None` for the system.

    Raises:
        Refused: the actor may not, or the officer can't lead.
    """
    check(actor, "businesses.assign_lead", organization)
    if officer is not None and role_of(officer) not in WRITERS:
        raise Refused(NO_LEAD)
    row = edits.locked(organization)
    edits.change(
        row,
        {"lead_officer": officer},
        allowed=("lead_officer",),
        verb="businesses.organization_changed",
        by=actor,
    )
    return row


@transaction.atomic
def add_business(*, actor: Actor, organization: Organization | None = None, **fields: Any) -> Business:
    """Add a place of business; without an organization also the organization, named like it.

    The area is set by geometry when a position is given. When a business member adds it, they become its
    claimant (`Claim`), and only they and the desk see it until the claim is verified.

    Args:
        actor: who adds it; `None` for the system.
        organization: the one it belongs to.
        fields: see `BUSINESS_FIELDS`; `legal_name` and `kind` go to a new organization; `note` tells how a
            member is connected.

    Raises:
        Refused: the actor may not, or a name can't be read; a member adds no place to an organization that
            is there already.
    """
    check(actor, "businesses.add_business", organization)
    note = fields.pop("note", "")
    own = {name: fields.pop(name) for name in ("legal_name", "kind") if name in fields}
    edits.only(fields, BUSINESS_FIELDS)
    fields = edits.typed(Business, fields)
    member = own_account(actor) if role_of(actor) == Role.MEMBER else None
    if organization is None:
        organization = _add_organization(actor, member, name=fields["name"], **own)
    row = Business(organization=organization, **fields)
    row.phone = in_one_form(row.phone)
    _place(row, set(fields))
    row.stamp(actor)
    row.save()
    row.refresh_from_db()  # triggers wrote the slug, the standing and the searched text
    audit.record("businesses.business_added", row, actor=actor, changed=fields)
    if member is not None:
        claim_business(business=row, user=member, note=note)
    entry.note([row.pk])  # the desk is told; whoever adds it is not
    return row


@transaction.atomic
def update_business(
    *, business: Business, actor: Actor, seen: datetime | None = None, **fields: Any
) -> Business:
    """Change a place of business; its area follows its position.

    Args:
        business: the row; it is read again under a lock.
        actor: who changes it; `None` for the system.
        seen: the `updated_at` the editor saw, to refuse a stale edit.
        fields: see `BUSINESS_FIELDS`; members change those in `PROFILE_FIELDS`.

    Raises:
        Refused: the actor may not, or not this field, or someone else was quicker (`edits.STALE`).
    """
    check(actor, "businesses.edit_business", business)
    if role_of(actor) == Role.MEMBER and set(fields) - set(PROFILE_FIELDS):
        raise Refused(NOT_IN_PROFILE)
    if "phone" in fields:
        fields["phone"] = in_one_form(fields["phone"])
    take_turn(business.organization_id)  # where it lies is written down there as well
    row = edits.locked(business)
    if edits.change(
        row,
        fields,
        allowed=BUSINESS_FIELDS,
        verb="businesses.business_changed",
        by=actor,
        seen=seen,
        settle=_place,
    ):
        row.refresh_from_db()  # a trigger wrote the searched text
    return row


@transaction.atomic
def add_contact(*, organization: Organization, actor: Actor, **fields: Any) -> Contact:
    """Add someone to ask for. See `CONTACT_FIELDS`; a `business` has to be a site of the organization.

    Raises:
        Refused: the actor may not, or the name can't be read.
    """
    check(actor, "businesses.edit_contacts", organization)
    return _add_contact(organization, actor, **fields)


def _add_contact(organization: Organization, by: Actor, **fields: Any) -> Contact:
    edits.only(fields, CONTACT_FIELDS)
    _same_organization(organization.pk, fields.get("business"))
    row = Contact(organization=organization, **edits.typed(Contact, fields))
    row.phone = in_one_form(row.phone)
    row.stamp(by)
    row.save()
    audit.record("businesses.contact_added", row, actor=by, changed=fields)
    return row


@transaction.atomic
def keep_contact(*, organization: Organization, by: Actor, name: str, **fields: Any) -> Contact | None:
    """Add someone to ask for, unless the organization has them already.

    Two people may share the phone of the counter and an address such as info@: it is the name that tells
    them apart. It follows from a decision that was permitted; `by` is for the record.

    Returns:
        The new row; `None` when they were known.
    """
    name = names.tidy(name)
    if not names.is_readable(name):
        return None
    email, phone = mailboxes.normal(fields.get("email", "")), in_one_form(fields.get("phone", ""))
    for known in Contact.objects.filter(organization=organization):
        shared = bool(email and mailboxes.normal(known.email) == email) or bool(
            phone and known.phone == phone
        )
        if same_person(name, known.name, reached_alike=shared):
            return None
    return _add_contact(organization, by, name=name, **fields)


@transaction.atomic
def update_contact(*, contact: Contact, actor: Actor, seen: datetime | None = None, **fields: Any) -> Contact:
    """Change someone to ask for.

    Raises:
        Refused: the actor may not, or someone else was quicker (`edits.STALE`).
    """
    check(actor, "businesses.edit_contacts", contact)
    _same_organization(contact.organization_id, fields.get("business"))
    if "phone" in fields:
        fields["phone"] = in_one_form(fields["phone"])
    row = edits.locked(contact)
    edits.change(row, fields, allowed=CONTACT_FIELDS, verb="businesses.contact_changed", by=actor, seen=seen)
    return row


@transaction.atomic
def remove_contact(*, contact: Contact, actor: Actor) -> None:
    """Remove someone to ask for; the history keeps that they were there.

    Raises:
        Refused: the actor may not.
    """
    check(actor, "businesses.edit_contacts", contact)
    audit.record("businesses.contact_removed", contact, actor=actor)
    contact.delete()


def note_mail_choice(*, contact: Contact, purpose: str, given: bool, actor: Actor) -> Consent | None:
    """Keep what a contact told an officer about mail: that they want a kind of it, or no longer.

    Args:
        contact: with an email.
        purpose: of `core.mail.purposes.Purpose`, not service.
        given: whether they want it.
        actor: the officer who was told.

    Returns:
        The record, or `None` when it stands so already.

    Raises:
        Refused: the actor may not, or the contact has no email.
    """
    check(actor, "businesses.edit_contacts", contact)
    if not contact.email:
        raise Refused(NO_EMAIL)
    return consents.choose(
        address=contact.email,
        purpose=purpose,
        given=given,
        how=How.DESK,
        wording=preferences.wording_of(purpose),
        source=f"contact-{contact.pk}",
        by=actor,
    )


def _same_organization(organization_id: int, business: Business | None) -> None:
    if business is not None and business.organization_id != organization_id:
        raise ValueError("The place of business belongs to another organization.")
