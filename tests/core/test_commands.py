"""Commands reckon in the department's local days, wherever the server stands."""

from datetime import UTC, date, datetime
from importlib import import_module
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command, get_commands

from core import clock
from core.commands import DepartmentCommand
from core.mail.models import OutgoingMail
from core.mail.outbox.life import line
from core.models import Department
from tests.factories.core import mail

# The last evening of the year in Chicago (the server's zone), the first day of the new one in Auckland.
EVENING = datetime(2027, 1, 1, 3, tzinfo=UTC)
# They neither reckon nor print days.
WITHOUT_DAYS = {"demo_code", "mail_table", "send_test_mail"}


@pytest.fixture
def auckland(db):
    assert settings.TIME_ZONE == "America/Chicago"
    Department.objects.update_or_create(pk=1, defaults={"time_zone": "Pacific/Auckland"})


def test_a_commands_today_is_the_departments(auckland):
    class Command(DepartmentCommand):
        def handle(self, *args, **options):
            return clock.today().isoformat()

    with clock.at(EVENING):
        assert clock.today() == date(2026, 12, 31)
        assert call_command(Command(), stdout=StringIO()) == "2027-01-01"
        assert clock.today() == date(2026, 12, 31)


def test_the_life_of_a_mail_is_told_on_the_departments_clock(auckland):
    row = mail()
    OutgoingMail.objects.filter(pk=row.pk).update(life=line("planned", at=EVENING))
    out = StringIO()
    call_command("reminders", explain=row.message_id, stdout=out)
    assert "January 1, 2027, 4:00 p.m.: Planned" in out.getvalue()


def test_every_command_of_the_rooms_that_may_reckon_days_does_so_for_the_department():
    ours = {
        name: import_module(f"{app}.management.commands.{name}").Command
        for name, app in get_commands().items()
        if not app.startswith(("django", "celery")) and app in settings.INSTALLED_APPS
        and app.split(".")[0] in {"core", "accounts", "partnerships", "events"}
    }  # fmt: skip
    reckoning = {name for name, command in ours.items() if issubclass(command, DepartmentCommand)}
    assert set(ours) - reckoning == WITHOUT_DAYS
