"""This room's part of the worlds that tests walk through."""

from tests.access.samples import Sample, pk

# For each URL with arguments: the objects of one side that it is tried on.
SAMPLES: dict[str, Sample] = {"desk:business": pk("business")}
