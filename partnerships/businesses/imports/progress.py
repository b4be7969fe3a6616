"""A progress bar where there is a terminal to see it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

WIDTH = 30


@contextmanager
def bar(stream: Any, verbosity: int = 1) -> Iterator[Callable[[int, int], None] | None]:
    """A function that draws how much is done, or `None` when nobody would see it.

    Args:
        stream: where to draw, usually standard error.
        verbosity: 0 draws nothing.
    """
    if not verbosity or not getattr(stream, "isatty", lambda: False)():
        yield None
        return

    def draw(done: int, total: int) -> None:
        share = done / total if total else 1.0
        filled = int(WIDTH * share)
        stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%} read", ending="")
        stream.flush()

    yield draw
    stream.write("")
