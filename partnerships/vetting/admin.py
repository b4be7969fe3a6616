"""Selection criteria in Django admin: copy a version, edit the draft, publish it. Applications to look at."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.adminsite.asking import Step, asks_first
from core.adminsite.base import AdminForm, RegistryAdmin
from core.names import NameFormField

from . import services
from .choices import VersionStatus
from .models import Application, CriteriaVersion, SelectionCriterion


def _locked(version: CriteriaVersion, *, link: str = "") -> dict[str, Any]:
    """Why the words of a version can only be read, and how a new one is made; nothing of a draft.

    Args:
        version: of the criteria.
        link: its page, told on the page of one of its criteria.
    """
    if version.status == VersionStatus.DRAFT:
        return {}
    if version.status == VersionStatus.PUBLISHED:
        why = _("This version is published. Applications are judged by it, so its words and weights stay.")
    else:
        why = _("This version is retired. Applications were judged by it, so its words and weights stay.")
    how = _(
        "To change something, copy the version into a new draft, change the draft, and publish it from the "
        "list of versions. Then new applications are made under it."
    )
    return {"locked": {"why": why, "how": how, "link": link, "copies": not link}}


@admin.register(CriteriaVersion)
class CriteriaVersionAdmin(RegistryAdmin):
    """Versions of the criteria. A new one begins as a copy; a published one is only to look at."""

    may_add = False
    change_form_template = "admin/vetting/criteria.html"
    list_display = ("version", "title", "status", "threshold", "promise_working_days", "published_at")
    list_filter = ("status",)
    search_fields = ("number", "title")
    ordering = ("-number",)
    locked_fields = ("number", "published_at")
    actions = ("copy", "publish")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        fields = [*super().get_readonly_fields(request, obj), "criteria_list"]
        if obj is not None and obj.status != VersionStatus.DRAFT:
            fields += [f.name for f in obj._meta.fields if f.editable and f.name not in fields]
        return fields

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """The page of a version; where its words stay as they are, its button makes a new draft of them."""
        version: CriteriaVersion | None = self.get_object(request, object_id or "")
        if version is not None and request.method == "POST" and "_copy" in request.POST:
            draft = services.copy_criteria(version=version, actor=request.user)
            said = _("Version %(number)s is a draft now. Change it here, its criteria by their links.")
            self.message_user(request, said % {"number": draft.number})
            return redirect("admin:vetting_criteriaversion_change", draft.pk)
        context = {**(extra_context or {}), **(_locked(version) if version else {})}
        return super().changeform_view(request, object_id, form_url, context)

    @admin.display(description=_("version"), ordering="number")
    def version(self, row: CriteriaVersion) -> str:
        """Its number; what it is a version of stands above the list."""
        return str(_("Version %(number)s") % {"number": row.number})

    @admin.display(description=_("criteria"))
    def criteria_list(self, version: CriteriaVersion) -> str:
        """Each criterion with a link to its words."""
        rows = [
            (
                reverse("admin:vetting_selectioncriterion_change", args=[each.pk]),
                each.title,
                each.weight,
                each.minimum,
            )
            for each in version.criteria.all()
        ]
        words = format_html_join("", '<li><a href="{}">{}</a>: {} %, {}</li>', rows)
        return format_html("<ul>{}</ul>", words)

    @admin.action(description=_("Copy into a new draft"))
    def copy(self, request: HttpRequest, queryset: QuerySet[CriteriaVersion]) -> None:
        """A draft with the next number, to be edited and published."""
        self.each(
            request,
            queryset,
            lambda version: services.copy_criteria(version=version, actor=request.user),
            lambda n: ngettext("%(n)s draft made.", "%(n)s drafts made.", n) % {"n": n},
        )

    @admin.action(description=_("Publish"))
    @asks_first(
        _(
            "New applications are made under it, and the version published before retires. A published "
            "version can’t be changed."
        )
    )
    def publish(self, request: HttpRequest) -> Step:
        """New applications are made under it; the version published before retires."""
        return Step(
            lambda version: services.publish_criteria(version=version, actor=request.user),
            lambda n: ngettext("%(n)s version published.", "%(n)s versions published.", n) % {"n": n},
        )


class CriterionForm(AdminForm):
    """A criterion with a word and a sentence for each score."""

    class Meta:
        model = SelectionCriterion
        fields = ("title", "question", "guidance", "reviewer_note", "weight", "minimum", "position")
        field_classes = {"title": NameFormField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for score in range(5):
            anchor = self.instance.anchor(score) if self.instance.pk else {"word": "", "sentence": ""}
            self.fields[f"word_{score}"] = forms.CharField(
                label=_("Score %(score)s, word") % {"score": score}, max_length=20, initial=anchor["word"]
            )
            self.fields[f"sentence_{score}"] = forms.CharField(
                label=_("Score %(score)s, sentence") % {"score": score},
                max_length=300,
                initial=anchor["sentence"],
                widget=forms.TextInput(attrs={"size": 100}),
            )

    def said(self, row: Any) -> dict[str, Any]:
        words = {f"{part}_{n}": row.anchor(n)[part] for n in range(5) for part in ("word", "sentence")}
        return {**super().said(row), **words}

    def save(self, commit: bool = True) -> Any:
        self.instance.anchors = [
            {
                "word": self.cleaned_data[f"word_{score}"],
                "sentence": self.cleaned_data[f"sentence_{score}"],
            }
            for score in range(5)
        ]
        return super().save(commit)


@admin.register(SelectionCriterion)
class SelectionCriterionAdmin(RegistryAdmin):
    """The words of one criterion; only those of a draft can be changed."""

    may_add = False
    form = CriterionForm
    change_form_template = "admin/vetting/criteria.html"
    list_display = ("title", "version", "weight", "minimum")
    list_filter = ("version",)
    search_fields = ("title", "question", "guidance")
    ordering = ("version", "position")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> Any:
        """With why the words of a published version are only to read."""
        if obj is not None:
            link = reverse("admin:vetting_criteriaversion_change", args=[obj.version_id])
            context |= _locked(obj.version, link=link)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        if obj is not None and obj.version.status != VersionStatus.DRAFT:
            return [*CriterionForm.Meta.fields, "anchor_words"]
        scores = [name for n in range(5) for name in (f"word_{n}", f"sentence_{n}")]
        return [*CriterionForm.Meta.fields, *scores]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        # The scores' fields are made per row, so the factory must not look for them on the model.
        kwargs["fields"] = CriterionForm.Meta.fields
        return super().get_form(request, obj, change=change, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and obj.version.status != VersionStatus.DRAFT:
            return False
        return super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "anchor_words"]

    @admin.display(description=_("anchors"))
    def anchor_words(self, criterion: SelectionCriterion) -> str:
        """The five anchors, to read."""
        rows = [(n, criterion.anchor(n)["word"], criterion.anchor(n)["sentence"]) for n in range(5)]
        return format_html_join("", "<p><strong>{} {}</strong> {}</p>", rows)


@admin.register(Application)
class ApplicationAdmin(RegistryAdmin):
    """Applications, to look up. They move at the desk, along the workflow."""

    may_add = False
    may_change = False
    history_of_all = True
    list_display = ("reference", "organization", "status", "track", "first_submitted_at", "promised_on")
    list_filter = ("status", "track")
    search_fields = ("organization__search_text", "contact_name", "=pk")
    list_select_related = ("organization",)
    ordering = ("-pk",)
    fields = (
        "organization", "status", "track", "round", "criteria_version", "first_submitted_at", "promised_on",
        "decided_at", "valid_until",
    )  # fmt: skip
