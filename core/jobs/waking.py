"""Telling the workers that a job waits. When the broker is away, the next tick finds it."""

from django.conf import settings

from core.hints import Hint

RUN = "core.jobs.tasks.run"
_hint = Hint(RUN, settings.JOB_TICK)


def kick() -> None:
    """Hint to the workers that a job waits. Never raises, never waits long: beat comes by anyway."""
    _hint.give()
