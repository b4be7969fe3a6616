"""The kernel's test room with its kinds of jobs, and a place for their files."""

from collections.abc import Callable
from typing import Any

import pytest

from core.jobs import services
from core.jobs.models import Job
from tests.core.conftest import sample_room
from tests.core.sample_room import jobs

__all__ = ["sample_room"]


@pytest.fixture(autouse=True)
def use_test_kinds(sample_room, settings, tmp_path):
    """The kinds of the kernel's test room."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOB_PULSE = 0.05
    yield
    jobs.between.clear()


@pytest.fixture
def at_each_step() -> Callable[[Callable[[int], Any]], None]:
    """Have something happen at each step of `tests.count`."""
    return jobs.between.append


def queued(kind: str = "tests.count", actor: Any = None, **arguments: Any) -> Job:
    """A job that waits."""
    return services.queue_job(kind=kind, arguments=arguments, actor=actor)
