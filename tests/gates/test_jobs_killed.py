"""Gate 45: a job's worker killed at a point, the broker emptied. None is lost, none is carried out twice.

Two guards make it so, and each is taken away here to show that it matters: the lease, without which a killed
worker's job is lost, and the claim, without which two workers carry out the same job.
"""

import os
import signal
import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from django.db.models.functions import Now

from core.jobs import running
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from core.leases import until
from tests.core.sample_room.jobs import STEPS, between, written
from tests.gates import scale
from tests.jobs.conftest import queued, sample_room, use_test_kinds  # noqa: F401  (fixtures)
from tests.services.conftest import wait_until

pytestmark = [pytest.mark.gate(45), pytest.mark.django_db(transaction=True)]
KILLS = max(2, scale(25))
POINTS = ("claimed", "working", "halfway", "worked", "noted")


def run_and_die(point: str) -> None:
    """Carry a job out in a forked process that is killed with SIGKILL when it reaches a point."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            die = lambda here: os.kill(os.getpid(), signal.SIGKILL) if here == point else None  # noqa: E731
            running.reached = die
            between.append(lambda step: die("halfway") if step == STEPS // 2 else None)
            run_next()
        finally:
            os._exit(1)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the point was not reached"


def end_the_leases() -> None:
    Job.objects.filter(status=Status.RUNNING).update(lease_until=Now() - timedelta(seconds=1))


def connection_is_gone() -> None:
    """Wait until the database has noticed that the killed process is gone: until then its row is locked."""

    def nobody_else() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            return bool(cursor.fetchone()[0])

    wait_until(nobody_else, "the end of the killed process's connection")


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_worker_loses_no_job_and_repeats_nothing_of_it(point):
    for _ in range(KILLS):
        job = queued()  # its hint may be lost: nobody reads the broker here
        run_and_die(point)
        assert written(job) == (STEPS if point == "noted" else 0), "all or nothing"
        connection_is_gone()
        end_the_leases()
        run_next()
        job.refresh_from_db()
        assert (job.status, written(job)) == (Status.DONE, STEPS)


def test_without_the_lease_a_killed_workers_job_is_lost(monkeypatch):
    monkeypatch.setattr(running, "sweep", lambda: None)
    job = queued()
    run_and_die("halfway")
    end_the_leases()
    assert run_next() is None
    job.refresh_from_db()
    assert (job.status, written(job)) == (Status.RUNNING, 0)


def both_at_once() -> list[Job | None]:
    """Let two workers look for work at the same time; what each carried out."""
    done: list[Job | None] = []

    def work() -> None:
        done.append(run_next())
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    return done


def test_two_workers_never_carry_out_the_same_job():
    for _ in range(KILLS):
        job = queued()
        assert [each for each in both_at_once() if each] == [job]
        assert written(job) == STEPS


def test_without_the_claim_both_workers_begin_the_job(monkeypatch):
    """What a table that is only read for waiting jobs does."""
    job = queued()
    barrier, begun = threading.Barrier(2), []

    def naive() -> Job:
        row = Job.objects.waiting().first()
        barrier.wait(10)
        row.token = job.pk and "0" * 32
        Job.objects.filter(pk=row.pk).update(status=Status.RUNNING, token=row.token, lease_until=until(60))
        return row

    monkeypatch.setattr(running, "claim", naive)
    monkeypatch.setattr(running, "_carry_out", lambda row, owner: begun.append(row.pk))
    both_at_once()
    assert begun == [job.pk, job.pk]
