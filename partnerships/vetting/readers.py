"""Whom reminders about applications go to, for many applications at once: owners, applicants, the desk."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.mail.outbox import Reader
from core.roles import Role, role_of
from partnerships.businesses.cover import Desk, Ground, grounds
from partnerships.businesses.models import Membership

from .choices import WITH_REVIEWERS, Step
from .models import Application

# --- The organization's side


def applicants(applications: Collection[Application]) -> Mapping[int, list[Reader]]:
    """Who answers for an application: its applicant while they speak for the organization, else its owners.

    Args:
        applications: with `organization` and `applicant`.

    Returns:
        Readers by the application's number. Where nobody has an address it is the lead officer, or the
        supervisors, who call.
    """
    return _of_organizations(applications, applicant_first=True)


def owners(applications: Collection[Application]) -> Mapping[int, list[Reader]]:
    """The organization's owners; failing them whoever applied. Arguments and answer as for `applicants`."""
    return _of_organizations(applications, applicant_first=False)


def members_who_own(application: Application) -> list[Reader]:
    """The owners of one application's organization."""
    rows = Membership.objects.filter(
        organization=application.organization_id, role="owner", user__is_active=True
    )
    return [Reader.of(row.user) for row in rows.select_related("user").order_by("pk")]


def _of_organizations(
    applications: Collection[Application], *, applicant_first: bool
) -> Mapping[int, list[Reader]]:
    members: dict[int, list[Membership]] = {each.organization_id: [] for each in applications}
    for row in Membership.objects.filter(organization__in=members).select_related("user").order_by("pk"):
        members[row.organization_id].append(row)
    found = {}
    for each in applications:
        theirs = members[each.organization_id]
        owning = [Reader.of(row.user) for row in theirs if row.role == "owner" and row.user.is_active]
        applied = _applied(each, theirs)
        found[each.pk] = (applied or owning) if applicant_first else (owning or applied)
    silent = [each for each in applications if not found[each.pk]]
    if silent:
        desk, ground = Desk.today(), grounds({each.organization_id for each in silent})
        for each in silent:
            lead = desk.lead(ground[each.organization_id], each.organization.lead_officer_id)
            found[each.pk] = [Reader.of(person, in_place_of=True) for person in lead]
    return found


def _applied(application: Application, members: Iterable[Membership]) -> list[Reader]:
    """Who applied, while they still speak for the organization."""
    user = application.applicant
    if user is None:
        address, name = application.contact_email, application.contact_name
        return [Reader(f"contact-{application.pk}", address, name)] if address else []
    membership = next((each for each in members if each.user_id == user.pk), None)
    # Without a membership they are a claimant nobody checked yet, unless theirs was ended.
    ended = membership is None and bool(getattr(application, "was_member", False))
    if not user.is_active or ended or (membership is not None and membership.role != "owner"):
        return []
    return [Reader.of(user)]


# --- The desk


@dataclass(frozen=True)
class Task:
    """The next step of an application, for one person at the desk.

    Args:
        person: who has to take it.
        step: `take`, `declare`, `review`, `agree` or `decide`.
        since: since when it is theirs.
    """

    person: Any
    step: Step
    since: datetime | None


def tasks(application: Application, desk: Desk, ground: Ground) -> list[Task]:
    """Whom an application waits for: the reviewers, whoever names them, or the supervisors who may decide.

    The same people as `waiting_for`, among those who see it; and for want of reviewers the lead officer,
    failing one the supervisors.

    Args:
        application: with `reviews` prefetched.
        desk: who works here.
        ground: where the organization's places lie.

    Returns:
        At most one task for each person.
    """
    found: dict[int, Task] = {}
    for each in _tasks(application, desk, ground):
        found.setdefault(each.person.pk, each)
    return list(found.values())


def _tasks(application: Application, desk: Desk, ground: Ground) -> Iterator[Task]:
    step, lead = application.step, application.organization.lead_officer_id
    for review in application.reviews.all() if step in WITH_REVIEWERS else ():
        person = desk.people.get(review.reviewer_id)
        if person is None or review.round != application.round or not review.is_active:
            continue
        if review.submitted_at is None:
            came = max(filter(None, (review.assigned_at, application.submitted_at)))
            yield Task(person, Step.REVIEW if review.conflict else Step.DECLARE, came)
        elif step == Step.AGREE:
            yield Task(person, Step.AGREE, application.step_since)
    if step in (Step.TAKE, Step.SECOND):
        for person in desk.lead(ground, lead):
            yield Task(person, Step.TAKE, application.step_since)
    if step == Step.DECIDE:
        for person in desk.people.values():
            theirs = role_of(person) == Role.SUPERVISOR and person.pk not in application.took_part
            if theirs and desk.sees(person, ground, lead):
                yield Task(person, Step.DECIDE, application.step_since)
