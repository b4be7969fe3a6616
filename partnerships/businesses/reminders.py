"""What reminders of this room hang on: invitations without an answer, claims that nobody has checked."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.mail.models import Direction, ReminderRule, Unit
from core.mail.outbox import Reader
from core.mail.reminders import DefaultRule, Matter, Near, Notice, ReminderSource, Watched
from core.models import Department

from .cover import Desk, ground_of
from .emails import mails
from .emails import reminders as notices
from .models import Business, Claim, Invitation


def _invitations(near: Near | None, ids: Collection[int] | None, column: str) -> Any:
    rows: Any = Invitation.objects.open().filter(invited_by__is_active=True)
    if near is not None:
        rows = rows.filter(near.moments(column))
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.select_related("organization__lead_officer", "invited_by").order_by("pk")


def find_invitations(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Open invitations, for the colleague; three queries. See `core.mail.reminders.sources.Find`."""
    rows = list(_invitations(near, ids, "created_at"))
    if not rows:
        return
    zone = Department.current().zone
    known = {
        each.email: each
        for each in get_user_model()._default_manager.filter(email__in={row.email for row in rows})
    }
    for row in rows:
        account = known.get(row.email)
        # Who has left, or works for the department, can't accept.
        if account is None or (account.is_active and account.is_member):
            until = row.expires_at.astimezone(zone).date()
            reader = Reader(f"invitation-{row.pk}", row.email)
            if account is not None:
                name = account.display_name if account.full_name else ""
                reader = replace(reader, name=name, user_id=account.pk, language=account.language)
            yield _watched(row, reader, row.created_at, (row, until))


def find_expiring(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Open invitations, for who sent them and still may; two queries."""
    rows = list(_invitations(near, ids, "expires_at").sent_by_owners())
    if not rows:
        return
    zone = Department.current().zone
    for row in rows:
        inviter, until = row.invited_by, row.expires_at.astimezone(zone).date()
        yield _watched(row, Reader.of(inviter), row.expires_at, (row, until))


def _watched(row: Invitation, reader: Reader, anchor: datetime, carried: Any) -> Watched:
    return Watched(
        subject=f"invitation-{row.pk}",
        subject_id=row.pk,
        reader=reader,
        anchor=anchor,
        row=carried,
    )


def find_claims(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Claims to be checked, for each officer who covers the place; four queries."""
    rows: Any = Claim.objects.waiting().filter(user__is_active=True)
    if near is not None:
        rows = rows.filter(near.moments("created_at"))
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    rows = list(
        rows.select_related("user", "business__organization", "business__area__parent").order_by("pk")
    )
    if not rows:
        return
    zone, desk = Department.current().zone, Desk.today()
    for row in rows:
        place = row.business
        for officer in desk.officers(ground_of(place.area), place.organization.lead_officer_id):
            if officer.pk != row.user_id:
                yield Watched(
                    subject=f"claim-{row.pk}",
                    subject_id=row.pk,
                    reader=Reader.of(officer),
                    anchor=row.created_at,
                    row=(row, officer, row.created_at.astimezone(zone).date()),
                    duty=True,
                )


def invitation_matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
    """The organizations of invitations that exist for a user, at the first place they see; two queries."""
    rows = list(visible(Invitation, user).filter(pk__in=ids).select_related("organization"))
    sites = visible(Business, user).filter(organization__in={row.organization_id for row in rows})
    first = dict(sites.order_by("-pk").values_list("organization", "pk"))
    return {
        row.pk: Matter(
            title=row.organization.name,
            url=reverse("desk:business", args=[first[row.organization_id]])
            if row.organization_id in first
            else "",
        )
        for row in rows
    }


def claim_matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
    """The places of claims that exist for a user; one query."""
    rows = visible(Claim, user).filter(pk__in=ids).select_related("business")
    return {row.pk: Matter(title=row.business.name, url=reverse("desk:claim", args=[row.pk])) for row in rows}


def _by(write: Callable[..., Notice]) -> Callable[[ReminderRule, Watched], Notice]:
    def written(rule: ReminderRule, watched: Watched) -> Notice:
        return write(*watched.row)

    return written


SOURCES: list[ReminderSource] = [
    ReminderSource(
        key="businesses.invitation",
        label=_("sending of an invitation, for the colleague who has not answered"),
        mail=mails.INVITATION_REMINDER,
        find=find_invitations,
        write=_by(notices.invitation),
        matters=invitation_matters,
    ),
    ReminderSource(
        key="businesses.invitation_expiring",
        label=_("end of an unanswered invitation, for who sent it"),
        mail=mails.UNANSWERED,
        find=find_expiring,
        write=_by(notices.unanswered),
        matters=invitation_matters,
    ),
    ReminderSource(
        key="businesses.claim",
        label=_("making of a claim nobody has checked, for the officers of the place"),
        mail=mails.CLAIM_WAITING,
        find=find_claims,
        write=_by(notices.claim),
        matters=claim_matters,
    ),
]
REMINDER_RULES = [
    DefaultRule(
        key="invitation-unanswered",
        label=_("Invitation: no answer for five days"),
        source="businesses.invitation",
        amount=5,
        direction=Direction.AFTER,
    ),
    DefaultRule(
        key="invitation-expiring",
        label=_("Invitation: two days before it ends, to who sent it"),
        source="businesses.invitation_expiring",
        amount=2,
    ),
    DefaultRule(
        key="claim-waiting",
        label=_("Claim: not checked for three days"),
        source="businesses.claim",
        amount=3,
        direction=Direction.AFTER,
        repeat_amount=1,
        repeat_unit=Unit.WEEKS,
        repeat_times=8,
    ),
]
