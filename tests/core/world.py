"""The kernel's part of the worlds that tests walk through."""

from typing import Any

from core.mail.models import MailWording
from tests.access.refusals import Call
from tests.factories.core import mail


def _in_state(side: Any, *states: str) -> Any:
    """A mail of this side's organization that went through the states."""
    row = mail(organization_id=side.organization.pk, recipient_id=side.owner.pk, to=side.owner.email)
    for status in states:
        type(row).objects.filter(pk=row.pk).update(status=status)
    row.refresh_from_db()
    return row


def _uncertain(side: Any) -> Any:
    return _in_state(side, "sending", "attempting", "unknown")


def _wording(words: str = "") -> Any:
    row = MailWording.objects.get(template="mail/test")
    row.before = words
    row.save()
    return row


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
