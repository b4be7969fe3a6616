"""The list of jobs, declared."""

import hashlib
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from core.access import refusal, visible
from core.pages.list_page import Empty, Listing
from core.pages.lists import ListPage

from . import columns
from .kinds import kinds
from .models import Job


def _rows(request: HttpRequest) -> QuerySet[Job]:
    return visible(Job, request.user).defer("result")


def _more(request: HttpRequest, page: ListPage) -> dict[str, Any] | HttpResponse:
    seen = seen_as(*page.rows)
    if request.headers.get("X-Seen") == seen:
        return HttpResponse(status=204)
    return {
        "offered": [each for each in kinds().values() if refusal(request.user, each.permission) is None],
        "seen": seen,
        "moving": any(row.is_ahead for row in page.rows),
    }


def seen_as(*rows: Job) -> str:
    """What tells one state of these rows from another, so that a page renews itself only when one changed."""
    facts = [(row.pk, row.status, row.done, row.total, row.attempts, row.stop_asked_by) for row in rows]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


JOBS = Listing(
    title=_("Jobs"),
    subheading=_("Long work that runs in the background: how far it is, and what came of it."),
    rows=_rows,
    columns=columns.COLUMNS,
    filters=columns.JobFilter,
    default_sort="-created",
    noun=(_("job"), _("jobs")),
    empty=Empty(
        _("No jobs yet"),
        _("Imports and other long work appear here, with how far they are and what came of them."),
    ),
    caption=_("Jobs"),
    template="jobs/list.html",
    more=_more,
)
