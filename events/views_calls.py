"""The desk's calls to those who have no address: who was told, by whom and when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.access import Refused, check, requires, visible

from . import services
from .models import PhoneCall
from .pages import find


@requires("core.write_desk")
@require_POST
def called(request: HttpRequest, pk: int, call_pk: int) -> HttpResponse:
    """Note that someone was called."""
    event = find(request, pk)
    check(request, "core.write_desk", event)
    rows = visible(PhoneCall, request.user).filter(registration__event=event)
    call = rows.select_related("registration__event").filter(pk=call_pk).first()
    if call is None:  # on a page that was opened before the event moved again
        messages.error(request, _("That call is not on the list any more. Look who is on it now."))
    else:
        try:
            done = services.mark_called(call=call, actor=request.user)
        except Refused as refused:
            messages.error(request, str(refused.refusal.sentence))
        else:
            messages.success(request, _("Noted: %(name)s was called.") % {"name": done.registration.name})
    return redirect(f"{reverse('desk:event', args=[pk])}#calls")
