"""Hints to the workers. What is to be done stands in a table; a hint only makes it happen now."""

import logging
import time

from celery import current_app

logger = logging.getLogger(__name__)
_IMPATIENT = {"max_retries": 0, "socket_connect_timeout": 1, "socket_timeout": 1}


class Hint:
    """A message to whichever worker is free, sent by the task's name, since tasks stand on what they call.

    After a failure this process stays quiet for one tick, so that a dead broker slows nobody twice.

    Args:
        task: the task's name.
        tick: seconds after which beat sends the same anyway; a hint that is older is dropped.
    """

    def __init__(self, task: str, tick: float) -> None:
        self._task = task
        self._tick = tick
        self.quiet_until = 0.0  # by the monotonic clock

    def give(self, **arguments: bool) -> None:
        """Send it. Never raises, never waits long.

        Args:
            arguments: of the task.
        """
        if time.monotonic() < self.quiet_until:
            return
        try:
            # A connection of its own: the shared one would try again for seconds before it gave up.
            with current_app.connection_for_write() as broker:
                broker.transport_options = {**broker.transport_options, **_IMPATIENT}
                current_app.send_task(
                    self._task, kwargs=arguments, connection=broker, retry=False, expires=self._tick
                )
        except Exception as error:  # whatever the broker's client raises, the row is safe in its table
            self.quiet_until = time.monotonic() + self._tick
            logger.warning(
                "The broker can't be reached (%s); %s waits for the next tick.",
                type(error).__name__,
                self._task,
            )
