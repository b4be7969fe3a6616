"""How long the text of mail is kept, and what stays of it."""

from datetime import timedelta

import pytest

from config.celery import app as celery
from core import clock
from core.mail.desk.steps import set_aside
from core.mail.models import OutgoingMail
from core.mail.outbox import retention
from core.mail.outbox.sending import drain
from core.mail.purposes import Status
from core.mail.tasks import purge_mail
from core.models import Department
from tests.factories.accounts import SupervisorFactory
from tests.factories.core import mail, mails

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thirty_days():
    Department.objects.update_or_create(pk=1, defaults={"mail_kept_days": 30})


def aged(row, *states, days=31):
    """The row as it stands that many days after it was planned."""
    for status in states:
        values = {"sent_at": clock.now()} if status == Status.SENT else {}
        OutgoingMail.objects.filter(pk=row.pk).update(status=status, **values)
    OutgoingMail.objects.filter(pk=row.pk).update(planned_at=clock.now() - timedelta(days=days))
    row.refresh_from_db()
    return row


def test_the_text_goes_and_the_fact_of_sending_stays(sink):
    row = mail(calendar="BEGIN:VCALENDAR", calendar_method="REQUEST", subject="A decision")
    drain()
    aged(row)
    before = {
        name: getattr(row, name)
        for name in ("dedupe_key", "message_id", "subject", "to", "why", "sent_at", "status", "purpose")
    }
    assert retention.purge() == 1
    row.refresh_from_db()
    assert (row.text, row.html, row.calendar, row.has_body) == ("", "", "", False)
    assert row.purged_at is not None
    assert row.life[-1]["what"] == "purged"
    assert {name: getattr(row, name) for name in before} == before
    assert retention.purge() == 0


@pytest.mark.parametrize(
    ("states", "days", "kept"),
    [
        (["sending", "attempting", "sent"], 29, True),
        (["sending", "attempting", "sent"], 31, False),
        (["cancelled"], 31, False),
        ([], 400, True),
        (["sending"], 400, True),
        (["sending", "attempting"], 400, True),
        (["sending", "attempting", "failed"], 400, True),
        (["sending", "attempting", "unknown"], 400, True),
    ],
)
def test_only_what_is_settled_and_old_enough_loses_its_text(states, days, kept):
    row = aged(mail(), *states, days=days)
    retention.purge()
    row.refresh_from_db()
    assert row.has_body is kept


def test_a_failed_mail_loses_its_text_once_someone_has_seen_to_it():
    row = aged(mail(), "sending", "attempting", "failed")
    set_aside(mail=row, actor=SupervisorFactory())
    assert retention.purge() == 1


def test_many_go_in_batches(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 3)
    for row in mails(10):
        aged(row, "cancelled")
    purge_mail()
    assert not OutgoingMail.objects.exclude(text="").exists()


def test_beat_asks_for_it():
    celery.finalize()
    assert "core.mail.tasks.purge_mail" in {each["task"] for each in celery.conf.beat_schedule.values()}
