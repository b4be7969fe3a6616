"""Every kind of long work that the product knows, declared by the rooms in their `jobs.py` as `JOBS`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from core import rooms
from core.pages.moves import Offered
from core.progress import Progress

from .models import Job


class JobRefusedError(Exception):
    """The work can't be done; the message is one sentence for its owner: what is wrong and what to do."""


Result = dict[str, Any]  # what JSON can hold
# `(job, its owner or None, progress) -> result`; see `JobKind.run`.
Work = Callable[[Job, Any, Progress], Result]


def _title(job: Job) -> str:
    return job.file_name


def _ending(job: Job) -> Any:
    return _("being written now")


def _no_steps(job: Job, user: Any) -> list[Offered]:
    return []


@dataclass(frozen=True, kw_only=True)
class JobKind:
    """One kind of long work.

    Args:
        key: `<room>.<verb or noun>`, stored in the row.
        label: what people call it.
        counted: what is counted while it runs, in the plural: "rows".
        permission: who may ask for it; asked again when it begins, since roles change.
        run: does the work and returns the result for the page. It is called inside a transaction, calls
            `progress` often (a step), and may raise `JobRefusedError`. When it raises or its process dies,
            nothing of it stays, and after a death it is begun again.
        start: URL name of the page where one asks for it.
        result: template of the result on the job's page; it gets `job` and `result`.
        title: what this job is about, beside the label.
        steps: what one may do next with one that is done: `(job, user) -> steps`.
        named: what one job is called where that depends on what was asked for; its label by default.
        ending: what happens once everything is counted and the work is not done yet: `(job) -> words`.
        facts: what was asked for, for the page: `(job) -> {label: words}`.
        needs: the arguments without which it can't be done, each with its type. A job that waited while the
            product was updated may lack one; it is refused with a sentence before `run` is called.
    """

    key: str
    label: Any
    counted: Any
    permission: str
    run: Work
    start: str
    result: str
    title: Callable[[Job], str] = _title
    steps: Callable[[Job, Any], list[Offered]] = _no_steps
    named: Callable[[Job], Any] | None = None
    ending: Callable[[Job], Any] = _ending
    facts: Callable[[Job], Mapping[str, str]] = lambda job: {}
    needs: Mapping[str, type] = field(default_factory=dict)

    def name_of(self, job: Job) -> str:
        """What this job is called, on pages, on paper and in mail."""
        return str(self.named(job) if self.named else self.label)

    def fits(self, arguments: Any) -> bool:
        """Whether arguments, as the row keeps them, hold what the work needs."""
        return isinstance(arguments, dict) and all(
            isinstance(arguments.get(name), wanted) for name, wanted in self.needs.items()
        )


@cache
def kinds() -> dict[str, JobKind]:
    """Every kind of every room, by its key. That none is there twice, a system check holds."""
    return {each.key: each for _room, jobs in rooms.offered("jobs", "JOBS") for each in jobs}
