"""This room's part of a person's privacy export: for whom they act, and where they are someone to ask for."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from core.privacy import values

from .models import Claim, Contact, DistrictAssignment, Invitation, Membership, Merge, Organization

PART = "businesses"  # its name in the export
MEMBERSHIP = ("organization", "role", "all_sites", "created_at")
CLAIM = ("business", "status", "note", "created_at", "settled_at", "method", "reason")
INVITATION = (
    "organization", "email", "role", "all_sites", "created_at", "expires_at", "accepted_at", "revoked_at",
)  # fmt: skip
CONTACT = (
    "organization", "business", "name", "role_title", "email", "phone", "language", "preferred_channel",
    "note", "created_at", "updated_at",
)  # fmt: skip
DISTRICT = ("area", "starts_on", "ends_on")


# Of a row that was set aside when two records became one: what of it is told.
ASIDE = (
    "name", "role_title", "email", "phone", "language", "preferred_channel", "note", "role", "status",
)  # fmt: skip


def held_on(user: Any) -> dict[str, Any]:
    """Memberships, claims, invitations to them, contacts with their address, and what they added."""
    members = Membership.objects.filter(user=user).select_related("organization").prefetch_related("sites")
    claims = Claim.objects.filter(user=user).select_related("business").order_by("pk")
    invitations = Invitation.objects.filter(email__iexact=user.email).select_related("organization")
    contacts = Contact.objects.filter(email__iexact=user.email).select_related("organization", "business")
    districts = DistrictAssignment.objects.filter(user=user).select_related("area")
    added = Organization.objects.filter(added_by=user).order_by("pk")
    return {
        "memberships": [
            {**values(row, MEMBERSHIP), "sites": [str(site) for site in row.sites.all()]}
            for row in members.order_by("pk")
        ],
        "claims": [values(row, CLAIM) for row in claims],
        "invitations": [values(row, INVITATION) for row in invitations.order_by("pk")],
        "contacts": [values(row, CONTACT) for row in contacts.order_by("pk")],
        "districts": [values(row, DISTRICT) for row in districts.order_by("pk")],
        "organizations_added": [str(row) for row in added],
        "set_aside": list(_set_aside(user)),
    }


def _set_aside(user: Any) -> Iterator[dict[str, Any]]:
    """What of them stands with a merge, until it is undone: an entry that was there twice."""
    theirs = [{"user": user.pk}, {"email": user.email}]
    wanted = Q()
    for each in theirs:
        wanted |= Q(journal__handed__contains=[{"aside": [{"fields": each}]}])
    for merge in Merge.objects.standing().filter(wanted).order_by("pk"):
        for entry in merge.journal["handed"]:
            for row in entry["aside"]:
                fields = row["fields"]
                if any(fields.items() >= each.items() for each in theirs):
                    yield {"kind": row["model"], **{name: fields[name] for name in ASIDE if fields.get(name)}}
