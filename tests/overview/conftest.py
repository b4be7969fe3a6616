"""Two districts, people who see one or all of them, and a way to count what a page asks the database."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from core.mail.models import OutgoingMail
from core.workdays import WorkingDays
from partnerships.vetting.models import Application
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, ViewerFactory, sign_in
from tests.factories.businesses import AreaFactory, BeatFactory, DistrictAssignmentFactory
from tests.factories.core import mail


@pytest.fixture(scope="module")
def city(database):
    """District 19 with beat 1925 in the west, district 20 with beat 2011 in the east, and people.

    `officer` covers district 19, `supervisor` and `viewer` the whole city; `owner` is a member.
    """
    west, east = AreaFactory(code="19"), AreaFactory(code="20")
    found = SimpleNamespace(
        west=west,
        east=east,
        west_beat=BeatFactory(code="1925", parent=west),
        east_beat=BeatFactory(code="2011", parent=east),
        officer=OfficerFactory(full_name="Dana Reyes"),
        supervisor=SupervisorFactory(full_name="Helen Okafor"),
        viewer=ViewerFactory(full_name="Ruth Albrecht"),
        owner=UserFactory(full_name="Rosa Delgado", email="rosa@espiga.example"),
    )
    DistrictAssignmentFactory(user=found.officer, area=west)
    return found


@pytest.fixture
def as_user(client, db):
    """Sign a user in, second factor included: `as_user(city.officer).get(...)`."""
    return lambda user: sign_in(client, user)


def words(response) -> str:
    """What a page says, without tags' line breaks."""
    return " ".join(response.content.decode().split())


def lines(told, key):
    """The lines of a card of a page that draws on several rooms; none where the card is not there."""
    card = told.page.card(key)
    return list(card.lines) if card else []


def cost(client, url: str) -> int:
    """How many queries a page takes."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def promise(application: Application, days: int) -> Application:
    """Move the promised day to so many days from today; those before it are working days, as lateness is."""
    today, week = clock.today(), WorkingDays()
    last = today if week.is_working_day(today) else week.after(today, -1)
    promised = week.after(last, days) if days < 0 else today + timedelta(days=days)
    Application.objects.filter(pk=application.pk).update(promised_on=promised)
    application.refresh_from_db()
    return application


def due(application: Application, days: int) -> date:
    """Move the due date of an approval's condition to so many days from today."""
    day = clock.today() + timedelta(days=days)
    application.conditions.update(due_on=day)
    return day


def refused_mail(organization_id: int | None, **more) -> OutgoingMail:
    """A mail that the relay refused."""
    made = mail(organization_id=organization_id, **more)
    rows = OutgoingMail.objects.filter(pk=made.pk)
    for status in ("sending", "failed"):
        rows.update(status=status)
    return rows.get()
