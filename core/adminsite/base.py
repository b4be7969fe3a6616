"""Django admin under our own rules: the admin role, audited writes, statuses to look at only.

Every room registers its models in its `admin.py` with a subclass of `RegistryAdmin`. The stock admins of
other packages stay out, because Django's model permissions mean nothing here.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import NotRelationField, get_fields_from_path, unquote
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from core import audit, past, rooms
from core.access import Refusal, Refused, refusal
from core.pages import edit
from core.pages.moments import MomentField, MomentInput
from core.typed import kind_of

from .changelist import InNaturalOrder
from .history import lines, readable

ADMINISTER = "core.administer"


class AdminForm(edit.VersionedModelForm):
    """The form of every page that changes a row here: it carries the version of the row that was shown.

    Attributes:
        told: what the service refused of the same post; said where it belongs, with what was typed.
    """

    told: ClassVar[Refusal | None] = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.told is not None:
            edit.place(self, self.told)
        return cleaned


class AsEverywhere(admin.options.BaseModelAdmin):
    """Names, states and their like are asked for as on every other page."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if kind := kind_of(db_field):
            kwargs["form_class"] = kind.field
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RegistryAdmin(AsEverywhere, admin.ModelAdmin):
    """A model in the admin: the admin role sees and changes it, nobody adds or deletes unless it says so.

    Attributes:
        may_add, may_change, may_delete: what an admin may do here.
        locked_fields: fields to look at only, on top of every `status` and `standing` and of fields with a
            workflow: those change through services alone.
        history_of_all: whether the history of a row tells also of all that hangs on it.
        history_above: a foreign key to a row that is told of there as well.
        locked_behind: a foreign key to a row that every service locks before a row of this model.
    """

    form = AdminForm
    may_add = True
    may_change = True
    may_delete = False
    locked_fields: Sequence[str] = ()
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    view_on_site = False
    history_of_all = False
    history_above = ""
    locked_behind = ""

    LOCKED = ("status", "standing", "created_at", "updated_at", "updated_by_name")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may_add and administers(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and administers(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and administers(request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[InNaturalOrder]:
        return InNaturalOrder

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        """Texts are searched as everywhere else in the product, see `core.folding`.

        What asks for the whole ("=number") or names a lookup of its own stays as it is.
        """
        given = super().get_search_fields(request)
        return [f"{name}__finds" if self._is_text(name) else name for name in given]

    def _is_text(self, path: str) -> bool:
        try:
            field = get_fields_from_path(self.model, path)[-1]
        except (FieldDoesNotExist, NotRelationField):
            return False
        return field.get_lookup("finds") is not None

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        known = {field.name for field in self.model._meta.get_fields()}
        locked = [name for name in (*self.LOCKED, *self.locked_fields) if name in known]
        given = list(super().get_readonly_fields(request, obj))
        return [*given, *(name for name in locked if name not in given)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        # Hidden, and drawn by the page itself: no row of a fieldset.
        return [name for name in super().get_fields(request, obj) if name != "version"]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        told = getattr(request, "refused_by_service", None)
        return form if told is None else type(form.__name__, (form,), {"told": told})

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.DateTimeField):
            kwargs = {"form_class": MomentField, "widget": MomentInput, **kwargs}
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        rows = super().get_queryset(request)
        if hasattr(rows, "visible_to"):
            ordering = self.get_ordering(request)
            rows = rows.visible_to(request.user)
            return rows.order_by(*ordering) if ordering else rows
        return rows

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Save and audit. Where a room has a service for the change, its admin calls that instead."""
        if change and not form.changed_data:
            return
        if hasattr(obj, "stamp"):
            obj.stamp(request.user)
        obj.save()
        verb = "changed" if change else "added"
        label = f"{obj._meta.app_label}.{obj._meta.model_name}_{verb}"
        audit.record(label, obj, actor=request.user, changed=form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        audit.record(f"{obj._meta.app_label}.{obj._meta.model_name}_deleted", obj, actor=request.user)
        obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> None:
        for obj in queryset:
            self.delete_model(request, obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Rows on another row's page go on record like those that have a page of their own."""
        formset.save(commit=False)
        for row in formset.deleted_objects:
            self.delete_model(request, row)
        changed = [*((row, []) for row in formset.new_objects), *formset.changed_objects]
        for row, fields in changed:
            row.save()
            label = f"{row._meta.app_label}.{row._meta.model_name}_{'changed' if fields else 'added'}"
            audit.record(label, row, actor=request.user, changed=fields)
        formset.save_m2m()

    def get_urls(self) -> list[Any]:
        # Without a name there is only an old address that redirects.
        return [each for each in super().get_urls() if each.name]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        view = super().changelist_view
        return self._or_say_why(request, lambda: view(request, extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """A row's page. Two who save the same row: the second is shown both versions, and nothing is lost."""
        view = super().changeform_view
        if request.method != "POST":
            return view(request, object_id, form_url, extra_context)
        try:
            with transaction.atomic():
                self._lock(object_id)
                return view(request, object_id, form_url, extra_context)
        except Refused as refused:
            request.refused_by_service = refused.refusal  # type: ignore[attr-defined]  # read by `get_form`
            return view(request, object_id, form_url, extra_context)

    def _lock(self, object_id: str | None) -> None:
        """Let nobody else write the row between the look at its version and the save."""
        try:
            pk = self.opts.pk.to_python(unquote(object_id or ""))
        except ValidationError:
            return
        rows = self.model._base_manager.filter(pk=pk)
        if self.locked_behind:
            first: Any = self.model._meta.get_field(self.locked_behind).related_model
            list(first._base_manager.select_for_update().filter(pk__in=rows.values(self.locked_behind)))
        rows.select_for_update().first()

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """With the status of a form that was refused, as on every other page."""
        answer = super().render_change_form(request, context, *args, **kwargs)
        answer.status_code = edit.answer_of(context["adminform"].form)
        return answer

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        view = super().delete_view
        return self._or_say_why(request, lambda: view(request, object_id, extra_context))

    def _or_say_why(self, request: HttpRequest, view: Callable[[], Any]) -> Any:
        """A refused step leaves the admin on its page, with the reason."""
        try:
            return view()
        except Refused as refused:
            if request.method != "POST":
                raise
            self.message_user(request, str(refused), messages.ERROR)
            return redirect(request.get_full_path())

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What was done to a row and to what belongs to it, with old and new values; see `core.past`."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        found = (
            past.keys([row], above=self.history_above) if self.history_of_all else {type(row): {str(row.pk)}}
        )
        told = past.happenings(found, request.user)
        page = Paginator(told, self.list_per_page).get_page(request.GET.get("p"))
        query = urlencode({"target_type": self.opts.label_lower, "target_id": row.pk})
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %(row)s") % {"row": row},
            "opts": self.opts,
            "object": row,
            "page": page,
            "lines": lines(list(page), readable(self.admin_site, request)),
            "whole": self.history_of_all,
            "audit_url": f"{reverse('admin:core_auditentry_changelist')}?{query}",
        }
        return TemplateResponse(request, "admin/history.html", context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing: the audit is the one record, and it holds no text."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Nothing; see `log_addition`."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Nothing; see `log_addition`."""

    def each(
        self, request: HttpRequest, rows: Iterable[Any], act: Callable[[Any], Any], done: Callable[[int], str]
    ) -> None:
        """Call a service for each chosen row and tell what came of it: for admin actions.

        Args:
            request: the current request.
            rows: the chosen rows.
            act: calls the service for one row; may raise `Refused`.
            done: makes the sentence from the number of rows done.
        """
        count = 0
        for row in rows:
            try:
                act(row)
            except Refused as refused:
                self.message_user(request, f"{row}: {refused}", messages.ERROR)
            else:
                count += 1
        if count:
            self.message_user(request, done(count), messages.SUCCESS)


class ReadOnlyAdmin(RegistryAdmin):
    """History and mail: to look at, never to change."""

    may_add = False
    may_change = False
    may_delete = False


class SingletonAdmin(RegistryAdmin):
    """A model with one row: its list leads straight to it."""

    may_add = False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        row = self.model._default_manager.first() or self.model._default_manager.create(pk=1)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)


def administers(request: HttpRequest) -> bool:
    """Whether they may use the admin at all: it knows one role."""
    return refusal(request.user, ADMINISTER) is None


class RegistrySite(AdminSite):
    """The admin with the department's name, grouped by room, for the admin role only."""

    enable_nav_sidebar = True
    empty_value_display = "–"
    final_catch_all_view = False
    index_title = _("Administration")
    site_url = "/"

    @property
    def site_header(self) -> str:  # type: ignore[override]  # a setting of the department, not of the code
        from core.models import Department

        department = Department.current()
        return f"{department.name} · {department.product_name}"

    @property
    def site_title(self) -> str:  # type: ignore[override]  # as above
        from core.models import Department

        return Department.current().product_name

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Take our own admins; leave the stock ones of other packages out."""
        if admin_class is None or not issubclass(admin_class, RegistryAdmin):
            return
        super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        # "View on site" goes by content types, past the rules of what is visible.
        return [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Our own sign-in, with codes, limits and the second factor."""
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Our own page for it."""
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Our own page for it."""
        return redirect("account_settings")

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Django's first page, and beside it what does not run as it should."""
        from core import health

        parts = [each for each in health.checks() if each.level is not health.Level.OK]
        return super().index(request, {"parts": parts, **(extra_context or {})})

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        found = super().get_app_list(request, app_label)
        # From the bottom up, then the kernel; apps of others follow by name.
        upper = [room for room in rooms.names() if room.split(".")[0] != "core"]
        order = [*reversed(upper), *(room for room in rooms.names() if room not in upper)]
        rank = {rooms.label(room): place for place, room in enumerate(order)}
        return sorted(found, key=lambda app: (rank.get(app["app_label"], len(rank)), app["name"]))
