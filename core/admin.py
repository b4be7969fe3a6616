"""The kernel in Django admin: the department's settings and the audit. Mail has an admin of its own."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import past, rooms, words
from core.adminsite import sayings
from core.adminsite.base import AdminForm, AsEverywhere, ReadOnlyAdmin, SingletonAdmin, administers
from core.pages import look

from .models import AuditEntry, DayOff, Department
from .workdays import countries, subdivisions


class DayOffInline(AsEverywhere, admin.StackedInline):
    """The department's own days off. They may be taken away again: promises that were given stay."""

    model = DayOff
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


SHOWN = 20  # events named when a new time zone moves them
HOURS_MOVE = _("The new time zone moves the hours of what is to come. Choose below what shall happen.")


class DepartmentForm(AdminForm):
    """The department with the states or regions of its country to choose from."""

    hours = forms.ChoiceField(
        label=_("hours of what is to come"),
        required=False,
        choices=[
            (
                "keep",
                _(
                    "Keep the hour on the clock: 6:00 p.m. stays 6:00 p.m. Everyone with a seat gets one "
                    "mail that corrects the entry in their calendar."
                ),
            ),
            ("move", _("Keep the moment: everyone with a place or in line gets one mail with the new hour.")),
        ],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self["country"].value()
        known = subdivisions(country) if country in dict(countries()) else []
        self.fields["accent_color"].help_text = _(
            "It says what to do next, and marks the page that is open. On the dark blue bar it is drawn "
            "lighter where it could hardly be seen."
        )
        field = self.fields["subdivision"]
        field.widget = forms.Select(choices=[("", _("None: only the holidays of the whole country")), *known])
        self.zone_before: str = self.instance.time_zone

    def clean(self) -> dict[str, Any]:
        """A new time zone that moves hours is saved once it is said what shall happen to them."""
        cleaned = super().clean()
        if "time_zone" in cleaned and cleaned["time_zone"] != self.zone_before and not cleaned.get("hours"):
            old, new = ZoneInfo(self.zone_before), ZoneInfo(cleaned["time_zone"])
            if told := [
                each for _room, said in rooms.offered("new_zone", "at_stake") for each in said(old, new)
            ]:
                more = len(told) - SHOWN
                left = ngettext("And %(count)s more.", "And %(count)s more.", more) % {"count": more}
                lines = [HOURS_MOVE, *told[:SHOWN], *([left] if more > 0 else [])]
                self.add_error("hours", forms.ValidationError(lines))
        return cleaned


@admin.register(Department)
class DepartmentAdmin(SingletonAdmin):
    """The one department of this installation."""

    form = DepartmentForm
    inlines = (DayOffInline,)
    history_of_all = True

    fieldsets = (
        (None, {"fields": ("name", "short_name", "product_name", "unit_name", "accent_color")}),
        (
            _("Contact"),
            {"fields": ("email", "phone", "postal_address", "accommodation_contact", "emergency_text")},
        ),
        (_("Place and working days"), {"fields": ("time_zone", "country", "subdivision")}),
        (_("Mail"), {"fields": ("mail_kept_days",)}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The hours of what is to come are asked for where a new time zone is sent."""
        found: Any = super().get_fieldsets(request, obj)
        if obj is None or request.POST.get("time_zone", obj.time_zone) == obj.time_zone:
            return found
        return [
            (title, {**options, "fields": ("time_zone", "hours", *options["fields"][1:])})
            if options["fields"][0] == "time_zone"
            else (title, options)
            for title, options in found
        ]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Carry out what follows of a new time zone, and say what became of a new color."""
        super().save_model(request, obj, form, change)
        self._say_color(request, obj, form)
        if change and obj.time_zone != form.zone_before:
            old, keep = ZoneInfo(form.zone_before), form.cleaned_data["hours"] == "keep"
            acts = rooms.offered("new_zone", "follow")
            who = {"keep_hours": keep, "actor": request.user}
            count = sum(act(old=old, new=obj.zone, **who) for _room, act in acts)
            if count:
                kept = ngettext(
                    "%(count)s event keeps its hour, and all with a seat get a mail for their calendar.",
                    "%(count)s events keep their hour, and all with a seat get a mail for their calendar.",
                    count,
                )
                told = ngettext(
                    "%(count)s event has a new hour, and everyone with a place or in line is told.",
                    "%(count)s events have a new hour, and everyone with a place or in line is told.",
                    count,
                )
                self.message_user(request, (kept if keep else told) % {"count": count})

    def _say_color(self, request: HttpRequest, obj: Any, form: ModelForm) -> None:
        """Say it where a new color is drawn lighter on the bar than it was chosen."""
        color = obj.accent_color.lower()
        if "accent_color" in form.changed_data and color and (drawn := look.on_bar(color)) != color:
            facts = {
                "color": color,
                "ratio": words.number(round(look.contrast(color, look.NAVY), 2)),
                "drawn": drawn,
            }
            told = _(
                "%(color)s is kept. On the dark blue bar it could hardly be seen: its contrast there is "
                "%(ratio)s to 1, and 3 to 1 is needed. There it is drawn as %(drawn)s."
            )
            self.message_user(request, told % facts, messages.WARNING)


def _name_rows(entries: Iterable[AuditEntry]) -> None:
    """Give entries the names of what they are about, and of whom they speak; a few queries for all."""
    models = [(entry, past.model_of(entry)) for entry in entries]
    wanted: dict[Any, set[str]] = defaultdict(set)
    for entry, model in models:
        if model is not None:
            wanted[model].add(entry.target_id)
        if number := sayings.someone(entry):
            wanted[get_user_model()].add(number)
    words = past.names(wanted)
    for entry, model in models:
        entry.called = words  # type: ignore[attr-defined]  # for the list and the page
        entry.row_name = words.get((model, entry.target_id), "") if model else ""  # type: ignore[attr-defined]


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, to what, from where: append-only."""

    list_display = ("at", "done", "actor_label", "row", "kind", "target_id", "why", "address")
    list_filter = ("verb", "target_type")
    search_fields = ("search_text",)
    search_help_text = _("Also finds all that belongs to a business, by a name that it has or had.")
    date_hierarchy = "at"
    ordering = ("-pk",)
    fields = (
        "at", "done", "row", "kind", "target_id", "changed_in_words", "why", "actor_label", "address",
        "request_id",
    )  # fmt: skip
    readonly_fields = ("done", "row", "kind", "why", "changed_in_words")

    @admin.display(description=_("what"), ordering="verb")
    def done(self, entry: AuditEntry) -> str:
        """What was done, with the code that the filter and commands know it by."""
        return format_html("{}<br><small>{}</small>", sayings.what(entry, past.model_of(entry)), entry.verb)

    @admin.display(description=_("kind"), ordering="target_type")
    def kind(self, entry: AuditEntry) -> str:
        """What the row is one of."""
        model = past.model_of(entry)
        return capfirst(str(model._meta.verbose_name)) if model else entry.target_type

    @admin.display(description=_("detail"), ordering="detail")
    def why(self, entry: AuditEntry) -> str:
        """What explains it."""
        return sayings.why(entry, past.model_of(entry), getattr(entry, "called", {}))

    @admin.display(description=_("changed fields"))
    def changed_in_words(self, entry: AuditEntry) -> str:
        """The columns that were changed, as forms call them."""
        model = past.model_of(entry)
        return ", ".join(sayings.label(model, str(name)) for name in entry.changed) or "–"

    @admin.display(description=_("row"))
    def row(self, entry: AuditEntry) -> str:
        """What the row is called."""
        return str(getattr(entry, "row_name", ""))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        found = super().get_changelist_instance(request)
        _name_rows(found.result_list)
        return found

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One entry, with the name of its row, as the list has it."""
        found = super().get_object(request, object_id, from_field)
        if found is not None:
            _name_rows([found])
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        found, twice = super().get_search_results(request, queryset, search_term)
        for _room, named in rooms.offered("scope", "named"):
            if owners := named(search_term):
                found |= queryset.filter(past.about(past.keys(owners)))
        return found, twice
