"""The table of moves against every pair of states, in the service and in the database."""

import pytest
from django.db import DatabaseError, transaction

from core.workflow import StaleMove
from partnerships.vetting.choices import Status
from partnerships.vetting.models import Application
from partnerships.vetting.workflow import APPLICATION
from tests.factories import vetting
from tests.factories.accounts import SupervisorFactory

pytestmark = pytest.mark.django_db

TABLE = {(source, move.target) for move in APPLICATION.moves for source in move.sources}


def test_the_table_is_the_one_of_the_design():
    assert {
        ("draft", "submitted"),
        ("action_needed", "submitted"),
        ("submitted", "in_review"),
        ("appealed", "in_review"),
        ("in_review", "action_needed"),
        ("in_review", "approved"),
        ("in_review", "approved_with_conditions"),
        ("in_review", "declined"),
        ("declined", "appealed"),
        *((state, "withdrawn") for state in ("draft", "submitted", "in_review", "action_needed", "appealed")),
    } == TABLE


@pytest.mark.parametrize("status", Status.values)
def test_every_state_is_reached_by_services(status):
    assert vetting.at(status).status == status


@pytest.mark.parametrize("status", Status.values)
def test_a_move_that_is_not_in_the_table_is_refused_by_service_and_database(status):
    application = vetting.at(status)
    supervisor = SupervisorFactory()
    for move in APPLICATION.moves:
        if status not in move.sources:
            with pytest.raises(StaleMove):
                APPLICATION.move(application, move.name, actor=supervisor)
    for target in Status.values:
        change = Application.objects.filter(pk=application.pk)
        if target == status or (status, target) in TABLE:
            continue
        with pytest.raises(DatabaseError), transaction.atomic():
            change.update(status=target)
    application.refresh_from_db()
    assert application.status == status


@pytest.mark.parametrize("status", [each for each in Status.values if each != "draft"])
def test_no_application_begins_in_the_middle(status):
    made = vetting.draft()
    with pytest.raises(DatabaseError), transaction.atomic():
        Application.objects.create(
            organization=made.organization,
            criteria_version=made.criteria_version,
            applicant=made.applicant,
            status=status,
        )


@pytest.mark.parametrize(("source", "target"), sorted(TABLE))
def test_the_database_lets_every_move_of_the_table_pass(source, target):
    application = vetting.at(source)
    assert Application.objects.filter(pk=application.pk).update(status=target) == 1
