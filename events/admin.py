"""Events in Django admin: searchable, to look at, with the desk's own steps as actions."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.adminsite.base import ReadOnlyAdmin

from . import services
from .models import Event, Registration


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
    def close_registration(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Take no more registrations."""
        actor = request.user
        self.each(request, queryset, lambda row: services.close_event(event=row, actor=actor), _changed)

    @admin.action(description=_("Archive"))
    def archive(self, request: HttpRequest, queryset: QuerySet[Event]) -> None:
        """Take off the public site."""
        actor = request.user
        self.each(request, queryset, lambda row: services.archive_event(event=row, actor=actor), _changed)


@admin.register(Registration)
class RegistrationAdmin(ReadOnlyAdmin):
    list_display = ("name", "event", "email", "party_size", "status", "source")
    list_filter = ("status", "source")
    list_select_related = ("event",)
    search_fields = ("search_text", "=email", "event__search_text")
    exclude = ("token", "code_digest")
    actions = ("cancel",)

    @admin.action(description=_("Cancel the place"))
    def cancel(self, request: HttpRequest, queryset: QuerySet[Registration]) -> None:
        """Cancel, mail, and give the seats to the line."""
        actor = request.user
        self.each(
            request, queryset, lambda row: services.cancel_place(registration=row, actor=actor), _changed
        )
