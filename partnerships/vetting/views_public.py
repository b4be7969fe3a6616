"""What anyone may read before they apply."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.access import public, refusal

from .models import CriteriaVersion


@public
def join(request: HttpRequest) -> HttpResponse:
    """What we ask, the four criteria, how long it takes, and what happens next."""
    version = CriteriaVersion.objects.published().prefetch_related("criteria").first()
    start = reverse("portal:application_start")
    signed_in = request.user.is_authenticated
    why_not = refusal(request.user, "vetting.apply") if signed_in else None
    return render(
        request,
        "vetting/join.html",
        {
            "version": version,
            "start_url": start if signed_in else f"{reverse('account_signup')}?next={start}",
            "sign_in_url": f"{reverse('account_login')}?next={start}",
            "signed_in": signed_in,
            "may_start": version is not None and why_not is None,
            "at_the_desk": signed_in and refusal(request.user, "core.write_desk") is None,
        },
    )
