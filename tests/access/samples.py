"""How a room says what its pages are tried on."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

Sample = Callable[[SimpleNamespace], dict[str, Any]]  # of one side, the arguments of a URL
Row = Callable[[Any], Any]  # of the world, a row


def pk(name: str, **more: Any) -> Sample:
    """The key of a side's object, and other arguments."""
    return lambda side: {"pk": getattr(side, name).pk, **more}
