"""The public directory of partners who agreed to be listed; and where an invitation leads."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.pages import expect_address
from core.access import public, visible

from . import lists, services
from .merging.where import survivor_of
from .models import Business

VISITOR = None  # whoever is signed in, these pages show what a visitor sees


@public
def partners(request: HttpRequest) -> HttpResponseBase:
    """The directory: search, industry, area. Whoever is signed in sees what a visitor sees."""
    return lists.DIRECTORY.respond(request)


@public
def partner(request: HttpRequest, slug: str) -> HttpResponse:
    """One partner's page; it is gone the moment they leave the directory. A merged record's leads on."""
    rows = visible(Business, VISITOR).select_related("organization", "industry", "area__parent")
    found = rows.filter(slug=slug).first()
    if found is None:
        stays = survivor_of(slug=slug)
        return redirect(get_object_or_404(rows, pk=stays.pk if stays else None))
    sites = (
        visible(Business, VISITOR)
        .filter(organization=found.organization_id)
        .exclude(pk=found.pk)
        .select_related("area__parent")[:20]
    )
    return render(request, "businesses/public_partner.html", {"business": found, "sites": sites})


@public
@never_cache
@require_safe
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Where the mail of an invitation leads: to an account with its address filled in, then to its page.

    Whether the address has an account already is not told; the page offers both.
    """
    there = reverse("portal:invitation", args=[token])
    if request.user.is_authenticated:
        return redirect(there)
    found = services.open_invitation(token)
    if found is None:
        raise Http404
    expect_address(request, found.email)
    return render(request, "businesses/public_invited.html", {"invitation": found, "there": there})
