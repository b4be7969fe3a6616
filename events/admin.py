"""Events in Django admin: searchable, to look at, with the desk's own steps as actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import words
from core.access import Refusal
from core.adminsite.asking import Step, asks_first, refuse_if
from core.adminsite.base import ReadOnlyAdmin

from . import services
from .models import Event, PhoneCall, Registration

NO_PLACE = Refusal("no_place", _("It holds no place any more."))


def _changed(count: int) -> str:
    return ngettext("%(n)d was changed.", "%(n)d were changed.", count) % {"n": count}


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    history_of_all = True
    list_display = ("title", "starts_at", "status", "audience", "capacity", "area")
    list_filter = ("status", "kind", "audience", "registration")
    list_select_related = ("area",)
    search_fields = ("search_text", "slug")
    date_hierarchy = "starts_at"
    actions = ("close_registration", "archive")

    @admin.action(description=_("Close registration"))
    @asks_first(_("Nobody can register for these events any more. Places that are held stay."))
    def close_registration(self, request: HttpRequest) -> Step:
        """Take no more registrations."""
        return Step(lambda row: services.close_event(event=row, actor=request.user), _changed)

    @admin.action(description=_("Archive"))
    @asks_first(_("These events leave the public site."))
    def archive(self, request: HttpRequest) -> Step:
        """Take off the public site."""
        return Step(lambda row: services.archive_event(event=row, actor=request.user), _changed)


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ("name", "event", "email", "party_size", "standing", "source")
    list_filter = ("status", "source")
    list_select_related = ("event",)
    search_fields = ("search_text", "=email", "event__search_text")
    exclude = ("token", "code_digest")
    readonly_fields = ("standing",)
    actions = ("cancel",)

    @admin.display(description=_("status"), ordering="status")
    def standing(self, row: Registration) -> Any:
        """Its status, or that its event is cancelled."""
        return row.stands

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "status"]

    @admin.action(description=_("Cancel the place"))
    @asks_first(
        _("Who holds a place loses it and gets a mail that says so. The seats go to people who wait."),
        named=lambda row: f"{row}, {row.event.title}, {words.day(row.event.starts_at)}",
    )
    def cancel(self, request: HttpRequest) -> Step:
        """Cancel, mail, and give the seats to the line."""

        def give_up(row: Registration) -> None:
            refuse_if(not row.is_open, NO_PLACE)
            services.cancel_place(registration=row, actor=request.user)

        return Step(give_up, _changed)


@admin.register(PhoneCall)
class PhoneCallAdmin(ReadOnlyAdmin):
    list_display = ("registration", "news", "created_at", "done_at", "done_by")
    list_filter = ("news",)
    list_select_related = ("registration", "done_by")
    search_fields = ("registration__name", "registration__event__title")
