"""Reminder rules in the admin: offsets, repeats and on/off, with a preview of who would get what and when."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Case, QuerySet, TextField, TimeField, Value, When
from django.forms import ModelForm, TimeInput
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core import words
from core.adminsite.base import ReadOnlyAdmin, RegistryAdmin
from core.folding import has_words
from core.mail import reminders
from core.mail.models import Reminder, ReminderRule
from core.mail.reminders.labels import label_of
from core.mail.reminders.sources import has_time
from core.mail.reminders.upcoming import DAYS, Preview, upcoming
from core.models import Department


class WatchesFilter(admin.SimpleListFilter):
    """Rules by what they watch, in the words of the rooms."""

    title = _("watches")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        known = reminders.sources()
        used = ReminderRule.objects.order_by("source").values_list("source", flat=True).distinct()
        return [(key, str(known[key].label) if key in known else key) for key in used]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(source=self.value()) if self.value() else queryset


@admin.register(ReminderRule)
class ReminderRuleAdmin(RegistryAdmin):
    """Offsets, repeats and on/off; what a rule watches is code. "Preview" shows the typed values, unsaved."""

    may_add = False
    # Django's own clock compares the browser's zone with the server's; this time is the department's.
    formfield_overrides: ClassVar = {TimeField: {"widget": TimeInput(attrs={"type": "time"}, format="%H:%M")}}
    change_form_template = "admin/mail/reminderrule/change_form.html"
    list_display = ("name", "watches", "words", "hour", "active", "activated_at")
    list_filter = ("active", WatchesFilter)
    search_fields = ("key", "source")
    search_help_text = _("What a rule is called, what it watches, or its key.")
    locked_fields = ("key", "watches", "activated_at")
    fieldsets = (
        (None, {"fields": ("key", "watches", "active", "activated_at")}),
        (_("When"), {"fields": (("amount", "unit", "direction"), "at", "look_back_days")}),
        (_("Again"), {"fields": ("repeat_times", ("repeat_amount", "repeat_unit"))}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "watches"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The rule, called by the rooms' words."""
        found: ReminderRule | None = super().get_object(request, object_id, from_field)
        return found and _called(found)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also by the words of the rooms, which stand in no column; there are a few dozen rules."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, twice
        called = [
            When(pk=rule.pk, then=Value(f"{label_of(rule)} {self.watches(rule)} {rule.words}"))
            for rule in queryset
        ]
        told = queryset.annotate(told=Case(*called, default=Value(""), output_field=TextField()))
        return found | queryset.filter(pk__in=told.filter(has_words(search_term, "told")).values("pk")), twice

    @admin.display(description=_("rule"), ordering="key")
    def name(self, rule: ReminderRule) -> str:
        """What it is called, with the key that commands and mails know it by."""
        return format_html("{}<br><small>{}</small>", label_of(rule), rule.key)

    @admin.display(description=_("watches"))
    def watches(self, rule: ReminderRule) -> str:
        """What the rule's source watches, in words."""
        source = reminders.sources().get(rule.source)
        return str(source.label) if source else rule.source

    @admin.display(description=_("when"))
    def words(self, rule: ReminderRule) -> str:
        """Its offset and repeats in words."""
        return rule.words

    @admin.display(description=_("time of day"), ordering="at")
    def hour(self, rule: ReminderRule) -> Any:
        """Its time of day; rules of minutes and hours have none."""
        return None if rule.is_exact else rule.at

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """The page of a rule; its button "Preview" checks the typed values and saves nothing."""
        if request.method == "POST" and "_preview" in request.POST and object_id:
            answer = self._preview(request, object_id)
            if answer is not None:
                return answer
        rule = self.get_object(request, object_id) if object_id else None
        context = {"preview": preview_of(rule), "days": DAYS} if rule else {}
        return super().changeform_view(request, object_id, form_url, {**(extra_context or {}), **context})

    def _preview(self, request: HttpRequest, object_id: str) -> HttpResponse | None:
        """What the typed values would send; `None` when they can't be, and the form says why."""
        rule = self.get_object(request, object_id)
        if rule is None or not self.has_change_permission(request, rule):
            return None
        form = self.get_form(request, rule, change=True)(request.POST, request.FILES, instance=rule)
        if not form.is_valid():
            return None
        typed = _called(form.save(commit=False))
        sent = [(name, value) for name, value in request.POST.items() if not name.startswith(("_", "csrf"))]
        return TemplateResponse(
            request,
            "admin/mail/reminderrule/preview.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "title": _("What this rule would send"),
                "rule": typed,
                "words": self.words(typed),
                "preview": preview_of(typed),
                "days": DAYS,
                "sent": sent,
            },
        )

    def save_model(self, request: HttpRequest, obj: ReminderRule, form: ModelForm, change: bool) -> None:
        """Through the service, which keeps a switched-on rule from flooding anyone."""
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        reminders.change_rule(rule=obj, actor=request.user, changes=changes)
        _called(obj)  # three days before is not "the day before" any more


class RuleFilter(admin.RelatedFieldListFilter):
    """Reminders by their rule, in the words of the rooms."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        rules = ReminderRule.objects.order_by(*self.field_admin_ordering(field, request, model_admin))
        return [(rule.pk, label_of(rule)) for rule in rules]


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """Planned reminders: which mail carries each, or why none does."""

    list_display = ("key", "to", "date", "due_at", "mail", "dropped")
    exclude = ("anchor",)
    readonly_fields = ("date",)
    list_filter = ("dropped", ("rule", RuleFilter))
    search_fields = ("key", "to")
    list_select_related = ("mail", "rule")
    ordering = ("-pk",)

    @admin.display(description=_("date it reminds of"), ordering="anchor")
    def date(self, reminder: Reminder) -> str:
        """A day with its time, or a day alone where it has none."""
        zone, anchor = Department.current().zone, reminder.anchor
        return words.moment(anchor, zone=zone) if has_time(anchor, zone) else words.day(anchor, zone=zone)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The reminder, its rule called by the rooms' words."""
        found: Reminder | None = super().get_object(request, object_id, from_field)
        if found is not None:
            _called(found.rule)
        return found


def _called(rule: ReminderRule) -> ReminderRule:
    """A rule that its pages call by the rooms' words."""
    rule.called = label_of(rule)
    return rule


def preview_of(rule: ReminderRule) -> Preview | None:
    """What falls due by a rule, with local times; `None` when no room offers what it watches."""
    source = reminders.sources().get(rule.source)
    return upcoming(rule, source) if source else None
