"""Mail in Django admin: to search and look at; what people do with it goes through the services."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.adminsite.asking import Step, asks_first
from core.adminsite.base import ReadOnlyAdmin
from core.mail import suppressions
from core.mail.desk import steps
from core.mail.desk.filters import kinds
from core.mail.desk.page import without_secrets
from core.mail.models import Consent, OutgoingMail, Suppression
from core.mail.outbox import life


class KindFilter(admin.SimpleListFilter):
    """Mail by its kind, of those that are sent at all."""

    title = _("kind")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return kinds()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(category=self.value()) if self.value() else queryset


class TroubleFilter(admin.SimpleListFilter):
    """Mail that a person has to look at."""

    title = _("trouble")
    parameter_name = "trouble"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Nobody has seen to it")), ("fault", _("A fault of the product"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: Any = queryset
        found = {"open": rows.in_trouble, "fault": rows.faulty}.get(self.value() or "", rows.all)()
        return cast(QuerySet[Any], found)


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ReadOnlyAdmin):
    """Outgoing mail to search and look at; "Send again" goes through the service."""

    list_display = ("subject", "to", "status", "category", "room", "due_at", "sent_at", "attempts")
    list_filter = (TroubleFilter, "status", KindFilter, "room")
    search_fields = ("search_text", "dedupe_key__contains", "message_id__contains")
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
                    "answer",
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

    @admin.display(description=_("last answer"))
    def answer(self, mail: OutgoingMail) -> str:
        """What the relay said last, or what went wrong before it."""
        return life.answer_words(mail.last_error)

    @admin.display(description=_("life"))
    def way(self, mail: OutgoingMail) -> str:
        """Its life, one line each."""
        return format_html_join(mark_safe("<br>"), "{} {}", life.lines(mail))  # noqa: S308  (a constant)

    @admin.action(description=_("Send again"))
    @asks_first(_("Each of these mails goes out once more."))
    def send_again(self, request: HttpRequest) -> Step:
        """Queue the chosen mails again; those that can't be are named with the reason."""
        return Step(
            lambda mail: steps.resend(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail goes out again.", "%(n)d mails go out again.", n) % {"n": n},
        )

    @admin.action(description=_("Release uncertain mail"))
    @asks_first(_("Each of these mails goes out. Some people may get it twice."))
    def release(self, request: HttpRequest) -> Step:
        """Let mail of uncertain fate go out after all."""
        return Step(
            lambda mail: steps.release(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail goes out.", "%(n)d mails go out.", n) % {"n": n},
        )

    @admin.action(description=_("Let uncertain mail rest"))
    def drop(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Do not send mail of uncertain fate again."""
        self.each(
            request,
            rows,
            lambda mail: steps.drop(mail=mail, actor=request.user),
            lambda n: ngettext("%(n)d mail rests.", "%(n)d mails rest.", n) % {"n": n},
        )

    @admin.action(description=_("Failed mail was seen to another way"))
    def set_aside(self, request: HttpRequest, rows: QuerySet[OutgoingMail]) -> None:
        """Note that people learned by phone what failed mail says."""
        self.each(
            request,
            rows,
            lambda mail: steps.set_aside(mail=mail, actor=request.user),
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
