"""Applications from before the column say what they wait for, as the services would have written it."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from core import clock
from partnerships.vetting import services
from partnerships.vetting.choices import Status, Step
from partnerships.vetting.models import Application
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory

pytestmark = pytest.mark.django_db
FILL = import_module("partnerships.vetting.migrations.0007_what_older_rows_wait_for").FILL
NOTED = ("step", "step_since", "all_in", "took_part")


def noted():
    return {row["pk"]: row for row in Application.objects.values("pk", "status", *NOTED)}


def later(hours):
    return clock.at(clock.now() + timedelta(hours=hours))


def full(*values):
    """A full-track application with two reviewers, of whom so many hand in, an hour apart."""
    people = [OfficerFactory(), OfficerFactory()]
    application = vetting.in_review(involves_youth=True, reviewers=people)
    for hour, (review, value) in enumerate(zip(application.reviews.all(), values, strict=False)):
        with later(hour + 1):
            vetting.score(review, value)
    return application


@pytest.fixture
def at_every_step():
    """Applications in every state, and those in review at every step of it."""
    for status in Status.values:
        vetting.at(status)
    second = vetting.submitted(involves_youth=True)
    with later(1):
        services.assign_reviewer(application=second, reviewer=OfficerFactory(), actor=None)
    undeclared = vetting.submitted()
    with later(1):
        services.assign_reviewer(application=undeclared, reviewer=OfficerFactory(), actor=None)
    declared = vetting.submitted()
    review = services.assign_reviewer(application=declared, reviewer=OfficerFactory(), actor=None)
    with later(2):
        services.declare_conflict(review=review, proceed=True, actor=review.reviewer)
    full(3)
    full(3, 3)
    apart = full(1, 4)
    agreed = full(1, 4)
    for criterion in agreed.criteria_version.criteria.all():
        services.reconcile(
            application=agreed, criterion=criterion, actor=agreed.reviews.first().reviewer, value=3,
            note="We saw it together.",
        )  # fmt: skip
    assert Application.objects.get(pk=apart.pk).step == Step.AGREE


def test_rows_from_before_the_column_are_filled_as_the_services_write_it(at_every_step):
    before = noted()
    assert {row["step"] for row in before.values()} == set(Step.values)
    assert {row["status"] for row in before.values()} == set(Status.values)
    Application.objects.update(step="send", step_since=clock.now(), all_in=False, took_part=[])
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    after = noted()
    for key, row in before.items():
        for name in ("step", "all_in", "took_part"):
            assert after[key][name] == row[name], (row["status"], row["step"], name)
        if row["step"] not in (Step.DECIDE, Step.AGREE, Step.CLOSED):
            apart = abs(after[key]["step_since"] - row["step_since"])
            assert apart < timedelta(minutes=1), (row["status"], row["step"])


def test_rows_that_are_noted_already_are_left_alone(at_every_step):
    before = noted()
    with connection.cursor() as cursor:
        cursor.execute(FILL)
    assert noted() == before
