"""What the kernel asks of the registry: whose mail and which addresses a user may see."""

from collections.abc import Collection
from typing import Any

from django.apps import apps
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from core import mailboxes
from core.access import visible
from core.folding import has_words
from core.mail.scope import AddressBook
from core.querysets import ALL
from core.roles import WRITERS, Role, role_of

from .models import Business, Contact, Invitation, Membership, Organization
from .scoping import reach_of

MOST_NAMED = 50
SHORTEST_NAME = 3


def mail_organizations(user: Any) -> Any:
    """The ids of the organizations whose mail `user` may see at the desk.

    Returns:
        `core.querysets.ALL` for those who cover the whole city, else a queryset of ids.
    """
    role = role_of(user)
    if role == Role.ADMIN or (role in WRITERS and reach_of(user).everything):
        return ALL
    if role not in WRITERS:
        return Organization.objects.none().values("pk")
    return Organization.objects.visible_to(user).order_by().values("pk")


def reply_addresses(organizations: Collection[int]) -> dict[int, str]:
    """Where replies to an organization's mail go: to its lead officer, while that one works here.

    Args:
        organizations: ids.

    Returns:
        `Name <address>` by id; organizations without an active lead officer are not in it.
    """
    rows = Organization.objects.filter(pk__in=organizations, lead_officer__is_active=True)
    return {
        row.pk: mailboxes.line(row.lead_officer.display_name, row.lead_officer.email)
        for row in rows.select_related("lead_officer")
        if row.lead_officer is not None
    }


def addresses(user: Any) -> list[AddressBook]:
    """Where addresses stand that `user` may see: contacts, members, colleagues who were invited."""
    contacts = visible(Contact, user).select_related("organization", "business")
    members = visible(Membership, user).select_related("user", "organization")
    invitations = visible(Invitation, user).select_related("organization")

    def organization(row: Any) -> str:
        return reverse("desk:organization_edit", args=[row.organization_id])

    return [
        AddressBook(
            rows=contacts,
            address="email",
            label=lambda row: f"{row.name} · {row.business or row.organization}",
            url=lambda row: reverse("desk:contact_edit", args=[row.pk]),
        ),
        AddressBook(
            rows=members,
            address="user__email",
            label=lambda row: f"{row.user.display_name} · {row.organization}",
            url=organization,
        ),
        AddressBook(
            rows=invitations,
            address="email",
            label=lambda row: _("Invited to %(name)s") % {"name": row.organization},
            url=organization,
        ),
    ]


def named(text: str) -> list[Organization]:
    """The organizations that have or had this name, or a place of business with it.

    Args:
        text: what was typed; accents and case don't matter, typing mistakes do.
    """
    if sum(map(str.isalnum, text)) < SHORTEST_NAME:
        return []
    by_its_names = has_words(text, "name", "organization__name", "organization__legal_name")
    # The first condition has an index; the second leaves out who has the words in an address.
    now = Business.objects.filter(has_words(text, "search_text")).filter(by_its_names)
    once = Q(name__finds=text.strip())
    former = apps.get_model("businesses", "BusinessEvent")._default_manager.filter(once)
    whole = apps.get_model("businesses", "OrganizationEvent")._default_manager.filter(once)
    ids = (
        now.order_by()
        .values("organization_id")
        .union(former.order_by().values("organization_id"), whole.order_by().values("pgh_obj_id"))
    )
    return list(Organization.objects.filter(pk__in=ids[:MOST_NAMED]))
