"""The registry in Django admin: searchable, statuses to look at only, changes through the services."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import SimpleListFilter
from django.db.models import Case, QuerySet, When
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin import UserAdmin
from accounts.models import User
from core.access import Refusal, Refused, visible
from core.adminsite.asking import Step, asks_first, refuse_if
from core.adminsite.base import ReadOnlyAdmin, RegistryAdmin, administers
from core.pages.edit import HIDDEN
from core.roles import Role

from . import kinds, services
from .models import (
    Area,
    Business,
    Claim,
    Contact,
    DistrictAssignment,
    ImportBatch,
    ImportMapping,
    Industry,
    MemberRole,
    Membership,
    Organization,
)

MOST_KINDS = 20  # of everyday words
ENDS_ALREADY = Refusal("ends_already", _("It has an end already."))


class ServiceAdmin(RegistryAdmin):
    """An admin whose saves go through the room's services."""

    def fields_of(self, form: ModelForm, change: bool) -> dict[str, Any]:
        """What the form says, by field; of a change only what was changed."""
        names = form.changed_data if change else [name for name in form.cleaned_data if name not in HIDDEN]
        return {name: form.cleaned_data[name] for name in names if name in form.cleaned_data}


@admin.register(Organization)
class OrganizationAdmin(ServiceAdmin):
    history_of_all = True
    list_display = ("name", "legal_name", "kind", "standing", "lead_officer", "account_number")
    list_filter = ("standing", "kind")
    list_select_related = ("lead_officer",)
    search_fields = ("search_text", "=account_number")
    autocomplete_fields = ("lead_officer",)
    fields = (
        *services.ORGANIZATION_FIELDS,
        "standing",
        "partner_since",
        "source",
        "updated_at",
        "updated_by_name",
    )
    locked_fields = ("partner_since", "source")

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = self.fields_of(form, change)
        if change:
            services.update_organization(organization=obj, actor=request.user, **fields)
        else:
            obj.pk = services.add_organization(actor=request.user, **fields).pk


@admin.register(Business)
class BusinessAdmin(ServiceAdmin):
    history_of_all = True
    history_above = "organization"
    locked_behind = "organization"
    list_display = ("name", "street", "standing", "area", "industry", "listed")
    list_filter = ("standing", "listed")
    list_select_related = ("area__parent", "industry")
    search_fields = ("search_text",)
    search_help_text = _("Forgives typing, as the desk's search does.")
    autocomplete_fields = ("organization", "area", "industry")
    fields = (
        "organization",
        *services.BUSINESS_FIELDS,
        "standing",
        "listed",
        "listed_at",
        "listed_by_name",
        "license_kinds",
        "license_until",
        "updated_at",
        "updated_by_name",
    )
    locked_fields = ("listed", "listed_at", "listed_by_name", "license_kinds", "license_until")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return [*found, "organization"] if obj else found  # a place does not change its owner here

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return (queryset.search(search_term) if search_term.strip() else queryset), False  # type: ignore[attr-defined]  # our queryset

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = self.fields_of(form, change)
        if change:
            services.update_business(business=obj, actor=request.user, **fields)
        else:
            obj.pk = services.add_business(actor=request.user, **fields).pk


@admin.register(Contact)
class ContactAdmin(ServiceAdmin):
    locked_behind = "organization"
    list_display = ("name", "role_title", "organization", "business", "phone", "email")
    list_select_related = ("organization", "business")
    search_fields = ("search_text", "organization__search_text")
    autocomplete_fields = ("organization", "business")
    may_delete = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return [*found, "organization"] if obj else found

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = self.fields_of(form, change)
        if change:
            fields.setdefault("business", obj.business)
            services.update_contact(contact=obj, actor=request.user, **fields)
        else:
            obj.pk = services.add_contact(actor=request.user, **fields).pk

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.remove_contact(contact=obj, actor=request.user)


@admin.register(Membership)
class MembershipAdmin(ServiceAdmin):
    locked_behind = "organization"
    list_display = ("user", "organization", "role", "all_sites", "created_at")
    list_filter = ("role", "all_sites")
    list_select_related = ("user", "organization")
    search_fields = ("user__search_text", "organization__search_text")
    autocomplete_fields = ("user", "organization", "sites")
    fields = ("user", "organization", "role", "all_sites", "sites", "created_at")
    may_delete = True

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return [*found, "user", "organization"] if obj else found

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Kept for `save_related`: role and places go together."""
        if not change:
            member = services.add_membership(
                organization=form.cleaned_data["organization"],
                user=form.cleaned_data["user"],
                role=MemberRole.STAFF,
                sites=[],
                actor=request.user,
            )
            obj.pk = member.pk

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        sites = None if form.cleaned_data["all_sites"] else form.cleaned_data["sites"]
        try:
            services.change_membership(
                membership=form.instance, role=form.cleaned_data["role"], sites=sites, actor=request.user
            )
        except (Refused, ValueError) as error:
            self.message_user(request, str(error), messages.ERROR)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        services.remove_membership(membership=obj, actor=request.user)


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("business", "user", "status", "created_at", "settled_by")
    list_filter = ("status",)
    list_select_related = ("business", "user", "settled_by")
    search_fields = ("business__search_text", "user__search_text")


@admin.register(Industry)
class IndustryAdmin(RegistryAdmin):
    list_display = ("code", "title", "parent")
    list_select_related = ("parent",)
    search_fields = ("=code", "title")
    autocomplete_fields = ("parent",)
    may_add = False
    locked_fields = ("code",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By everyday words too, the best first; the choice of a kind in other forms asks here as well."""
        rows, twice = super().get_search_results(request, queryset, search_term)
        codes = [each.code for each in kinds.find(search_term, MOST_KINDS)]
        if not codes:
            return rows, twice
        place = Case(*(When(code=code, then=n) for n, code in enumerate(codes)), default=len(codes))
        return (rows | queryset.filter(code__in=codes)).order_by(place, "code"), twice


class InEffectFilter(SimpleListFilter):
    """Areas in effect today, or ended."""

    title = _("in effect")
    parameter_name = "effect"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("now", _("Today")), ("ended", _("Ended"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        current = Area.objects.current().values("pk")
        if self.value() == "now":
            return queryset.filter(pk__in=current)
        if self.value() == "ended":
            return queryset.exclude(pk__in=current)
        return queryset


@admin.register(Area)
class AreaAdmin(RegistryAdmin):
    """Borders come from a file (`desk:areas_import`); here only a name is put right."""

    list_display = ("code", "kind", "name", "parent", "valid_from", "valid_until")
    list_filter = ("kind", InEffectFilter)
    list_select_related = ("parent",)
    search_fields = ("code", "name")
    may_add = False
    fields = ("kind", "code", "name", "parent", "valid_from", "valid_until")
    locked_fields = ("kind", "code", "parent", "valid_from", "valid_until")


class DistrictsInline(admin.StackedInline):
    """The districts that someone covers: asked where they are made. Their own page ends them."""

    model = DistrictAssignment
    fields = ("area", "starts_on", "ends_on")
    readonly_fields = ("ends_on",)
    verbose_name = _("district")
    verbose_name_plural = _("Districts that an officer or a supervisor covers")
    show_change_link = True

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "area":
            kwargs["queryset"] = Area.objects.districts().current()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    has_view_permission = has_add_permission

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    has_delete_permission = has_change_permission


admin.site.unregister(User)


@admin.register(User)
class PersonAdmin(UserAdmin):
    """An account, with the districts of whoever works in them; the room below knows no district."""

    inlines = (DistrictsInline,)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Through the service; an officer without a district sees next to nothing, which is said."""
        for row in formset.save(commit=False):
            services.assign_district(
                user=form.instance, area=row.area, starts_on=row.starts_on, actor=request.user
            )
        covered = visible(DistrictAssignment, request.user).filter(user=form.instance).current()  # type: ignore[attr-defined]  # our queryset
        if form.instance.role == Role.OFFICER and not covered.exists():
            told = _(
                "%(name)s covers no district today, and so sees few businesses: those without a district."
            )
            self.message_user(request, told % {"name": form.instance.display_name}, messages.WARNING)


@admin.register(DistrictAssignment)
class DistrictAssignmentAdmin(ServiceAdmin):
    list_display = ("user", "area", "starts_on", "ends_on")
    list_filter = ("area",)
    list_select_related = ("user", "area")
    search_fields = ("user__search_text", "area__code")
    autocomplete_fields = ("user", "area")
    actions = ("end_today",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        found = super().get_readonly_fields(request, obj)
        return [*found, "user", "area", "starts_on"] if obj else found

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        fields = self.fields_of(form, change)
        if change:
            if fields.get("ends_on"):
                services.end_assignment(assignment=obj, actor=request.user, ends_on=fields["ends_on"])
            return
        ends_on = fields.pop("ends_on", None)
        row = services.assign_district(actor=request.user, **fields)
        if ends_on:
            services.end_assignment(assignment=row, actor=request.user, ends_on=ends_on)
        obj.pk = row.pk

    @admin.action(description=_("End the chosen assignments today"))
    @asks_first(_("Each officer stops looking after the district today, and sees its businesses no more."))
    def end_today(self, request: HttpRequest) -> Step:
        def end(row: DistrictAssignment) -> None:
            refuse_if(row.ends_on is not None, ENDS_ALREADY)
            services.end_assignment(assignment=row, actor=request.user)

        return Step(
            end, lambda n: ngettext("%(n)s assignment ended.", "%(n)s assignments ended.", n) % {"n": n}
        )


@admin.register(ImportMapping)
class ImportMappingAdmin(ReadOnlyAdmin):
    list_display = ("label", "key", "updated_at", "updated_by_name")
    search_fields = ("label", "key")


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "kind", "preset", "at", "by_name", "taken_back_at")
    list_filter = ("kind",)
    search_fields = ("file_name",)
    exclude = ("report",)
    readonly_fields = ("what_came_of_it",)

    @admin.display(description=_("report"))
    def what_came_of_it(self, row: ImportBatch) -> str:
        """As the page of its job shows it; of areas, name by name."""
        if row.kind == "businesses":
            return render_to_string("businesses/import_report.html", {"result": row.report})
        facts = ((name.replace("_", " "), value) for name, value in row.report.items())
        return format_html_join("", "<p>{}: {}</p>", facts)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return ImportBatch.objects.all()
