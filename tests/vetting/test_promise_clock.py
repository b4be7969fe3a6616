"""The department's clock: it runs in working days and stands still while the owner owes an answer."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core import clock
from core.models import Department
from core.pages.story import Whose
from partnerships.vetting import sentences, services, story
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, sign_in

pytestmark = pytest.mark.django_db
CHICAGO = ZoneInfo("America/Chicago")


def noon(month, day):
    return datetime(2026, month, day, 12, tzinfo=CHICAGO)


def test_the_promise_is_ten_working_days_and_late_is_said_in_words():
    with time_machine.travel(noon(11, 5), tick=False):
        application = vetting.in_review()
        assert application.promised_on == date(2026, 11, 20)
    with time_machine.travel(noon(11, 20), tick=False):
        assert sentences.age_of(application).words == "working day 10 of 10"
        assert not Application.objects.late(date(2026, 11, 20)).exists()
    with time_machine.travel(noon(11, 24), tick=False):
        assert sentences.age_of(application).words == "working day 12 of 10, late"
        assert Application.objects.late(date(2026, 11, 24)).get() == application


def test_the_clock_stands_still_while_the_owner_owes_an_answer():
    with time_machine.travel(noon(11, 5), tick=False):
        application = vetting.in_review()
    with time_machine.travel(noon(11, 9), tick=False):  # two working days used
        application = services.request_action(
            application=application, reason="missing", fields=["hopes"], message="Say more.",
            actor=OfficerFactory(),
        )  # fmt: skip
        assert application.promised_on is None
    with time_machine.travel(noon(11, 30), tick=False):
        assert sentences.age_of(application).words == "clock stopped"
        application = services.submit_application(application=application, actor=application.applicant)
        assert sentences.age_of(application).day == 2
        assert application.promised_on == date(2026, 12, 10)


def test_a_second_stop_counts_on_from_the_first():
    with time_machine.travel(noon(11, 5), tick=False):
        application = vetting.in_review()
    for stop, go in ((noon(11, 9), noon(11, 12)), (noon(11, 16), noon(11, 18))):
        with time_machine.travel(stop, tick=False):
            services.request_action(
                application=application, reason="missing", fields=["hopes"], message="Say more.",
                actor=OfficerFactory(),
            )  # fmt: skip
        with time_machine.travel(go, tick=False):
            application = services.submit_application(application=application, actor=application.applicant)
    # 6 and 9; 13 and 16: four working days used when it stopped the second time.
    assert application.days_used == 4
    assert application.promised_on == date(2026, 11, 27)


def test_the_age_stays_as_it_was_when_it_was_decided():
    with time_machine.travel(noon(11, 5), tick=False):
        application = vetting.decided()
    with time_machine.travel(noon(12, 30), tick=False):
        assert sentences.age_of(application).day == 0


def test_the_departments_own_days_off_and_its_states_holidays_do_not_count():
    department = Department.objects.create(pk=1, subdivision="IL")
    department.days_off.create(day=date(2026, 2, 17), name="Training day")
    with time_machine.travel(noon(2, 5), tick=False):
        # Lincoln's Birthday on the 12th, Washington's on the 16th, and the training day.
        assert vetting.in_review().promised_on == date(2026, 2, 24)


def test_a_promise_that_was_given_stays_when_the_department_takes_another_day_off():
    with time_machine.travel(noon(11, 5), tick=False):
        application = vetting.in_review()
    department = Department.objects.create(pk=1)
    department.days_off.create(day=date(2026, 11, 18), name="Training day")
    application.refresh_from_db()
    assert application.promised_on == date(2026, 11, 20)
    with time_machine.travel(noon(11, 17), tick=False):
        assert sentences.age_of(application).day == 8
    with time_machine.travel(noon(11, 20), tick=False):
        assert sentences.age_of(application).words == "working day 10 of 10"


@pytest.mark.parametrize(
    ("promised", "today", "late"),
    [
        (date(2026, 11, 20), (11, 20), False),  # a Friday
        (date(2026, 11, 20), (11, 21), False),  # the Saturday after it
        (date(2026, 11, 20), (11, 23), True),  # the Monday after it
        (date(2026, 11, 25), (11, 26), False),  # Thanksgiving
        (date(2026, 11, 25), (11, 27), True),  # the day after it
        (date(2026, 9, 4), (9, 7), False),  # Labor Day, a Monday
        (date(2026, 9, 4), (9, 8), True),
    ],
)
def test_a_promise_is_late_from_the_next_working_day_on_in_figures_and_in_words(
    client, promised, today, late
):
    with time_machine.travel(noon(*today), tick=False):
        officer = OfficerFactory()
        application = vetting.in_review(reviewers=[officer])
        Application.objects.filter(pk=application.pk).update(promised_on=promised)
        application.refresh_from_db()
        assert sentences.age_of(application).late is late
        assert Application.objects.late(clock.today()).exists() is late
        desk = sign_in(client, officer)
        queue = desk.get(reverse("desk:applications"), {"late": "yes", "scope": "all"})
        assert (application.organization.name in queue.content.decode()) is late
        assert ("In review · late" in queue.content.decode()) is late
        told = story.day(officer, Whose.ALL)
        assert told.tiles[0].figure == told.late == late
        assert told.due == (not late)
        assert story.city(officer).tiles[1].figure == late
