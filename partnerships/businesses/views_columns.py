"""The page between a first look at a file and its dry run: what its columns hold, and a preview."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.access import requires, visible
from core.jobs.models import Job, Status
from core.jobs.permissions import FILE_GONE
from core.jobs.services import queue_job
from core.pages import edit

from . import forms, jobs, services
from .imports.errors import ImportRefusedError, sentence
from .imports.presets import preset_of
from .imports.reading import try_rows
from .imports.rows import Row, RowLeftOutError, RowRejectedError

NO_BUSINESS = gettext_lazy("No business yet, by the state of its license.")
BY_CHOICE = gettext_lazy("By your choice: run from a home, or outside the city.")


@dataclass(frozen=True)
class Previewed:
    """A row of the file, as it would be stored.

    Args:
        line: of the file.
        cells: what stands in it, of the columns that are read.
        values: by the name of the field.
        why: why it would not be stored, in a sentence.
        left_out: why it is left out, in a sentence; it is no error.
    """

    line: int
    cells: list[str]
    values: dict[str, Any]
    why: str = ""
    left_out: Any = ""

    @property
    def position(self) -> str:
        """Latitude and longitude to some 30 feet; "" without one."""
        latitude, longitude = self.values.get("latitude"), self.values.get("longitude")
        return "" if latitude is None else f"{latitude:.4f}, {longitude:.4f}"


@requires("businesses.import_files")
@require_http_methods(["GET", "POST"])
def import_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each column holds; then the whole file is looked through as it would be stored."""
    looked = get_object_or_404(visible(Job, request.user), pk=pk, kind=jobs.LOOK, status=Status.DONE)
    look = looked.result or {}
    form = forms.ColumnsForm(request.POST or None, look=look, file_name=looked.file_name)

    def make() -> str:
        kept = services.keep_mapping(
            label=form.cleaned_data["label"],
            says=form.says(),
            replace=form.cleaned_data["replace"],
            actor=request.user,
        )
        made = queue_job(
            kind=jobs.IMPORT,
            arguments={"preset": kept.key, "dry_run": True},
            with_file_of=looked,
            actor=request.user,
        )
        return made.get_absolute_url()

    if request.method == "POST" and form.other_encoding:
        anew = queue_job(
            kind=jobs.LOOK,
            arguments={"encoding": form.other_encoding},
            with_file_of=looked,
            actor=request.user,
        )
        messages.info(request, _("The file is looked through anew, and its columns are proposed anew."))
        return redirect(anew)
    if "go" in request.POST:
        done = edit.attempt(form, lambda: form.once(request, make))
        if done is not None:
            address, again = done
            if again:
                messages.success(request, form.ALREADY_SAVED)
            return redirect(address)
    refused, rows = "", []
    try:
        rows = list(_preview(look, form.says()))
    except ImportRefusedError as wrong:
        refused = str(wrong)
    context = {
        "job": looked,
        "look": look,
        "preview": rows,
        "refused": refused,
        "file_gone": None if looked.file else FILE_GONE,
    }
    return edit.page(request, "businesses/desk_columns.html", form, context)


def _preview(look: dict[str, Any], says: dict[str, Any]) -> Iterator[Previewed]:
    heads = tuple(look["heads"])
    preset = preset_of(says, "preview", "It")
    read = [head for column in preset.columns.values() for head in column.split(" + ")]
    cells = {row["line"]: row["cells"] for row in look["rows"]}
    tried = try_rows(heads, cells.items(), preset, is_workbook=not look["encoding"])
    for line, found in tried:
        beside = [cell for head, cell in zip(heads, cells[line], strict=True) if cell and head in read]
        if isinstance(found, Row):
            yield Previewed(line, beside, dict(found.values))
        elif isinstance(found, RowRejectedError):
            told = {"reason": found.reason.text, "values": found.reason.values}
            yield Previewed(line, beside, {}, why=sentence(told))
        else:
            yield Previewed(
                line, beside, {}, left_out=NO_BUSINESS if isinstance(found, RowLeftOutError) else BY_CHOICE
            )
