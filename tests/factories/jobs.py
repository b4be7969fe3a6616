"""Jobs in every state, as the workers leave them."""

import uuid
from typing import Any

from core import clock
from core.jobs.models import Job
from core.leases import FREE, until

IMPORT = "businesses.import"
REPORT = {
    "file": "licenses.csv",
    "preset": "chicago-licenses",
    "dry_run": True,
    "rows": 12,
    "created": 6,
    "updated": 2,
    "unchanged": 1,
    "merged": 1,
    "rejected": 2,
    "located": 8,
    "by_area": {"1925": 5, "1933": 3},
    "organizations": 4,
    "kept": 1,
    "errors": [
        {"line": 7, "column": "LATITUDE", "reason": "“north” is not a number."},
        {"line": 9, "column": "", "reason": "The row has 3 cells where the header has 20."},
    ],
    "errors_left_out": 0,
    "batch": None,
}


def job(
    status: str = "queued",
    *,
    kind: str = IMPORT,
    owner: Any = None,
    dry_run: bool = True,
    file: str = "jobs/gone.csv",
    **changes: Any,
) -> Job:
    """A job in a state: an import of a license file, if no other kind is named.

    Args:
        status: a state of the job.
        kind: its kind.
        owner: who asked for it.
        dry_run: what it was asked to do.
        file: the stored name of its file, which is not on the disk.
        changes: other columns.
    """
    row = Job.objects.create(
        kind=kind,
        arguments={"preset": "chicago-licenses", "dry_run": dry_run} if kind == IMPORT else {},
        file=file,
        file_name="licenses.csv",
        owner_id=getattr(owner, "pk", None),
        owner_name=getattr(owner, "display_name", ""),
    )
    one = Job.objects.filter(pk=row.pk)
    if status != "queued":
        one.update(
            status="running", token=uuid.uuid4(), lease_until=until(3600), started_at=clock.now(), attempts=1
        )
    if status not in ("queued", "running"):
        one.update(status=status, finished_at=clock.now(), **FREE)
    if status == "done":
        result = {**REPORT, "dry_run": dry_run} if kind == IMPORT else {"steps": 12}
        one.update(result=result, done=12, total=12)
    one.update(**changes)
    row.refresh_from_db()
    return row
