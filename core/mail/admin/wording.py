"""The department's own words around each mail, with a preview of the whole mail and a way back."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from core.adminsite.base import RegistryAdmin
from core.mail import outbox, wording
from core.mail.desk.page import PREVIEW_POLICY, unlinked
from core.mail.models import MailWording

# The frame has a page of its own around the mail.
_FRAME_POLICY = PREVIEW_POLICY.replace("style-src ", "style-src 'self' ")


@admin.register(MailWording)
class MailWordingAdmin(RegistryAdmin):
    """One row for each mail that takes words. "Preview" shows the typed ones in the frame, unsaved."""

    may_add = False
    change_form_template = "admin/mail/mailwording/change_form.html"
    list_display = ("mail", "trigger", "audience", "own_words", "updated_by_name")
    list_per_page = 200
    locked_fields = ("mail", "trigger", "audience")
    fieldsets = (
        (None, {"fields": ("mail", "trigger", "audience")}),
        (_("Your words"), {"fields": ("before", "after")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[MailWording]:
        # A mail that a later release drops leaves its words behind; nobody sends them.
        return (
            super().get_queryset(request).filter(template__in=[kind.template for kind in wording.offered()])
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), "mail", "trigger", "audience"]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row, called as its mail is."""
        found: MailWording | None = super().get_object(request, object_id, from_field)
        if found is not None:
            found.called = self.mail(found)
        return found

    @admin.display(description=_("mail"), ordering="template")
    def mail(self, row: MailWording) -> str:
        """Its name in the catalog."""
        return str(outbox.catalog()[row.template].name)

    @admin.display(description=_("sent when"))
    def trigger(self, row: MailWording) -> str:
        """What causes it."""
        return str(outbox.catalog()[row.template].trigger)

    @admin.display(description=_("to"))
    def audience(self, row: MailWording) -> str:
        """Who gets it."""
        return str(outbox.catalog()[row.template].audience)

    @admin.display(description=_("own words"))
    def own_words(self, row: MailWording) -> str:
        """Where the department added any."""
        said = [str(word) for text, word in ((row.before, _("before")), (row.after, _("after"))) if text]
        return ", ".join(said)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.preview_view)
        return [path("<int:pk>/preview/", view, name="mail_mailwording_preview"), *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """The page of a mail. "Reset" saves it without words, whatever was typed."""
        if request.method == "POST" and "_reset" in request.POST:
            typed = request.POST.copy()
            typed["before"] = typed["after"] = ""
            request.POST = typed  # type: ignore[assignment]  # a mutable copy of the same
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: MailWording, form: ModelForm, change: bool) -> None:
        """Through the service."""
        actor = request.user
        if "_reset" in request.POST:
            wording.reset_wording(wording=obj, actor=actor)
        else:
            wording.change_wording(wording=obj, actor=actor, before=obj.before, after=obj.after)

    @method_decorator(xframe_options_sameorigin)
    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The whole mail for the frame: sender, subject, HTML and text; saves nothing.

        With the saved words, or with those just typed. Words that can't be saved are named instead.
        """
        row = self.get_object(request, str(pk))
        if row is None or not self.has_change_permission(request, row):
            raise Http404
        errors: list[str] = []
        if request.method == "POST":
            form = self.get_form(request, row, change=True)(request.POST, instance=row)
            errors = [str(error) for name in ("before", "after") for error in form.errors.get(name, ())]
            row.before, row.after = (form.cleaned_data.get(name, "") for name in ("before", "after"))
        shown = wording.preview(template=row.template, before=row.before, after=row.after)
        html = unlinked(shown.mail.html)  # its names and addresses are invented
        page = {"errors": errors, "sender": shown.sender, "mail": shown.mail, "html": html}
        response = render(request, "admin/mail/mailwording/preview.html", page)
        response.headers["Content-Security-Policy"] = _FRAME_POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
