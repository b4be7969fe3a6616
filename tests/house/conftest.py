"""A relay that tests command, as in tests/core."""

from tests.core.conftest import sink

__all__ = ["sink"]
