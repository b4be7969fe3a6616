"""Evidence files, served only to whoever may see the application they belong to."""

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from core import audit, files
from core.access import requires, visible

from .models import Evidence


def _serve(request: HttpRequest, pk: int) -> HttpResponseBase:
    item = get_object_or_404(visible(Evidence, request.user), pk=pk)
    return files.serve(item.file, name=item.name, content_type=item.content_type)


@requires("vetting.apply")
def portal_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file the owner sent."""
    return _serve(request, pk)


@requires("vetting.read_applications")
def desk_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file the owner sent, read by the desk; the reading is on record."""
    response = _serve(request, pk)
    audit.record("vetting.evidence_read", Evidence(pk=pk))
    return response
