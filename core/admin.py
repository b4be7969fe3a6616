"""The kernel in Django admin: the department's settings, the audit, mail and reminder rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.adminsite.base import ReadOnlyAdmin, SingletonAdmin, administers

from . import admin_reminders, admin_wording, mail_steps, suppressions  # noqa: F401  (importing registers its admins)
from .mail_page import without_secrets
from .models import AuditEntry, Consent, DayOff, Department, OutgoingMail, Suppression
from .outbox import life
from .workdays import countries, subdivisions


class DayOffInline(admin.TabularInline):
    """The department's own days off. They may be taken away again: promises that were given stay."""

    model = DayOff
    extra = 1

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class DepartmentForm(forms.ModelForm):
    """The department with the states or regions of its country to choose from."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country = self["country"].value()
        known = subdivisions(country) if country in dict(countries()) else []
        field = self.fields["subdivision"]
        field.widget = forms.Select(choices=[("", _("None: only the holidays of the whole country")), *known])


@admin.register(Department)
class DepartmentAdmin(SingletonAdmin):
    """The one department of this installation."""

    form = DepartmentForm
    inlines = (DayOffInline,)

    fieldsets = (
        (None, {"fields": ("name", "short_name", "product_name", "unit_name", "accent_color")}),
        (
            _("Contact"),
            {"fields": ("email", "phone", "postal_address", "accommodation_contact", "emergency_text")},
        ),
        (_("Place and working days"), {"fields": ("time_zone", "country", "subdivision")}),
        (_("Mail"), {"fields": ("mail_kept_days",)}),
    )


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    """Who did what, to what, from where: append-only."""

    list_display = ("at", "verb", "actor_label", "target_type", "target_id", "detail", "address")
    list_filter = ("verb", "target_type")
    search_fields = ("verb", "actor_label", "target_id", "detail", "request_id")
    date_hierarchy = "at"
    ordering = ("-pk",)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Outgoing mail to search and look at; "Send again" goes through the service."""

    list_display = ("subject", "to", "status", "category", "room", "due_at", "sent_at", "attempts")
    list_filter = ("status", "category", "room")
    search_fields = ("to", "recipient_name", "subject", "dedupe_key", "message_id")
    date_hierarchy = "planned_at"
    ordering = ("-pk",)
    actions = ("send_again", "release", "drop", "set_aside")
    fieldsets = (
        (None, {"fields": ("subject", "to", "recipient_name", "status", "category", "why")}),
        (_("Text"), {"fields": ("body",)}),
        (
            _("Its way"),
            {
                "fields": (
                    "planned_at",
                    "due_at",
                    "sent_at",
                    "attempts",
                    "last_error",
                    "way",
                    "handled_at",
                    "handled_by",
                )
            },
        ),
        (
            _("Origin"),
            {
                "fields": (
                    "room",
                    "template",
                    "purpose",
                    "dedupe_key",
                    "message_id",
                    "still_wanted",
                    "copy_of",
                )
            },
        ),
        (_("Along with it"), {"fields": ("reply_to", "calendar_method", "calendar")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return super().get_queryset(request).defer("html")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # Django offers actions only to who may change; these ask their own permissions.
        return (
            {name: self.get_action(name) for name in self.actions}
            if self.has_view_permission(request)
            else {}
        )

    @admin.display(description=_("text"))
    def body(self, mail: OutgoingMail) -> str:
        """The plain text, unless it is about signing in or gone."""
        if mail.is_redacted:
            return str(_("Mail about signing in is shown to nobody."))
        return without_secrets(mail.text) if mail.has_body else str(_("The text of this mail was removed."))

    @admin.display(description=_("life"))
    def way(self, mail: OutgoingMail) -> str:
        """Its life, one line each."""
        return format_html_join(mark_safe("<br>"), "{} {}", life.lines(mail))  # noqa: S308  (a constant)

    @admin.action(description=_("Send again"))
    def send_again(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Queue the chosen mails again; those that can't be are named with the reason."""
        self.each(
            request,
            rows,
            lambda mail: mail_steps.resend(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail goes out again.", "%(n)d mails go out again.", n) % {"n": n},
        )

    @admin.action(description=_("Release uncertain mail"))
    def release(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Let mail of uncertain fate go out after all."""
        self.each(
            request,
            rows,
            lambda mail: mail_steps.release(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail goes out.", "%(n)d mails go out.", n) % {"n": n},
        )

    @admin.action(description=_("Let uncertain mail rest"))
    def drop(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Do not send mail of uncertain fate again."""
        self.each(
            request,
            rows,
            lambda mail: mail_steps.drop(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail rests.", "%(n)d mails rest.", n) % {"n": n},
        )

    @admin.action(description=_("Failed mail was seen to another way"))
    def set_aside(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Note that people learned by phone what failed mail says."""
        self.each(
            request,
            rows,
            lambda mail: mail_steps.set_aside(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail was seen to.", "%(n)d mails were seen to.", n) % {"n": n},
        )


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    """Who agreed to which mail, with the proof: append-only."""

    list_display = ("address", "purpose", "topic", "given", "at", "how", "source", "actor_label")
    list_filter = ("purpose", "given", "how")
    search_fields = ("address", "source")
    date_hierarchy = "at"
    ordering = ("-pk",)
    fields = ("address", "purpose", "topic", "given", "at", "how", "wording", "source", "actor_label")


@admin.register(Suppression)
class SuppressionAdmin(ReadOnlyAdmin):
    """Addresses that mail leaves alone; lifting goes through the service."""

    list_display = ("address", "reason", "at", "detail", "lifted_at", "lifted_by")
    list_filter = ("reason", ("lifted_at", admin.EmptyFieldListFilter))
    search_fields = ("address",)
    ordering = ("-pk",)
    actions = ("lift",)
    fields = ("address", "reason", "at", "detail", "mail", "lifted_at", "lifted_by")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"lift": self.get_action("lift")} if self.has_view_permission(request) else {}

    @admin.action(description=_("Send mail there again"))
    def lift(self, request: HttpRequest, rows: QuerySet[Suppression]) -> None:
        """Let mail go to the chosen addresses again."""
        self.each(
            request,
            rows,
            lambda row: suppressions.lift(address=row.address, actor=request.user),
            lambda n: (
                ngettext("Mail goes to %(n)d address again.", "Mail goes to %(n)d addresses again.", n)
                % {"n": n}
            ),
        )
