"""Who sees what, as one subquery over all places of business: plain, and slow where there are many.

The product answers the same from columns that triggers keep (`partnerships.businesses.scoping`). These
definitions read only what people wrote, so that `test_scope` can hold the one against the other.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.mail.models import OutgoingMail
from core.roles import CITYWIDE, WRITERS, Role, role_of
from events.choices import SHOWN_STATUSES
from events.models import Event, Registration
from partnerships.businesses.models import (
    Area,
    Business,
    Claim,
    Contact,
    DistrictAssignment,
    Invitation,
    Membership,
    Organization,
)
from partnerships.vetting.models import Application, Review


def _assigned(user: Any) -> QuerySet:
    return DistrictAssignment.objects.filter(user=user).current().order_by().values("area")


def _parts(user: Any) -> QuerySet:
    districts = _assigned(user)
    return Area.objects.filter(Q(pk__in=districts) | Q(parent__in=districts)).order_by().values("pk")


def _has_all(user: Any) -> bool:
    return role_of(user) == Role.SUPERVISOR and not _assigned(user).exists()


def _added(user: Any) -> QuerySet:
    claims = Claim.objects.filter(user=user, status="claimed").order_by().values("business")
    return Business.objects.filter(organization__added_by=user, pk__in=claims).order_by()


def businesses(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Business.objects.order_by()
    if role in CITYWIDE or _has_all(user):
        return rows
    if role in WRITERS:
        mine = Q(area__in=_parts(user)) | Q(area=None) | Q(organization__lead_officer=user)
        return rows.filter(mine)
    if role == Role.MEMBER:
        whole = Membership.objects.filter(user=user, all_sites=True).order_by().values("organization")
        some = Membership.sites.through.objects.filter(membership__user=user).values("business")
        return rows.filter(Q(organization__in=whole) | Q(pk__in=some) | Q(pk__in=_added(user).values("pk")))
    return rows.listed()


def organizations(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Organization.objects.order_by()
    if role in CITYWIDE:
        return rows
    if role in WRITERS:
        placeless = ~Exists(Business.objects.filter(organization=OuterRef("pk")))
        sites = businesses(user).values("organization")
        return rows.filter(Q(pk__in=sites) | Q(lead_officer=user) | placeless)
    if role == Role.MEMBER:
        memberships = Membership.objects.filter(user=user).order_by().values("organization")
        return rows.filter(Q(pk__in=memberships) | Q(pk__in=_added(user).values("organization")))
    return rows.none()


def contacts(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Contact.objects.order_by()
    if role == Role.ADMIN:
        return rows
    if role not in WRITERS | {Role.MEMBER}:
        return rows.none()
    if role == Role.MEMBER:
        whole = Membership.objects.filter(user=user, all_sites=True).order_by().values("organization")
    else:
        whole = organizations(user).values("pk")
    places = businesses(user).values("pk")
    return rows.filter(Q(business__in=places) | Q(business=None, organization__in=whole))


def _owned(user: Any) -> QuerySet:
    rows = Membership.objects.filter(user=user, role="owner", all_sites=True)
    return rows.order_by().values("organization")


def memberships(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Membership.objects.order_by()
    if role == Role.ADMIN:
        return rows
    if role in WRITERS:
        return rows.filter(organization__in=organizations(user).values("pk"))
    if role == Role.MEMBER:
        return rows.filter(Q(user=user) | Q(organization__in=_owned(user)))
    return rows.none()


def invitations(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Invitation.objects.order_by()
    if role == Role.ADMIN:
        return rows
    if role in WRITERS:
        return rows.filter(organization__in=organizations(user).values("pk"))
    return rows.filter(organization__in=_owned(user)) if role == Role.MEMBER else rows.none()


def claims(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Claim.objects.order_by()
    if role == Role.ADMIN:
        return rows
    if role in WRITERS:
        return rows.filter(business__in=businesses(user).values("pk"))
    return rows.filter(user=user) if role == Role.MEMBER else rows.none()


def mails(user: Any) -> QuerySet:
    role = role_of(user)
    rows = OutgoingMail.objects.order_by()
    if role == Role.ADMIN or _has_all(user):
        return rows
    if role in WRITERS:
        return rows.filter(organization_id__in=organizations(user).values("pk"))
    return rows.none()


def applications(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Application.objects.order_by()
    if role == Role.MEMBER:
        membership = Membership.objects.filter(organization=OuterRef("organization"))
        settled = Claim.objects.filter(
            user=user, business__organization=OuterRef("organization"), status="verified"
        )
        told = Q(applicant=None, contact_email__iexact=user.email)
        owner = membership.filter(user=OuterRef("applicant"), role="owner")
        strangers = Q(first_submitted_at=None, applicant__isnull=False) & ~Exists(owner)
        shared = Q(Exists(membership.filter(user=user))) & (Q(applicant=user) | ~strangers)
        return rows.filter(shared | (Q(applicant=user) & ~Exists(settled)) | told)
    if role in WRITERS:
        mine = Review.objects.filter(reviewer=user, application=OuterRef("pk")).exclude(conflict="refer")
        return rows.filter(
            Exists(mine) | Q(organization__in=organizations(user).values("pk")),
            ~Q(status="draft") | Q(assisted_by__isnull=False),
        )
    return rows if role == Role.ADMIN else rows.none()


def applications_in_districts(user: Any) -> QuerySet:
    sites = Application.sites.through.objects.filter(
        application=OuterRef("pk"), business__area__in=_parts(user)
    )
    return Application.objects.order_by().filter(Exists(sites))


def events(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Event.objects.order_by()
    if role is None:
        return rows.filter(status__in=SHOWN_STATUSES, audience="public")
    if role == Role.MEMBER:
        return rows.filter(status__in=SHOWN_STATUSES)
    if role in CITYWIDE or _has_all(user):
        return rows
    hosts = businesses(user).values("pk")
    return rows.filter(Q(area=None) | Q(area__in=_parts(user)) | Q(host__in=hosts) | Q(created_by=user))


def registrations(user: Any) -> QuerySet:
    role = role_of(user)
    rows = Registration.objects.order_by()
    if role == Role.ADMIN:
        return rows
    if role == Role.MEMBER:
        return rows.filter(Q(user=user) | Q(business__in=businesses(user).values("pk")))
    return rows.filter(event__in=events(user).values("pk")) if role in WRITERS else rows.none()


ORACLE = {
    Business: businesses,
    Organization: organizations,
    Contact: contacts,
    Membership: memberships,
    Invitation: invitations,
    Claim: claims,
    OutgoingMail: mails,
    Application: applications,
    Event: events,
    Registration: registrations,
}
