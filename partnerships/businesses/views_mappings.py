"""Ways to read files, as someone here said them: their list, a page for each, and one to take along."""

from typing import Any

import tomli_w
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.access import requires, visible
from core.files import download

from .forms.columns import STATE_WORDS, WORDS
from .imports.presets import example
from .lists import MAPPINGS
from .models import ImportBatch, ImportMapping


@requires("businesses.import_files")
@require_safe
def mappings(request: HttpRequest) -> HttpResponseBase:
    """The ways to read files that are kept here."""
    return MAPPINGS.respond(request)


@requires("businesses.import_files")
@require_safe
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """What one of them says, and which files were read by it."""
    row = get_object_or_404(visible(ImportMapping, request.user), pk=pk)
    says: dict[str, Any] = row.says
    states = dict(STATE_WORDS)
    context = {
        "mapping": row,
        "columns": [(head, WORDS.get(field, field)) for field, head in says.get("columns", {}).items()],
        "statuses": [(text, states.get(state, state)) for text, state in says.get("statuses", {}).items()],
        "date": example(says["date_format"]) if says.get("date_format") else "",
        "files": ImportBatch.objects.filter(kind="businesses", preset=row.key)[:10],
    }
    return render(request, "businesses/desk_mapping.html", context)


@requires("businesses.import_files")
@require_safe
def mapping_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One of them as a file, for `manage.py import_businesses --mapping`."""
    row = get_object_or_404(visible(ImportMapping, request.user), pk=pk)
    text = tomli_w.dumps({"label": row.label, **row.says})
    return download(text.encode(), name=f"{row.key}.toml", content_type="application/toml")
