"""What is measured, in the order of the table. Each is `(bench) -> rows`."""

from collections.abc import Callable, Iterator

from tests.bench.measure import Row
from tests.bench.servers import Bench

from .duplicates import duplicates
from .exports import exports
from .imports import imports
from .mail import mail
from .pages import pages
from .planner import planner

ROWS: list[Callable[[Bench], Iterator[Row]]] = [mail, planner, pages, imports, exports, duplicates]
