"""Fields that several forms of this room ask for."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.links import WebFormField
from partnerships.businesses import phones
from partnerships.businesses.models import Area, Business

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
