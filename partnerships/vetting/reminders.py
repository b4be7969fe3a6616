"""What reminders of this room hang on: drafts, open questions, promises, approvals and their conditions."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Model, Prefetch
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock
from core.access import visible
from core.mail.models import Direction, ReminderRule, Unit
from core.mail.outbox import Reader
from core.mail.reminders import DefaultRule, Matter, Near, Notice, ReminderSource, Watched, end_of
from core.mail.reminders.sources import Matters
from core.models import Department
from partnerships.businesses.cover import Desk, grounds

from . import rules
from .emails import mails
from .emails import reminders as notices
from .models import ActionRequest, Application, Condition, Review
from .readers import applicants, owners, tasks

# A partner who gave up, or whom the department ended, has nothing to do any more.
BOUND = ("partner", "suspended")


def find_drafts(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Drafts that could be sent, for their writers; two queries. See `core.mail.reminders.sources.Find`."""
    rows: Any = Application.objects.sendable_drafts().filter(applicant__is_active=True)
    rows = _narrowed(rows, "updated_at", near, ids)
    found = list(rows.select_related("organization__lead_officer", "applicant").order_by("pk"))
    if not found:
        return
    zone = Department.current().zone
    for row in found:
        reader = Reader.of(row.applicant)
        yield Watched(
            subject=f"application-{row.pk}",
            subject_id=row.pk,
            reader=reader,
            anchor=row.updated_at,
            row=(row, reader, row.updated_at.astimezone(zone).date()),
        )


def find_actions(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Questions that wait for an answer, for who answers them; a handful of queries."""
    asked: Any = Application.objects.with_past_members().filter(status="action_needed")
    asked = asked.select_related("organization__lead_officer", "applicant", "criteria_version")
    rows: Any = ActionRequest.objects.waiting().filter(application__status="action_needed")
    rows = _narrowed(rows, "asked_at", near, ids).order_by("pk")
    found = list(
        rows.prefetch_related(Prefetch("application", asked.prefetch_related("criteria_version__criteria")))
    )
    if not found:
        return
    zone, readers = Department.current().zone, applicants([each.application for each in found])
    for row in found:
        for reader in readers[row.application.pk]:
            yield Watched(
                subject=f"request-{row.pk}",
                subject_id=row.pk,
                reader=reader,
                anchor=row.asked_at,
                row=(row, reader, row.asked_at.astimezone(zone).date()),
                duty=reader.in_place_of,
            )


def find_promises(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Promised answers, for whoever at the desk has to take the next step; a handful of queries."""
    rows: Any = Application.objects.running().filter(promised_on__isnull=False)
    rows = _on_days(rows, "promised_on", near, ids)
    found = list(
        rows.select_related("organization__lead_officer", "criteria_version")
        .prefetch_related(Prefetch("reviews", Review.objects.order_by("pk")))
        .order_by("pk")
    )
    if not found:
        return
    zone, desk = Department.current().zone, Desk.today()
    ground = grounds({each.organization_id for each in found})
    for row in found:
        for task in tasks(row, desk, ground[row.organization_id]):
            reader = Reader.of(task.person)
            yield Watched(
                subject=f"application-{row.pk}",
                subject_id=row.pk,
                reader=reader,
                anchor=end_of(row.promised_on, zone),
                row=(row, task),
                since=task.since,
                duty=True,
            )


def find_approvals(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Approvals that partners stand on, for their owners; a handful of queries."""
    rows: Any = Application.objects.approvals_in_force().with_past_members()
    rows = _on_days(rows, "valid_until", near, ids)
    found = list(rows.select_related("organization__lead_officer", "applicant").order_by("pk"))
    if not found:
        return
    zone, readers = Department.current().zone, owners(found)
    for row in found:
        for reader in readers[row.pk]:
            yield Watched(
                subject=f"application-{row.pk}",
                subject_id=row.pk,
                reader=reader,
                anchor=end_of(row.valid_until, zone),
                row=(row, reader),
                duty=reader.in_place_of,
            )


def _open_conditions(near: Near | None, ids: Collection[int] | None) -> list[Condition]:
    bound: Any = Application.objects.with_past_members()
    rows: Any = Condition.objects.still_open().filter(application__organization__standing__in=BOUND)
    rows = _on_days(rows, "due_on", near, ids).order_by("pk")
    return list(
        rows.prefetch_related(
            Prefetch("application", bound.select_related("organization__lead_officer", "applicant"))
        )
    )


def _due(row: Condition, reader: Reader, zone: Any, *, duty: bool) -> Watched:
    return Watched(
        subject=f"condition-{row.pk}",
        subject_id=row.pk,
        reader=reader,
        anchor=end_of(row.due_on, zone),
        row=(row, reader),
        # The letter of the approval told them of it.
        since=row.created_at,
        duty=duty,
    )


def find_conditions(*, near: Near | None = None, ids: Collection[int] | None = None) -> Iterator[Watched]:
    """Open conditions of approvals, for the owners; a handful of queries."""
    found = _open_conditions(near, ids)
    if not found:
        return
    zone, readers = Department.current().zone, owners([each.application for each in found])
    for row in found:
        for reader in readers[row.application_id]:
            yield _due(row, reader, zone, duty=reader.in_place_of)


def find_desk_conditions(
    *, near: Near | None = None, ids: Collection[int] | None = None
) -> Iterator[Watched]:
    """Open conditions of approvals, for the lead officer, else the supervisors; a handful of queries."""
    found = _open_conditions(near, ids)
    if not found:
        return
    zone, desk = Department.current().zone, Desk.today()
    ground = grounds({each.application.organization_id for each in found})
    for row in found:
        organization = row.application.organization
        for person in desk.lead(ground[organization.pk], organization.lead_officer_id):
            yield _due(row, Reader.of(person), zone, duty=True)


def _narrowed(rows: Any, column: str, near: Near | None, ids: Collection[int] | None) -> Any:
    if near is not None:
        rows = rows.filter(near.moments(column))
    return rows if ids is None else rows.filter(pk__in=ids)


def _on_days(rows: Any, column: str, near: Near | None, ids: Collection[int] | None) -> Any:
    if near is not None:
        rows = rows.filter(near.days(column))
    return rows if ids is None else rows.filter(pk__in=ids)


def _matters(model: type[Model]) -> Matters:
    """Names the organizations of applications, or of what hangs on one; one query."""
    path = "" if model is Application else "application__"

    def matters(user: Any, ids: Collection[int]) -> dict[int, Matter]:
        rows = visible(model, user).filter(pk__in=ids)
        columns = (f"{path}pk", f"{path}organization__name")
        return {
            number: Matter(title=name, url=reverse("desk:application", args=[application]))
            for number, application, name in rows.values_list("pk", *columns)
        }

    return matters


def _plain(write: Callable[..., Notice]) -> Callable[[ReminderRule, Watched], Notice]:
    """For what says the same whatever the rule."""
    return lambda rule, watched: write(*watched.row)


def _promise(rule: ReminderRule, watched: Watched) -> Notice:
    """Overdue only when the desk says so too: the mail of the Saturday after a Friday's promise does not."""
    application, task = watched.row
    sent = application.promised_on
    if rule.direction == Direction.AFTER:
        sent = max(clock.today(), sent + timedelta(days=1))  # a preview is written before the day
    days = Department.current().working_days
    late = application.promised_on < rules.late_before(days=days, today=sent)
    return notices.promise(application, task, late=late)


SOURCES: list[ReminderSource] = [
    ReminderSource(
        key="vetting.draft",
        label=_("last change of an application that was not sent, for who writes it"),
        mail=mails.DRAFT_REMINDER,
        find=find_drafts,
        write=_plain(notices.draft),
        matters=_matters(Application),
    ),
    ReminderSource(
        key="vetting.action",
        label=_("request for changes without an answer, for the applicant"),
        mail=mails.ACTION_REMINDER,
        find=find_actions,
        write=_plain(notices.action),
        matters=_matters(ActionRequest),
    ),
    ReminderSource(
        key="vetting.promise",
        label=_("promised day of an application, for whoever at the desk has the next step"),
        mail=mails.PROMISE,
        find=find_promises,
        write=_promise,
        matters=_matters(Application),
    ),
    ReminderSource(
        key="vetting.approval",
        label=_("last day of an approval, for the owners"),
        mail=mails.APPROVAL_EXPIRING,
        find=find_approvals,
        write=_plain(notices.approval),
        matters=_matters(Application),
    ),
    ReminderSource(
        key="vetting.condition",
        label=_("day by which a condition of an approval has to be met, for the owners"),
        mail=mails.CONDITION_DUE,
        find=find_conditions,
        write=_plain(notices.condition),
        matters=_matters(Condition),
    ),
    ReminderSource(
        key="vetting.condition_desk",
        label=_("day by which a condition of an approval had to be met, for the lead officer"),
        mail=mails.CONDITION_OVERDUE,
        find=find_desk_conditions,
        write=_plain(notices.condition_overdue),
        matters=_matters(Condition),
    ),
]


def _after(key: str, label: Any, source: str, amount: int, every: int, unit: Unit, times: int) -> DefaultRule:
    return DefaultRule(
        key=key,
        label=label,
        source=source,
        amount=amount,
        direction=Direction.AFTER,
        repeat_amount=every,
        repeat_unit=unit,
        repeat_times=times,
    )


REMINDER_RULES = [
    _after("draft-unsent", _("Application: not sent for three days"), "vetting.draft", 3, 7, Unit.DAYS, 2),
    _after(
        "action-unanswered",
        _("Application: questions without an answer for three days"),
        "vetting.action",
        3,
        1,
        Unit.WEEKS,
        3,
    ),
    DefaultRule(
        key="promise-near",
        label=_("Application: two days before the promised day"),
        source="vetting.promise",
        amount=2,
    ),
    _after("promise-overdue", _("Application: past the promised day"), "vetting.promise", 1, 2, Unit.DAYS, 5),
    DefaultRule(
        key="approval-60-days",
        label=_("Approval: 60 days before it ends"),
        source="vetting.approval",
        amount=60,
    ),
    DefaultRule(
        key="approval-30-days",
        label=_("Approval: 30 days before it ends"),
        source="vetting.approval",
        amount=30,
    ),
    DefaultRule(
        key="approval-7-days",
        label=_("Approval: seven days before it ends"),
        source="vetting.approval",
        amount=7,
    ),
    DefaultRule(
        key="approval-last-day", label=_("Approval: on its last day"), source="vetting.approval", amount=0
    ),
    DefaultRule(
        key="condition-week-before",
        label=_("Condition: a week before it is due"),
        source="vetting.condition",
        amount=7,
    ),
    DefaultRule(
        key="condition-due", label=_("Condition: on the day it is due"), source="vetting.condition", amount=0
    ),
    DefaultRule(
        key="condition-overdue",
        label=_("Condition: overdue, to the desk"),
        source="vetting.condition_desk",
        amount=1,
        direction=Direction.AFTER,
    ),
]
