"""People and roles in Django admin; every change goes through `accounts.services`."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.actors import own_account
from core.access import Refusal
from core.adminsite.asking import Step, asks_first, refuse_if
from core.adminsite.base import RegistryAdmin

from . import second_factor, services
from .models import User

CLOSED = Refusal("closed", _("This account is closed already."))
NO_FACTOR = Refusal("no_factor", _("There is no second factor to take off."))


@admin.register(User)
class UserAdmin(RegistryAdmin):
    """Accounts. New people get no password: they sign in with a code mailed to their address."""

    list_display = ("email", "full_name", "title", "role", "is_active", "has_second_factor", "last_login")
    list_filter = ("role", "is_active")
    search_fields = ("search_text",)
    ordering = ("email",)
    locked_fields = ("is_active", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "full_name", "role")}),
        (
            _("At work"),
            {"fields": ("title", "badge_number", "phone", "shift", "languages_spoken", "language")},
        ),
        (_("Account"), {"fields": ("is_active", "has_second_factor", "last_login", "date_joined")}),
    )
    actions = ("deactivate", "reactivate", "reset_second_factor")

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "language":
            return forms.ChoiceField(label=_("Preferred language"), choices=settings.LANGUAGES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("second factor"), boolean=True)
    def has_second_factor(self, user: User) -> bool:
        """Whether an authenticator app is set up."""
        known: bool | None = getattr(user, "factor_is_set_up", None)
        return second_factor.is_set_up(user) if known is None else known

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.annotate(factor_is_set_up=second_factor.SET_UP)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = [*super().get_readonly_fields(request, obj), "has_second_factor"]
        if obj is not None:
            fields.append("email")  # people change it themselves, with a code to the new address
            if obj.pk == request.user.pk:
                fields.append("role")
        return fields

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        """Call the services: one for facts, one for the role."""
        values = {name: form.cleaned_data[name] for name in form.changed_data}
        actor = own_account(request.user)
        if not change:
            facts = {name: value for name, value in form.cleaned_data.items() if name in services.EDITABLE}
            name = facts.pop("full_name")
            made = services.add_user(email=obj.email, full_name=name, role=obj.role, actor=actor, **facts)
            obj.pk = made.pk
            obj._state.adding = False
            told = _("A mail tells %(address)s how to sign in.") % {"address": made.email}
            self.message_user(request, told, messages.SUCCESS)
            return
        facts = {name: value for name, value in values.items() if name in services.EDITABLE}
        services.update_user(user=obj, changes=facts, actor=actor)
        if "role" in values:
            services.set_role(user=obj, role=values["role"], actor=actor)

    @admin.action(description=_("Close the chosen accounts"))
    @asks_first(_("They are signed out at once and can’t sign in any more."))
    def deactivate(self, request: HttpRequest) -> Step:
        """They can't sign in, and are out with their next click."""
        actor = own_account(request.user)

        def close(user: User) -> None:
            refuse_if(not user.is_active, CLOSED)
            services.deactivate_user(user=user, actor=actor)

        return Step(
            close, lambda n: ngettext("%(n)s account closed.", "%(n)s accounts closed.", n) % {"n": n}
        )

    @admin.action(description=_("Open the chosen accounts again"))
    def reactivate(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """They can sign in again."""
        if not (queryset := queryset.filter(is_active=False)):
            self.message_user(request, _("No chosen account is closed."), messages.WARNING)
            return
        actor = own_account(request.user)
        self.each(
            request,
            queryset,
            lambda user: services.reactivate_user(user=user, actor=actor),
            lambda n: ngettext("%(n)s account opened.", "%(n)s accounts opened.", n) % {"n": n},
        )

    @admin.action(description=_("Take off a lost second factor"))
    @asks_first(
        _(
            "Each of them sets up a new authenticator app at the next sign-in. Call each of them "
            "first: whoever asks for this may be somebody else."
        )
    )
    def reset_second_factor(self, request: HttpRequest) -> Step:
        """They set up a new authenticator app at the next sign-in."""
        actor = own_account(request.user)

        def take_off(user: User) -> None:
            refuse_if(not Authenticator.objects.filter(user=user).exists(), NO_FACTOR)
            services.reset_second_factor(user=user, actor=actor)

        return Step(
            take_off,
            lambda n: ngettext("%(n)s second factor removed.", "%(n)s second factors removed.", n) % {"n": n},
        )
