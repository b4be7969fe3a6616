"""The rate at which mail goes out: one for all processes on all machines."""

import time
from types import TracebackType
from typing import Self

from django.conf import settings

from core.locks import ConnectionLock


class Pace:
    """Whose turn it is, and when the next mail may go; use as a context manager around one batch.

    With a rate set, one drain at a time sends. It can't know when the one before it sent its last mail, so it
    waits one pause before its first. Without a rate it is everybody's turn.
    """

    def __init__(self) -> None:
        rate = settings.MAIL_RATE_PER_SECOND
        self.is_set = rate > 0
        self._pause = 1 / rate if rate > 0 else 0.0
        # A machine that is gone without a word loses its turn as it loses its mail.
        self._lock = ConnectionLock("mail-rate", idle_for=settings.MAIL_LEASE)
        self.next_at = 0.0  # by the monotonic clock

    def __enter__(self) -> Self:
        if self.is_set:
            self._lock.take()
            self.next_at = time.monotonic() + self._pause
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._lock.release()

    @property
    def is_ours(self) -> bool:
        """We may send. It ends with the database connection: another drain may have its turn by then."""
        return not self.is_set or self._lock.is_held

    def wait(self) -> None:
        """Wait until the next mail may go."""
        if self.is_set:
            time.sleep(max(self.next_at - time.monotonic(), 0))
            self.next_at = time.monotonic() + self._pause
