"""The kernel's part of the worlds that tests walk through."""

from types import SimpleNamespace
from typing import Any

from core import clock
from core.mail import consents
from core.mail import links as mail_links
from core.mail.models import MailWording, OutgoingMail, Reminder, ReminderRule, Suppression
from core.models import AuditEntry, Department
from tests.access.refusals import Call
from tests.access.samples import Row, Sample, pk
from tests.factories.core import mail


def _in_state(side: Any, *states: str, **columns: Any) -> Any:
    """A mail of this side's organization that went through the states."""
    row = mail(organization_id=side.organization.pk, recipient_id=side.owner.pk, **columns)
    for status in states:
        type(row).objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    return row


def _uncertain(side: Any) -> Any:
    return _in_state(side, "sending", "attempting", "unknown", to=side.owner.email)


def _wording(words: str = "") -> Any:
    row = MailWording.objects.get(template="mail/test")
    row.before = words
    row.save()
    return row


def finish(side: SimpleNamespace) -> None:
    """Mail to the side's people and about its organization."""
    side.suppression = Suppression.objects.create(address=side.unreachable.email, reason="bounce")
    side.reminder = mail(category="reminder", to=side.owner.email, recipient_id=side.owner.pk)
    side.mail = _in_state(side, "sending", "attempting", "failed")


def settle(side: SimpleNamespace) -> None:
    """The kernel's rows that only an administrator opens."""
    side.audit = AuditEntry.objects.create(verb="access.tested", actor_label="test")
    side.rule = ReminderRule.objects.order_by("pk").first()
    side.planned = Reminder.objects.create(
        key="access", rule=side.rule, subject_id=1, recipient="user-1", to="ana@people.example",
        anchor=clock.now(), due_at=clock.now(), useless_after=clock.now(), dropped="unwanted",
    )  # fmt: skip
    side.consent = consents.record(
        address="gone@people.example", purpose="reminders", given=False, how="desk", wording="Asked by phone."
    )


MOVING = (OutgoingMail,)


def grow(side: SimpleNamespace, numbers: range) -> None:
    """Mail, and addresses that get none."""
    Suppression.objects.bulk_create(
        Suppression(address=f"contact{n}@people.example", reason="bounce") for n in numbers
    )
    rows = [_copy(side.mail) for _n in numbers]
    for n, row in zip(numbers, rows, strict=True):
        row.dedupe_key = f"grown:{side.area.pk}:{n}"
        row.message_id = f"<grown-{side.area.pk}-{n}@city.example>"
    OutgoingMail.objects.bulk_create(rows)


def _copy(row: OutgoingMail) -> OutgoingMail:
    row = OutgoingMail.objects.get(pk=row.pk)
    values = {
        each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields if not each.primary_key
    }
    return OutgoingMail(**values)


# Models whose rows have an owner, and what such a row is called on a side.
FOREIGN = {OutgoingMail: "mail"}
# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "public:preferences": lambda side: {"token": mail_links.page_token(side.reminder.message_id)},
    "public:unsubscribe": lambda side: {"token": mail_links.one_click_token(side.reminder)},
    "desk:mail_message": pk("mail"),
    "desk:mail_preview": pk("mail"),
    "desk:mail_step": pk("mail", step="resend"),
    "desk:mail_held_back_lift": pk("suppression"),
    "admin:app_list": lambda side: {"app_label": "accounts"},
    "admin:mail_mailwording_preview": lambda side: {"pk": MailWording.objects.get(template="mail/test").pk},
}
# For each model in Django's admin: the row that its pages are tried on.
ADMIN_ROWS: dict[str, Row] = {
    "core_department": lambda world: Department.current(),
    "core_auditentry": lambda world: world.home.audit,
    "mail_outgoingmail": lambda world: world.home.mail,
    "mail_consent": lambda world: world.home.consent,
    "mail_suppression": lambda world: world.home.suppression,
    "mail_reminderrule": lambda world: world.home.rule,
    "mail_reminder": lambda world: world.home.planned,
    "mail_mailwording": lambda world: MailWording.objects.get(template="mail/test"),
}


# What each service is tried with, by people who may and by people who may not.
SERVICES = {
    "jobs.services.queue_job": Call(
        by="supervisor",
        given=lambda side: {
            "kind": "businesses.import",
            "arguments": {"preset": "chicago-licenses", "dry_run": True},
        },
    ),
    "jobs.services.stop_job": Call(by="officer", given=lambda side: {"job": side.job}),
    "mail.desk.steps.resend": Call(by="officer", given=lambda side: {"mail": side.mail}),
    "mail.desk.steps.release": Call(by="officer", given=lambda side: {"mail": _uncertain(side)}),
    "mail.desk.steps.drop": Call(by="supervisor", given=lambda side: {"mail": _uncertain(side)}),
    "mail.desk.steps.set_aside": Call(by="admin", given=lambda side: {"mail": side.mail}),
    "mail.reminders.sources.change_rule": Call(
        by="admin", given=lambda side: {"rule": side.rule, "changes": {"look_back_days": 11}}
    ),
    "mail.suppressions.lift": Call(by="officer", given=lambda side: {"address": side.suppression.address}),
    "mail.wording.change_wording": Call(
        by="admin", given=lambda side: {"wording": _wording(), "before": "Good morning.", "after": ""}
    ),
    "mail.wording.reset_wording": Call(by="admin", given=lambda side: {"wording": _wording("Good morning.")}),
}
