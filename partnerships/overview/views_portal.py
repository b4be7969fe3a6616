"""The owner's home."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.access import requires

from .editor import home_of


@requires("core.use_portal")
def home(request: HttpRequest) -> HttpResponse:
    """What needs the owner, where things stand, what is coming up."""
    return render(request, "overview/portal_home.html", {"home": home_of(request.user)})
