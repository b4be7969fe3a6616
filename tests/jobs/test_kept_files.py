"""Files of jobs: kept as long as a job needs them, and none stays that no job knows."""

import os
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction

from core import clock, files, tasks
from core.access import Refused
from core.jobs import services
from core.jobs.models import Job, Status

pytestmark = pytest.mark.django_db(transaction=True)


def with_file(**changes) -> Job:
    """A job with a file on the disk."""
    job = services.queue_job(
        kind="tests.count", arguments={}, actor=None, file=ContentFile(b"a,b", name="licenses.csv")
    )
    Job.objects.filter(pk=job.pk).update(**changes)
    job.refresh_from_db()
    return job


def ended_long_ago() -> Job:
    job = with_file(finished_at=clock.now() - timedelta(days=8))
    for status in (Status.RUNNING, Status.DONE):
        Job.objects.filter(pk=job.pk).update(status=status)
    return job


def waits_for_a_lock(pids: list[int]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = ANY(%s)", [pids])
        return cursor.fetchone()[0] > 0


def remove_while_another_is_queued(source: Job) -> Job:
    """The hourly removal begins while a job with the same file is asked for and not yet committed."""
    pids: list[int] = []

    def remove():
        connection.ensure_connection()
        pids.append(connection.connection.info.backend_pid)
        services.remove_old_files()
        connection.close()

    thread = threading.Thread(target=remove)
    with transaction.atomic():
        job = services.queue_job(kind="tests.count", arguments={}, actor=None, with_file_of=source)
        thread.start()
        while thread.is_alive() and not waits_for_a_lock(pids):
            thread.join(0.01)
    thread.join(30)
    assert not thread.is_alive()
    return job


def test_the_file_of_a_job_that_ended_long_ago_is_removed():
    job = ended_long_ago()
    path = Path(job.file.path)
    assert services.remove_old_files() == 1
    job.refresh_from_db()
    assert (bool(job.file), job.file_name, path.exists()) == (False, "licenses.csv", False)


def test_a_file_that_another_job_is_about_to_need_stays():
    job = remove_while_another_is_queued(ended_long_ago())
    assert Path(job.file.path).read_bytes() == b"a,b"


def test_without_the_lock_on_its_job_the_file_is_taken_from_under_the_new_one(monkeypatch):
    monkeypatch.setattr(services, "_held", lambda job: Job.objects.get(pk=job.pk))
    job = remove_while_another_is_queued(ended_long_ago())
    assert not Path(job.file.path).exists()


def test_a_file_that_is_gone_is_not_given_to_another_job():
    source = ended_long_ago()
    services.remove_old_files()
    with pytest.raises(Refused, match="not kept any more"):
        services.queue_job(kind="tests.count", arguments={}, actor=None, with_file_of=source)


def test_a_file_whose_job_was_undone_is_removed_a_day_later():
    kept = with_file()
    with transaction.atomic():
        lost = with_file()
        transaction.set_rollback(True)
    assert not Job.objects.filter(pk=lost.pk).exists()
    path = Path(lost.file.path)
    assert files.remove_orphans() == 0, "its transaction may be open"
    for each in (path, Path(kept.file.path)):
        old = each.stat().st_mtime - files.ORPHANED - 1
        os.utime(each, (old, old))
    tasks.purge_files()
    assert (path.exists(), Path(kept.file.path).exists()) == (False, True)
