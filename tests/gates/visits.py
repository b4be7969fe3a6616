"""What one visit of a page is told by."""

from collections.abc import Iterator
from typing import Any

# Name of the page, path, as whom, and what it answers if it is not 200; see `tests.gates.pages.Visit`.
Rows = Iterator[tuple[Any, ...]]
