"""Evidence files, served only to whoever may see the application they belong to."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from core import audit
from core.access import requires, visible

from .models import Evidence


def _serve(request: HttpRequest, pk: int) -> HttpResponseBase:
    item = get_object_or_404(visible(Evidence, request.user), pk=pk)
    if not item.file:
        raise Http404
    try:
        stored = item.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    # A PDF may hold more than we can see, so a browser saves it and doesn't open it here.
    apart = item.content_type == "application/pdf"
    response = FileResponse(stored, filename=item.name, content_type=item.content_type, as_attachment=apart)
    # Shown in the browser, but as a dead page: no script, no form, no other address.
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


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
