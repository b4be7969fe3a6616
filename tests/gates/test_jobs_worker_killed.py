"""Gate 45 with worker and beat as processes: the worker killed within an import, the broker emptied.

The import is brought to a stand at a known place by a lock on the table it writes next, so each kill hits it
in the middle. The guard is taken away as well: a claim that never ends loses the job. That two begin the same
job without the claim, test_jobs_killed.py shows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.files import File

from core.jobs.models import Job, Status
from core.jobs.services import queue_job
from core.models import AuditEntry
from partnerships.businesses.jobs import IMPORT
from partnerships.businesses.models import Business, ImportBatch
from tests.businesses.files import PRESET, row, write
from tests.gates import FULL, scale
from tests.gates.mail_stack import MailStack, running

pytestmark = pytest.mark.gate(45)
ROUNDS = scale(5)
ROWS = 60
LEASE = 3  # seconds
# The import waits here: all rows are read and none is written; all are written and the job is not noted.
PLACES = (ImportBatch._meta.db_table, AuditEntry._meta.db_table)
KILLED_AT = PLACES if FULL else PLACES[1:]


@contextmanager
def stack_of(request: Any, folder: Path, **more: str) -> Iterator[MailStack]:
    """Worker and beat with short leases, and places for more jobs than there are."""
    settings = {"JOB_LEASE": str(LEASE), "JOBS_AT_ONCE": "9", "WORKER_CONCURRENCY": "3", **more}
    with running("jobs", folder, request.config, **settings) as (stack, _sink):
        yield stack


def ask_for_import(stack: MailStack, number: int) -> int:
    """Queue the import of a file with businesses of its own; the job's number."""
    rows = [row(account_number=str(1000 * number + n), site_number="1") for n in range(ROWS)]
    path = write(stack.folder / f"licenses-{number}.csv", rows)
    with stack.database(), path.open("rb") as content:
        wanted = {"preset": PRESET, "dry_run": False}
        return queue_job(kind=IMPORT, arguments=wanted, actor=None, file=File(content, name=path.name)).pk


@contextmanager
def held_at(stack: MailStack, table: str) -> Iterator[None]:
    """Let whoever writes into a table wait, from when the block is entered until it is left."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(f"LOCK TABLE {table} IN SHARE MODE")
        yield


def wait_until_held(stack: MailStack, table: str) -> None:
    # Of this database alone: another test's, made from the same template, has the table by the same number.
    query = (
        "SELECT count(*) FROM pg_locks WHERE relation = %s::regclass AND NOT granted "
        "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    with psycopg.connect(stack.database_url, autocommit=True) as connection:

        def waits() -> bool:
            found = connection.execute(query, [table]).fetchone()
            return found is not None and found[0] > 0

        stack.wait_until(waits, f"the import to write into {table}", seconds=90)


def of_job(stack: MailStack, pk: int) -> Job:
    with stack.database():
        return Job.objects.get(pk=pk)


def kill_within(stack: MailStack, table: str) -> None:
    """Start a worker, let the import come as far as a table, kill the worker and empty the broker."""
    with held_at(stack, table):
        stack.start_process("worker")
        wait_until_held(stack, table)
        stack.kill_process("worker")
        stack.empty_the_broker()


def test_a_job_outlives_killed_workers_and_an_emptied_broker_and_is_done_once(request, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    with stack_of(request, tmp_path) as stack:
        stack.kill_process("worker")
        for number in range(1, ROUNDS + 1):
            pk = ask_for_import(stack, number)
            for table in KILLED_AT:
                kill_within(stack, table)
                assert of_job(stack, pk).status == Status.RUNNING, "nobody has noted the death yet"
                with stack.database():
                    assert Business.objects.count() == ROWS * (number - 1), "nothing half-written"
            stack.start_process("worker")
            stack.wait_until(lambda: not of_job(stack, pk).is_ahead, "the job to end", seconds=60)  # noqa: B023
            stack.kill_process("worker")
            job = of_job(stack, pk)
            assert (job.status, job.attempts, job.error) == (Status.DONE, 1 + len(KILLED_AT), "")
            with stack.database():
                assert Business.objects.count() == ROWS * number
                assert ImportBatch.objects.count() == number
                for verb in ("businesses.file_imported", "jobs.job_finish"):
                    assert AuditEntry.objects.filter(verb=verb).count() == number, verb


@pytest.mark.skipif(not FULL, reason="`make gates` runs it; tests/jobs hold the pulse")
def test_a_job_longer_than_its_lease_is_not_begun_by_another(request, tmp_path, settings):
    """The others take up the next job, and look for more twice a second all the while."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with stack_of(request, tmp_path) as stack:
        stack.kill_process("worker")
        pk, other = ask_for_import(stack, 1), ask_for_import(stack, 2)
        table = PLACES[-1]
        with held_at(stack, table):
            stack.start_process("worker")
            wait_until_held(stack, table)

            def lease() -> datetime:
                until = of_job(stack, pk).lease_until
                assert until is not None
                return until

            first, enough = lease(), timedelta(seconds=LEASE + 1)
            stack.wait_until(lambda: lease() - first > enough, "the lease to be renewed")
            assert of_job(stack, other).status == Status.RUNNING, "another looked for work"
        for each in (pk, other):
            stack.wait_until(lambda: not of_job(stack, each).is_ahead, "the job to end")  # noqa: B023
            job = of_job(stack, each)
            assert (job.status, job.attempts) == (Status.DONE, 1)


def test_a_claim_that_never_ends_loses_the_job_of_a_killed_worker(request, tmp_path, settings):
    """The guard taken away: as a table does that only marks a row as being worked on."""
    settings.MEDIA_ROOT = tmp_path / "files"
    with stack_of(request, tmp_path, JOB_LEASE="36000") as stack:
        stack.kill_process("worker")
        pk = ask_for_import(stack, 1)
        kill_within(stack, PLACES[0])
        killed = of_job(stack, pk)
        assert (killed.status, killed.attempts) == (Status.RUNNING, 1), "it was killed within the job"
        other = ask_for_import(stack, 2)
        stack.start_process("worker")
        stack.wait_until(lambda: not of_job(stack, other).is_ahead, "the other job to end", seconds=60)
        job = of_job(stack, pk)
        assert (job.status, job.attempts) == (Status.RUNNING, 1), "nobody will take it up"
