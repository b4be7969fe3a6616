"""Organizations, their places of business, and whom to ask there."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import visible
from core.folding import in_order
from core.mailboxes import MailboxFormField
from core.names import NameFormField
from core.pages.components import DateInput
from core.pages.edit import VersionedModelForm
from core.pages.forms import OneTimeFormMixin
from core.postal import StateFormField, ZipFormField
from core.roles import WRITERS
from partnerships.businesses.models import Area, Business, Contact, Organization
from partnerships.businesses.services import (
    BUSINESS_FIELDS,
    CONTACT_FIELDS,
    ORGANIZATION_FIELDS,
    PROFILE_FIELDS,
)

from .fields import (
    KIND_WANTED,
    NAME_WANTED,
    AreaField,
    OfficerField,
    PhoneMixin,
    SiteField,
    field,
    website_field,
)
from .kinds import IndustryField


class BusinessForm(PhoneMixin, VersionedModelForm):
    """A place of business, at the desk."""

    # What stands in no group comes first.
    GROUPS = (
        (
            _("Where it is"),
            (
                "street",
                "city",
                "state",
                "postal_code",
                "latitude",
                "longitude",
                "area",
                "home_based",
                "out_of_town",
            ),
        ),
        (_("How to reach it"), ("phone", "website", "email_on_record")),
        (_("Open"), ("opened_on", "closed_on")),
    )

    website = website_field()

    class Meta:
        model = Business
        fields = tuple(name for name in BUSINESS_FIELDS if name != "site_number")  # the license says it
        error_messages = NAME_WANTED
        field_classes = {
            "name": NameFormField,
            "industry": IndustryField,
            "area": AreaField,
            "state": StateFormField,
            "postal_code": ZipFormField,
            "email_on_record": MailboxFormField,
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "description": forms.Textarea(attrs={"rows": 3}),
            "street": forms.TextInput(attrs={"autocomplete": "off"}),
            "state": forms.TextInput(attrs={"autocomplete": "off"}),
            "postal_code": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            "latitude": forms.TextInput(attrs={"inputmode": "decimal"}),
            "longitude": forms.TextInput(attrs={"inputmode": "text"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "opened_on": DateInput(),
            "closed_on": DateInput(),
        }
        help_texts = {
            "latitude": _("In degrees, as 41.8781. A map website shows both numbers for a place you choose."),
            "longitude": _("In degrees, as -87.6298."),
            "area": _("Set by the position when there is one. Choose it only while the position is unknown."),
            "description": _("Shown in the public directory once the owner agrees to be listed."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "industry").offer(user, self.instance.industry_id, empty=_("Not known"))
        field(self, "area").empty_label = _("Not placed")
        areas: Any = visible(Area, user)
        field(self, "area").queryset = (
            areas.filter(Q(pk__in=Area.objects.current().values("pk")) | Q(pk=self.instance.area_id))
            .exclude(kind="neighborhood")
            .select_related("parent")
            .in_order()
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        grouped = [name for _legend, names in self.GROUPS for name in names]
        self.helper.layout = Layout(
            *(name for name in self.Meta.fields if name not in grouped),
            *(Fieldset(legend, *names) for legend, names in self.GROUPS),
            "version",
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "latitude" in cleaned and "longitude" in cleaned:
            half = (cleaned["latitude"] is None) != (cleaned["longitude"] is None)
            if half:
                missing = "latitude" if cleaned["latitude"] is None else "longitude"
                self.add_error(missing, _("A position needs both. Fill in this one too, or clear the other."))
        return cleaned


class NewBusinessForm(OneTimeFormMixin, BusinessForm):
    """A place of business that is not in the registry yet, and its organization. Sent twice, it adds one."""

    legal_name = NameFormField(
        label=_("Legal name"), max_length=200, required=False, help_text=_("When it differs from the name.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of organization"),
        choices=Organization.Kind.choices,
        initial=Organization.Kind.BUSINESS,
        error_messages=KIND_WANTED,
    )

    def __init__(self, *args: Any, organization: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if organization is not None:
            del self.fields["legal_name"], self.fields["kind"]
        else:
            self.helper.layout.fields[1:1] = ["legal_name", "kind"]
        self.helper.layout.append("form_key")


class ProfileForm(PhoneMixin, VersionedModelForm):
    """What an owner keeps true about a place of business."""

    website = website_field()

    class Meta:
        model = Business
        fields = PROFILE_FIELDS
        error_messages = NAME_WANTED
        field_classes = {"name": NameFormField, "industry": IndustryField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "description": forms.Textarea(attrs={"rows": 4}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }
        help_texts = {
            "description": _("Two or three sentences for your neighbors. No names of people."),
            "name": _("As your customers know it."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "industry").offer(user, self.instance.industry_id, empty=_("Not known"))


class OrganizationForm(VersionedModelForm):
    """An organization, at the desk."""

    class Meta:
        model = Organization
        fields = tuple(
            name for name in ORGANIZATION_FIELDS if name != "account_number"
        )  # the license says it
        error_messages = NAME_WANTED
        field_classes = {
            "name": NameFormField,
            "legal_name": NameFormField,
            "lead_officer": OfficerField,
        }
        help_texts = {"lead_officer": _("Sees every place of business of this organization, wherever it is.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = visible(User, user).filter(role__in=WRITERS)
        field(self, "lead_officer").queryset = officers.filter(
            Q(is_active=True) | Q(pk=self.instance.lead_officer_id)
        ).order_by(in_order("full_name"), "pk")


class ContactForm(PhoneMixin, VersionedModelForm):
    """Someone to ask for."""

    class Meta:
        model = Contact
        fields = CONTACT_FIELDS
        error_messages = NAME_WANTED
        field_classes = {"name": NameFormField, "email": MailboxFormField, "business": SiteField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "off"}),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        }

    def __init__(self, *args: Any, user: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field(self, "business").queryset = visible(Business, user).filter(organization=organization)
        field(self, "business").empty_label = _("All places of %(name)s") % {"name": organization.name}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("phone", _("Give a phone number or an email address."))
        return cleaned


class ListingForm(forms.Form):
    """Consent to be in the public directory.

    Args:
        wording: what is agreed to.
        leaving: the consent is taken back, for which nothing has to be ticked.
    """

    agree = forms.BooleanField(label="")

    def __init__(self, *args: Any, wording: str, leaving: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].required = not leaving
        self.fields["agree"].label = wording
        self.fields["agree"].error_messages["required"] = _("Tick the box if you agree.")


class NothingForm(OneTimeFormMixin, forms.Form):
    """Nothing but the key that makes a step once."""
