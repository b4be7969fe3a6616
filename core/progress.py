"""How far a piece of work is: one way to tell it, for the bar in a terminal and for the page of a job."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# Told how many of how many are done, now and then, and once more at the end. What hears it may raise: then
# the work is to stop, and its transaction undoes what was written.
Progress = Callable[[int, int], None]

WIDTH = 30


@contextmanager
def bar(stream: Any, verbosity: int = 1) -> Iterator[Progress | None]:
    """A function that draws how much is done, or `None` when nobody would see it.

    Args:
        stream: where to draw, usually standard error.
        verbosity: 0 draws nothing.
    """
    if not verbosity or not getattr(stream, "isatty", lambda: False)():
        yield None
        return

    def draw(done: int, total: int) -> None:
        share = min(done / total, 1.0) if total else 1.0
        filled = int(WIDTH * share)
        counted = f"{done:,} of {total:,}"
        stream.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%}  {counted}", ending="")
        stream.flush()

    yield draw
    stream.write("")
