"""Jobs of tests, a place for their files, and a broker that is not asked."""

from collections.abc import Callable
from typing import Any

import pytest

from core.jobs import kinds as declared
from core.jobs import services
from core.jobs.models import Job
from partnerships.businesses import jobs
from tests.jobs import kinds


@pytest.fixture(autouse=True)
def use_test_kinds(monkeypatch, settings, tmp_path):
    """The tests' own kinds beside those of the rooms."""
    monkeypatch.setattr(jobs, "JOBS", [*jobs.JOBS, *kinds.JOBS])
    declared.kinds.cache_clear()
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.JOB_PULSE = 0.05
    yield
    declared.kinds.cache_clear()
    kinds.between.clear()


@pytest.fixture
def at_each_step() -> Callable[[Callable[[int], Any]], None]:
    """Have something happen at each step of `tests.count`."""
    return kinds.between.append


def queued(kind: str = "tests.count", actor: Any = None, **arguments: Any) -> Job:
    """A job that waits."""
    return services.queue_job(kind=kind, arguments=arguments, actor=actor)
