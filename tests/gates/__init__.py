"""Counts of the quality gates: a tenth in `make test`, whole in `make gates`."""

import os

FULL = os.environ.get("GATES") == "full"


def scale(count: int) -> int:
    """How many of `count` rounds to run.

    Args:
        count: the gate's own figure.

    Returns:
        `count` under `make gates`, else a tenth of it, and at least one.
    """
    return count if FULL else max(1, count // 10)
