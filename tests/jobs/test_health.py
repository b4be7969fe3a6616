"""Health tells of jobs that nobody begins, and of those that a dead worker left."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from core import clock
from core.jobs.models import Job
from core.tasks import heartbeat
from tests.factories.jobs import job

pytestmark = pytest.mark.django_db


def ready(client, part):
    heartbeat()
    answer = client.get("/health/ready")
    return answer.status_code, answer.json()[part]["state"]


@pytest.mark.parametrize(("age", "state"), [(60, "ok"), (1800, "late"), (3 * 3600, "down")])
def test_a_job_that_nobody_begins_is_late_and_then_down_and_pages_are_served_on(client, age, state):
    job(created_at=clock.now() - timedelta(seconds=age))
    assert ready(client, "oldest_waiting_job") == (200, state)


def test_a_job_that_waits_behind_a_long_one_is_never_down(client):
    job(created_at=clock.now() - timedelta(hours=3))
    job("running")
    assert ready(client, "oldest_waiting_job") == (200, "late")


@pytest.mark.parametrize(("seconds", "state"), [(-60, "ok"), (60, "ok"), (600, "late")])
def test_a_job_that_no_sweep_took_up_from_a_dead_worker_is_told(client, seconds, state):
    row = job("running")
    Job.objects.filter(pk=row.pk).update(lease_until=Now() - timedelta(seconds=seconds))
    assert ready(client, "abandoned_jobs") == (200, state)
