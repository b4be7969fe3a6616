"""Jobs are carried out once, told about while they run, and stopped within a step."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models.functions import Now

from accounts.models import User
from core import leases
from core.access import Refusal, Refused
from core.jobs import running, services
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from tests.core.sample_room.jobs import STEPS, written
from tests.factories.accounts import OfficerFactory, SupervisorFactory, ViewerFactory
from tests.jobs.conftest import queued

pytestmark = pytest.mark.django_db(transaction=True)


def seen_from_outside(pk):
    """The row as another connection sees it, past the open transaction of the work."""
    found = []

    def look():
        found.append(Job.objects.get(pk=pk))
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return found[0]


def ask_to_stop(job, actor):
    """What the page does, over another connection."""
    services.stop_job(job=job, actor=actor)
    connection.close()


def wait_until(look):
    for _ in range(400):
        if look():
            return
        threading.Event().wait(0.01)
    raise AssertionError("It never was so.")


def test_a_job_is_carried_out_and_its_result_kept():
    officer = OfficerFactory()
    job = queued(actor=officer)
    assert run_next() == job
    job.refresh_from_db()
    assert (job.status, job.result) == (Status.DONE, {"steps": STEPS, "owner": officer.email})
    assert (job.done, job.total, job.attempts) == (STEPS, STEPS, 1)
    assert job.token is None
    assert job.finished_at >= job.started_at >= job.created_at
    assert written(job) == STEPS
    assert AuditEntry.objects.get(verb="jobs.job_finish").actor_id == officer.pk


def test_jobs_wait_their_turn_and_no_worker_begins_one_while_another_runs(at_each_step):
    first, second = queued(), queued()
    begun = []
    at_each_step(lambda step: begun.append(run_next()))
    assert run_next() == first
    assert begun == [None] * STEPS
    assert run_next() == second
    assert run_next() is None


def test_progress_shows_while_the_works_transaction_is_open(at_each_step):
    job = queued()
    told = []

    def look(step):
        if step == 3:
            wait_until(lambda: seen_from_outside(job.pk).done == 2)
            told.append(seen_from_outside(job.pk))

    at_each_step(look)
    run_next()
    assert [(row.status, row.done, row.total) for row in told] == [(Status.RUNNING, 2, STEPS)]
    assert told[0].rate > 0


def test_the_claim_is_renewed_while_the_work_takes_its_time(at_each_step):
    job = queued()

    def let_it_grow_old(step):
        if step == 2:
            before = seen_from_outside(job.pk).lease_until
            wait_until(lambda: seen_from_outside(job.pk).lease_until > before)

    at_each_step(let_it_grow_old)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.DONE


def test_a_stopped_job_ends_within_a_step_and_nothing_of_it_stays(at_each_step):
    officer = OfficerFactory()
    job = queued(actor=officer)
    steps = []

    def stop(step):
        steps.append(step)
        if step == 2:
            thread = threading.Thread(target=ask_to_stop, args=(job, officer))
            thread.start()
            thread.join()
            beats = seen_from_outside(job.pk).lease_until
            wait_until(lambda: seen_from_outside(job.pk).lease_until > beats)
            threading.Event().wait(0.1)

    at_each_step(stop)
    run_next()
    job.refresh_from_db()
    assert steps == [1, 2]
    assert (job.status, job.stop_asked_by) == (Status.CANCELLED, officer.display_name)
    assert written(job) == 0


def test_who_stops_a_job_after_its_last_step_is_told_the_truth(monkeypatch):
    """Between the last look for a stop and the note that it is done."""
    officer = OfficerFactory()
    job = queued(actor=officer)

    def stop(point):
        if point == "worked":
            thread = threading.Thread(target=ask_to_stop, args=(job, officer))
            thread.start()
            thread.join()

    monkeypatch.setattr(running, "reached", stop)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert written(job) == 0


def test_a_single_long_statement_is_broken_off_when_its_job_is_stopped(at_each_step):
    supervisor = SupervisorFactory()
    job = queued(actor=supervisor)

    def sleep_in_the_database(step):
        thread = threading.Thread(target=ask_to_stop, args=(job, supervisor))
        thread.start()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    at_each_step(sleep_in_the_database)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert job.took < timedelta(seconds=20)
    assert written(job) == 0


def test_a_job_that_waits_is_stopped_at_once_and_never_begun():
    officer = OfficerFactory()
    job = services.stop_job(job=queued(actor=officer), actor=officer)
    assert (job.status, job.stop_asked_by) == (Status.CANCELLED, officer.display_name)
    assert run_next() is None


def test_nobody_stops_the_job_of_a_colleague_but_supervisors_may():
    job = queued(actor=OfficerFactory())
    with pytest.raises(Refused, match="Only the person"):
        services.stop_job(job=job, actor=OfficerFactory())
    assert services.stop_job(job=job, actor=SupervisorFactory()).status == Status.CANCELLED
    with pytest.raises(Refused, match="ended already"):
        services.stop_job(job=job, actor=SupervisorFactory())


def test_only_whom_the_kind_allows_asks_for_one():
    with pytest.raises(Refused):
        queued(actor=ViewerFactory())
    assert not Job.objects.exists()


def test_a_refusal_is_told_in_its_own_words_and_undoes_the_work():
    job = queued("tests.refuse")
    run_next()
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.FAILED, "The file has no rows. Choose another.")
    assert written(job) == 0


def test_a_service_that_refuses_ends_the_job_with_its_sentence(at_each_step):
    def no(step):
        raise Refused(Refusal("no", "A supervisor has to do this."))

    job = queued()
    at_each_step(no)
    run_next()
    job.refresh_from_db()
    assert (job.status, job.error) == (Status.FAILED, "A supervisor has to do this.")
    assert written(job) == 0


def test_a_fault_of_ours_is_told_without_its_details_and_undoes_the_work():
    job = queued("tests.break")
    run_next()
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "ZeroDivisionError" in job.error
    assert "secret" not in job.error
    assert written(job) == 0


def test_a_kind_that_no_room_has_any_more_fails_with_a_sentence():
    job = Job.objects.create(kind="gone.kind")
    run_next()
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "gone.kind" in job.error


@pytest.mark.parametrize(
    ("change", "words"),
    [({"role": "viewer"}, "may look here, but not change"), ({"is_active": False}, "is closed")],
)
def test_who_may_no_longer_ask_for_it_gets_nothing_done(change, words):
    officer = OfficerFactory()
    job = queued(actor=officer)
    User.objects.filter(pk=officer.pk).update(**change)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert words in job.error
    assert written(job) == 0


def test_when_the_database_fails_the_work_another_attempt_is_made(at_each_step):
    job = queued()
    failures = iter([OperationalError("deadlock detected")])

    def fail(step):
        if error := next(failures, None):
            raise error

    at_each_step(fail)
    run_next()
    job.refresh_from_db()
    assert (job.status, job.attempts, written(job)) == (Status.QUEUED, 1, 0)
    run_next()
    job.refresh_from_db()
    assert (job.status, job.attempts, written(job)) == (Status.DONE, 2, STEPS)


def taken_up_again(job):
    """What `sweep` does where the server no longer knows of the worker's connection."""
    Job.objects.filter(pk=job.pk).update(status=Status.QUEUED, **leases.FREE)


def test_a_worker_that_is_only_slow_keeps_its_job_and_no_attempt_is_used_up(at_each_step, monkeypatch):
    """Its lease ran out, but its connection stands: others leave the job alone."""
    job = queued()
    begun = []

    def look_for_work():
        Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(seconds=1))
        begun.append(run_next())
        connection.close()

    def while_others_look(step):
        if step == STEPS:
            thread = threading.Thread(target=look_for_work)
            thread.start()
            thread.join()

    monkeypatch.setattr("core.jobs.pulse.Pulse._beat", lambda self: None)  # too slow to renew its lease
    at_each_step(while_others_look)
    run_next()
    job.refresh_from_db()
    assert begun == [None]
    assert (job.status, job.attempts, written(job)) == (Status.DONE, 1, STEPS)


def test_a_worker_whose_claim_ran_out_writes_nothing(at_each_step, monkeypatch):
    """It hung, its job was taken up again, and now it wakes."""
    job = queued()

    def lose_the_claim(step):
        if step == STEPS:
            thread = threading.Thread(target=take_away)
            thread.start()
            thread.join()

    def take_away():
        taken_up_again(job)
        connection.close()

    monkeypatch.setattr("core.jobs.pulse.Pulse._beat", lambda self: None)  # it hung: its pulse stood still
    at_each_step(lose_the_claim)
    run_next()
    job.refresh_from_db()
    assert (job.status, written(job)) == (Status.QUEUED, 0)


@pytest.mark.parametrize("kind", ["tests.count", "tests.refuse", "tests.break"])
def test_a_worker_whose_job_another_has_begun_says_nothing_of_what_came_of_it(
    kind, at_each_step, monkeypatch
):
    """The row is running, as it was, but under the other's claim: whatever it says is too late."""
    job = queued(kind)
    taken = []

    def take_up():
        taken_up_again(job)
        taken.append(running.claim())
        connection.close()

    def let_another_begin(step):
        if step == STEPS:
            thread = threading.Thread(target=take_up)
            thread.start()
            thread.join()

    monkeypatch.setattr("core.jobs.pulse.Pulse._beat", lambda self: None)  # it hung: its pulse stood still
    at_each_step(let_another_begin)
    run_next()
    job.refresh_from_db()
    assert (job.status, job.token, job.attempts) == (Status.RUNNING, taken[0].token, 2)
    assert (job.error, job.result, job.finished_at, written(job)) == ("", None, None, 0)


def test_a_job_that_kills_its_worker_is_not_begun_for_ever(settings):
    officer = OfficerFactory()
    job = queued(actor=officer)
    for attempt in range(1, settings.JOB_ATTEMPTS + 1):
        assert running.claim().attempts == attempt
        Job.objects.update(lease_until=Now() - timedelta(seconds=1))
        running.sweep()
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert "broke off 3 times" in job.error
    entry = AuditEntry.objects.get(verb="jobs.job_fail")
    assert (entry.target_id, entry.actor_id, entry.detail) == (str(job.pk), None, "lease_ended")


def test_a_job_whose_worker_died_while_it_was_to_stop_is_stopped():
    officer = OfficerFactory()
    job = queued(actor=officer)
    running.claim()
    services.stop_job(job=job, actor=officer)
    Job.objects.update(lease_until=Now() - timedelta(seconds=1))
    running.sweep()
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert AuditEntry.objects.get(verb="jobs.job_stop").detail == "lease_ended"


@pytest.mark.parametrize("arguments", [{}, {"size": "7"}, {"size": None}, [], "size"])
def test_a_job_whose_arguments_no_longer_fit_its_kind_fails_with_a_sentence(arguments):
    job = Job.objects.create(kind="tests.needy", arguments=arguments)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.FAILED
    assert job.error == (
        "What was asked for is not on record in full, so it can’t be carried out. Nothing was changed. "
        "Ask for it anew."
    )
    assert written(job) == 0


def test_a_job_with_all_that_its_kind_needs_is_carried_out():
    job = queued("tests.needy", size=7)
    run_next()
    job.refresh_from_db()
    assert job.status == Status.DONE


def begun_earlier(job, **ago):
    """As if the work had begun earlier, past its open transaction."""

    def change():
        row = Job.objects.filter(pk=job.pk)
        row.update(started_at=row.get().started_at - timedelta(**ago))
        connection.close()

    thread = threading.Thread(target=change)
    thread.start()
    thread.join()


@pytest.mark.parametrize(("kind", "word"), [("tests.count", "Done"), ("tests.refuse", "Failed")])
def test_a_mail_tells_of_work_that_took_longer_than_a_minute(kind, word, at_each_step):
    officer = OfficerFactory()
    queued(kind, actor=officer)
    run_next()
    assert not OutgoingMail.objects.exists()
    slow = queued(kind, actor=officer)
    at_each_step(lambda step: begun_earlier(slow, seconds=61) if step == 1 else None)
    run_next()
    mail = OutgoingMail.objects.get()
    assert mail.to == officer.email
    assert mail.subject == f"{word}: Counting"
    assert f"/desk/jobs/{slow.pk}/" in mail.text
    assert ("no rows" in mail.text) is (word == "Failed")


def test_work_that_waited_long_for_its_turn_and_was_quick_sends_no_mail():
    job = queued(actor=OfficerFactory())
    Job.objects.filter(pk=job.pk).update(created_at=job.created_at - timedelta(hours=2))
    run_next()
    job.refresh_from_db()
    assert job.status == Status.DONE
    assert not OutgoingMail.objects.exists()
