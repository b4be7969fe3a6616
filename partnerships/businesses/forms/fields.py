"""Fields that several forms of this room ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import visible
from core.links import WebFormField
from core.pages.choices import CommonFirst
from partnerships.businesses import phones
from partnerships.businesses.industries import common_groups
from partnerships.businesses.models import Area, Business, Industry

NOT_A_PHONE = _("This is not a phone number. Write it like (312) 555-0134.")


def clean_phone(typed: str) -> str:
    """A phone number in one spelling.

    Raises:
        ValidationError: it can't be one.
    """
    if typed and phones.parse(typed) is None:
        raise ValidationError(NOT_A_PHONE)
    return phones.in_one_form(typed)


KIND_WANTED = {"required": _("Choose a kind.")}
NAME_WANTED = {"name": {"required": _("Write the name.")}, "kind": KIND_WANTED}


def field(form: forms.BaseForm, name: str) -> Any:
    """A field of a form, whose choices are to be set."""
    return form.fields[name]


class PhoneMixin:
    """Forms with a `phone`."""

    cleaned_data: dict[str, Any]

    def clean_phone(self) -> str:
        return clean_phone(self.cleaned_data["phone"])


class IndustryField(forms.ModelChoiceField):
    """Industry groups, those that the registry holds most of first, and whatever finer one is set already."""

    widget = CommonFirst(another=_("Another kind of business"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid_choice"] = _("Choose the kind of business from the list.")

    def offer(self, user: Any, present: int | None, *, empty: Any) -> None:
        """Set what can be chosen.

        Args:
            user: who chooses.
            present: the industry that is set, which stands among the first.
            empty: what no industry is called.
        """
        rows: Any = visible(Industry, user)
        self.queryset = rows.filter(Q(pk__in=rows.groups().values("pk")) | Q(pk=present))
        found = sorted(self.queryset, key=lambda each: each.title.casefold())
        by_code = {each.code: str(each.pk) for each in found}
        first = [by_code[code] for code in common_groups() if code in by_code]
        if present and str(present) not in first:
            first.insert(0, str(present))
        self.widget.first = first
        self.empty_label = empty
        self.choices = [("", empty), *((each.pk, self.label_from_instance(each)) for each in found)]

    def label_from_instance(self, obj: Industry) -> str:
        return obj.short


class AreaField(forms.ModelChoiceField):
    """Areas as "District 19, beat 1925"."""

    def label_from_instance(self, obj: Area) -> str:
        return obj.in_full


def website_field() -> WebFormField:
    """A web address; "shop.example" is taken for "https://shop.example"."""
    return WebFormField(
        label=_("Website"),
        required=False,
        max_length=300,
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )


class OfficerField(forms.ModelChoiceField):
    """Officers and supervisors by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.display_name


class PeopleField(forms.ModelMultipleChoiceField):
    """People by name and address."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.display_name}, {obj.email}"


class SiteField(forms.ModelChoiceField):
    """Places of business by name and street."""

    def label_from_instance(self, obj: Business) -> str:
        return site_label(obj)


class SitesField(forms.ModelMultipleChoiceField):
    """The same, several of them."""

    def label_from_instance(self, obj: Business) -> str:
        return site_label(obj)


def site_label(site: Business) -> str:
    """A place of business among the others of its organization."""
    return f"{site.name}, {site.street}" if site.street else site.name
