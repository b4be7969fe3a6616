"""What is out."""

from typing import Any

from django.http import HttpRequest

from core.access import visible
from core.pages.columns import Column
from core.pages.list_page import Empty, File, Listing, WayOn

from .models import Loan


def _rows(request: HttpRequest) -> Any:
    return visible(Loan, request.user).select_related("business")


LEND = WayOn("Lend a tool", "desk:loan_add", "tools.lend_tool", strong=True)
LOANS = Listing(
    title="Tools",
    rows=_rows,
    columns=(
        Column("title", "Tool", sort="title", link=lambda row: row.get_absolute_url()),
        Column("business.name", "Business"),
        Column("due_on", "Due", sort="due_on"),
        Column("status", "Status", tag=lambda row: (row.get_status_display(), row.tone)),
    ),
    default_sort="due_on",
    noun=("tool", "tools"),
    empty=Empty("Nothing is out", step=LEND),
    steps=(LEND,),
    file=File("tools"),
)
