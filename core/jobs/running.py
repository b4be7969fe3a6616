"""Carrying jobs out: claim, work, note. Any number of workers may do it at once.

A job's writes and the note that it is done are one transaction, and the note asks whether the claim still
stands. A worker that dies leaves nothing half-written; when its lease has run out, the next worker begins the
job again. One that only hung, and wakes when another has the job, can write nothing any more.
"""

import logging
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from core import access, audit, clock, context, leases, locks
from core.access import Refused
from core.connections import drop_stale_connections
from core.workflow import StaleMove

from . import emails
from .kinds import JobKind, JobRefusedError, Result, kinds
from .models import Job, Status
from .pulse import LostError, Pulse, StoppedError
from .workflow import JOB, LOST, STOPPED

logger = logging.getLogger(__name__)


def reached(point: str) -> None:
    """Where the crash tests stop a process. Does nothing.

    Args:
        point: `claimed`, `working`, `worked` or `noted`.
    """


def run_next() -> Job | None:
    """Take up what dead workers left, claim the job that waits longest, and carry it out.

    Returns:
        The job as it stands afterwards, or `None` when none was to be begun.

    Raises:
        OperationalError: the database is away; the lease sees to what was in hand.
    """
    drop_stale_connections()
    sweep()
    job = claim()
    if job is None:
        return None
    reached("claimed")
    logger.info("Job %s (%s) begins, attempt %s.", job.pk, job.kind, job.attempts)
    owner = _owner(job)
    acting = context.acting(actor_id=job.owner_id, actor_label=job.owner_name or "system")
    with translation.override(getattr(owner, "language", None) or settings.LANGUAGE_CODE), acting:
        _carry_out(job, owner)
    job.refresh_from_db()
    logger.info("Job %s is %s.", job.pk, job.status)
    return job


def sweep() -> None:
    """Take up what dead workers left behind, by the database's clock.

    A worker that is only slow, or hangs, still has its connection and with it the job's lock: nobody else
    could work then, and each try would use up an attempt.
    """
    for job in Job.objects.abandoned():
        with transaction.atomic():
            if job.stop_asked_by or locks.if_free(f"jobs.job:{job.pk}"):
                _take_up(job)


def _take_up(job: Job) -> None:
    """Queue an abandoned job again, or end it: it was stopped, or broken off too often."""
    row = Job.objects.abandoned().filter(pk=job.pk)  # still so, asked again under the row's lock
    if job.stop_asked_by:
        _end_abandoned(job, "jobs.job_stop", status=Status.CANCELLED)
    elif job.attempts < settings.JOB_ATTEMPTS:
        row.update(status=Status.QUEUED, done=0, total=0, rate=0, **leases.FREE)
    else:
        owner = _owner(job)
        with translation.override(getattr(owner, "language", None) or settings.LANGUAGE_CODE):
            words = _(
                "The worker broke off %(n)d times while it carried this out. Nothing was changed. "
                "Tell an administrator before you try again."
            ) % {"n": job.attempts}
            _end_abandoned(job, "jobs.job_fail", owner, status=Status.FAILED, error=words)


def _end_abandoned(job: Job, verb: str, owner: Any = None, **changes: Any) -> None:
    """End a job that nobody works on, unless it is in hand again; on record as its move would be."""
    row = Job.objects.abandoned().filter(pk=job.pk)
    if row.update(finished_at=clock.now(), **changes, **leases.FREE):
        job.refresh_from_db()
        audit.record(verb, job, detail="lease_ended")
        emails.tell(job, owner)


def claim() -> Job | None:
    """Take the job that waits longest for this process, unless as many run as may."""
    with transaction.atomic():
        # Counted and claimed by one worker at a time: else two would both find the last place free.
        locks.one_at_a_time("jobs.claim")
        if Job.objects.filter(status=Status.RUNNING).count() >= settings.JOBS_AT_ONCE:
            return None
        taken = leases.claim(
            Job.objects.waiting(),
            most=1,
            lease_until=leases.until(settings.JOB_LEASE),
            status=Status.RUNNING,
            attempts=F("attempts") + 1,
            started_at=clock.now(),
            done=0,
            total=0,
            rate=0,
        )
    return taken[0] if taken else None


def _carry_out(job: Job, owner: Any) -> None:
    """Work, and note what came of it, unless the claim is lost meanwhile."""
    pulse = Pulse(job)
    try:
        with pulse, transaction.atomic():
            if not locks.if_free(f"jobs.job:{job.pk}"):
                raise LostError  # a worker that hung has it still: its connection stands
            result = _work(job, owner, pulse)
            reached("worked")
            ended = JOB.move(
                job, "finish", actor=None, token=job.token, result=result, done=job.done, total=job.total
            )
            emails.tell(ended, owner)
        reached("noted")
        return
    except Refused as error:
        if error.refusal is LOST or isinstance(error, StaleMove):
            logger.warning("Job %s is no longer ours: %s", job.pk, error)
            return
        stopped = error.refusal is STOPPED
        step, words = ("stop", "") if stopped else ("fail", str(error.refusal.sentence))
    except LostError as error:
        logger.warning("Job %s is no longer ours: %s", job.pk, error)
        return
    except StoppedError:
        step, words = "stop", ""
    except JobRefusedError as error:
        step, words = "fail", str(error)
    except (OperationalError, InterfaceError):
        logger.exception("Job %s lost the database.", job.pk)
        connection.close()
        _give_back(job)
        return
    except Exception as error:
        logger.exception("Job %s failed.", job.pk)
        step = "fail"
        words = _(
            "Something went wrong on our side (%(error)s). Nothing was changed. Try again; if it happens "
            "again, tell an administrator the number of this job."
        ) % {"error": type(error).__name__}
    with suppress(Refused), transaction.atomic():
        changes = {"error": words[:500]} if words else {}
        emails.tell(JOB.move(job, step, actor=None, token=job.token, **changes), owner)


def _work(job: Job, owner: Any, pulse: Pulse) -> Result:
    kind = _kind(job)
    if job.owner_id is not None:
        if owner is None:
            raise JobRefusedError(_("The account that asked for this is closed. Nothing was changed."))
        if (found := access.refusal(owner, kind.permission)) is not None:
            raise JobRefusedError(_("%(reason)s Nothing was changed.") % {"reason": found})
    if not kind.fits(job.arguments):
        raise JobRefusedError(
            _(
                "What was asked for is not on record in full, so it can’t be carried out. "
                "Nothing was changed. Ask for it anew."
            )
        )
    reached("working")
    try:
        result = kind.run(job, owner, pulse)
    except OperationalError:
        pulse.check()  # we interrupted it ourselves, and the pulse says why
        raise
    finally:
        pulse.end()
    pulse.check()
    return result


def _kind(job: Job) -> JobKind:
    try:
        return kinds()[job.kind]
    except KeyError:
        raise JobRefusedError(
            _("Work of this kind (%(kind)s) is not known here any more. Nothing was changed.")
            % {"kind": job.kind}
        ) from None


def _owner(job: Job) -> Any:
    """The account that asked for it, if it is still open."""
    if job.owner_id is None:
        return None
    return get_user_model()._base_manager.filter(pk=job.owner_id, is_active=True).first()


def _give_back(job: Job) -> None:
    """Let another worker try; when the database does not answer, the end of the lease does the same."""
    with suppress(OperationalError, InterfaceError):
        leases.own(job, status=Status.RUNNING, attempts__lt=settings.JOB_ATTEMPTS).update(
            status=Status.QUEUED, **leases.FREE
        )
