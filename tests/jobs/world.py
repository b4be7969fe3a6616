"""This room's part of the worlds that tests walk through."""

from types import SimpleNamespace

from tests.access.samples import Sample, pk
from tests.factories.jobs import job


def fill(side: SimpleNamespace) -> None:
    """A job of the side's officer."""
    side.job = job(owner=side.officer)


# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {
    "desk:job": pk("job"),
    "desk:job_stop": pk("job"),
}
