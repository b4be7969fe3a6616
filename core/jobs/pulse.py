"""A job's pulse: a thread that keeps the claim, writes the progress, and hears when the work is to stop."""

import logging
import threading
import time
from types import TracebackType
from typing import Any, Self

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from core import leases

from .models import Job, Status

logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """A person asked to stop the job."""


class LostError(Exception):
    """The claim ended; someone else may have the job."""


class Pulse:
    """Beats once a second while a job is carried out, over a database connection of its own.

    So the progress shows although the work's transaction is open, and the lease is renewed although the work
    may be a single statement of a minute. When the job is to stop, the statement that runs is interrupted,
    and the next step of the work raises.

    It is the `Progress` that the work is given: call it with how many of how many are done.

    Args:
        job: as it was claimed; its `done` and `total` are kept in step.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._reason: type[StoppedError] | type[LostError] | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name=f"pulse of job {job.pk}", daemon=True)
        self._work: Any = None  # the work's connection to the server
        self._begun = self._renewed = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        self._job.done, self._job.total = done, total
        self.check()

    def check(self) -> None:
        """Raise when the work is to stop.

        Raises:
            StoppedError: a person asked for it.
            LostError: the claim could not be kept.
        """
        if self._reason is not None:
            raise self._reason

    def __enter__(self) -> Self:
        connection.ensure_connection()
        self._work = connection.connection
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Stop beating; may be called twice. From here on nothing is interrupted."""
        self._over.set()
        self._thread.join()

    def _beat_on(self) -> None:
        try:
            while not self._over.wait(settings.JOB_PULSE):
                self._beat()
                if self._reason is not None and not self._over.is_set():
                    self._interrupt()
        finally:
            connection.close()  # this thread's own

    def _beat(self) -> None:
        job, now = self._job, time.monotonic()
        try:
            held = leases.own(job, status=Status.RUNNING)
            if not held.update(
                lease_until=leases.until(settings.JOB_LEASE),
                done=job.done,
                total=job.total,
                rate=job.done / max(now - self._begun, 0.001),
            ):
                self._reason = LostError
            elif held.exclude(stop_asked_by="").exists():
                self._reason = StoppedError
            self._renewed = now
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The pulse of job %s missed a beat: %s", job.pk, type(error).__name__)
            connection.close()
            if now - self._renewed > settings.JOB_LEASE:
                self._reason = LostError

    def _interrupt(self) -> None:
        """Break off the statement that the work is waiting for, if there is one."""
        try:
            self._work.cancel_safe(timeout=5)
        except Exception as error:  # whatever the driver says, the next step of the work raises anyway
            logger.warning("Job %s could not be interrupted: %s", self._job.pk, type(error).__name__)
