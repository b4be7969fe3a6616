"""Forms of the registry. Every choice is scoped to what the user may see."""

from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.access import visible
from core.files import FileRefusedError, check_table
from core.pages.components import DateInput
from core.pages.edit import Versioned, VersionedModelForm
from core.pages.forms import OneLineField, OneTimeFormMixin
from core.roles import WRITERS

from . import phones
from .jobs import preset_choices
from .models import Area, Business, Claim, Contact, Industry, MemberRole, Membership, Organization
from .services import BUSINESS_FIELDS, CONTACT_FIELDS, ORGANIZATION_FIELDS, PROFILE_FIELDS

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
    """Industry groups by sector, and whatever finer one is set already."""

    def label_from_instance(self, obj: Industry) -> str:
        return obj.short


class AreaField(forms.ModelChoiceField):
    """Areas as "District 19, beat 1925"."""

    def label_from_instance(self, obj: Area) -> str:
        return obj.in_full


def industry_choices(user: Any, present: int | None) -> Any:
    """Industry groups, and the present industry when it is finer."""
    rows: Any = visible(Industry, user)
    return rows.filter(Q(pk__in=rows.groups().values("pk")) | Q(pk=present)).order_by("title")


def website_field() -> forms.URLField:
    """A web address; "shop.example" is taken for "https://shop.example"."""
    return forms.URLField(
        label=_("Website"),
        required=False,
        max_length=300,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )


class BusinessForm(PhoneMixin, VersionedModelForm):
    """A place of business, at the desk."""

    # What stands in no group comes first.
    GROUPS = (
        (
            _("Where it is"),
            ("street", "city", "state", "postal_code", "latitude", "longitude", "area"),
        ),
        (_("How to reach it"), ("phone", "website", "email_on_record")),
        (_("Open"), ("opened_on", "closed_on")),
    )

    website = website_field()

    class Meta:
        model = Business
        fields = tuple(name for name in BUSINESS_FIELDS if name != "site_number")  # the license says it
        error_messages = NAME_WANTED
        field_classes = {"name": OneLineField, "industry": IndustryField, "area": AreaField}
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "description": forms.Textarea(attrs={"rows": 3}),
            "street": forms.TextInput(attrs={"autocomplete": "off"}),
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
        field(self, "industry").queryset = industry_choices(user, self.instance.industry_id)
        field(self, "industry").empty_label = _("Not known")
        field(self, "area").empty_label = _("Not placed")
        field(self, "area").queryset = (
            visible(Area, user)
            .filter(Q(pk__in=Area.objects.current().values("pk")) | Q(pk=self.instance.area_id))
            .exclude(kind="neighborhood")
            .select_related("parent")
            .order_by("parent__code", "code")
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

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()


class NewBusinessForm(OneTimeFormMixin, BusinessForm):
    """A place of business that is not in the registry yet, and its organization. Sent twice, it adds one."""

    legal_name = forms.CharField(
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
        field_classes = {"name": OneLineField, "industry": IndustryField}
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
        field(self, "industry").queryset = industry_choices(user, self.instance.industry_id)
        field(self, "industry").empty_label = _("Not known")


class OfficerField(forms.ModelChoiceField):
    """Officers and supervisors by name."""

    def label_from_instance(self, obj: User) -> str:
        return obj.display_name


class OrganizationForm(VersionedModelForm):
    """An organization, at the desk."""

    class Meta:
        model = Organization
        fields = tuple(
            name for name in ORGANIZATION_FIELDS if name != "account_number"
        )  # the license says it
        error_messages = NAME_WANTED
        field_classes = {"name": OneLineField, "lead_officer": OfficerField}
        help_texts = {
            "lead_officer": _("Sees every place of business of this organization, wherever it is."),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = visible(User, user).filter(role__in=WRITERS)
        field(self, "lead_officer").queryset = officers.filter(
            Q(is_active=True) | Q(pk=self.instance.lead_officer_id)
        ).order_by("full_name")


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


class ContactForm(PhoneMixin, VersionedModelForm):
    """Someone to ask for."""

    class Meta:
        model = Contact
        fields = CONTACT_FIELDS
        error_messages = NAME_WANTED
        field_classes = {"name": OneLineField, "business": SiteField}
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


class RefuseClaimForm(forms.Form):
    """Why a claim is refused."""

    reason = forms.CharField(
        label=_("Reason, sent to the claimant"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Say what would help: a document, a call from the number on record."),
        error_messages={"required": _("Write the reason. The claimant gets it by mail.")},
    )


class VerifyClaimForm(forms.Form):
    """How far a verified claim goes."""

    METHODS = (
        ("visit", _("I met them at the business")),
        ("license", _("They showed the license")),
        ("call", _("I called the number on record")),
        ("other", _("Another way")),
    )

    method = forms.ChoiceField(
        label=_("How did you verify it?"),
        choices=METHODS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how you verified it.")},
    )
    reach = forms.ChoiceField(
        label=_("They speak for"),
        choices=(("site", ""), ("all", "")),
        widget=forms.RadioSelect,
        initial="site",
        error_messages={"required": _("Choose what they speak for.")},
    )

    def __init__(self, *args: Any, claim: Claim, sites: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sites == 1:
            del self.fields["reach"]
        else:
            field(self, "reach").choices = [
                ("site", _("This place of business only")),
                (
                    "all",
                    _("All %(count)s places of %(name)s")
                    % {"count": sites, "name": claim.business.organization.name},
                ),
            ]

    @property
    def all_sites(self) -> bool:
        """Whether the claimant becomes an owner for every place."""
        return "reach" not in self.fields or self.cleaned_data["reach"] == "all"


class MemberForm(Versioned):
    """What a colleague may do, and where."""

    refusals: ClassVar[dict[str, str]] = {"last_owner": "role"}

    role = forms.ChoiceField(
        label=_("Role"),
        choices=(
            (MemberRole.STAFF, _("Staff: keep the profile true, register for events")),
            (MemberRole.OWNER, _("Owner: also apply, sign and manage people")),
        ),
        widget=forms.RadioSelect,
        initial=MemberRole.STAFF,
        error_messages={"required": _("Choose a role.")},
    )
    reach = forms.ChoiceField(
        label=_("Which places?"),
        choices=(("all", _("All places of business, also new ones")), ("some", _("Only these:"))),
        widget=forms.RadioSelect,
        initial="all",
        error_messages={"required": _("Choose which places.")},
    )
    sites = SitesField(
        label=_("Places of business"),
        queryset=Business.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        user: Any,
        organization: Organization,
        membership: Membership | None = None,
        **kwargs: Any,
    ) -> None:
        self.membership = membership
        if membership is not None:
            kwargs.setdefault("initial", {}).update(self._facts(membership))
        super().__init__(*args, **kwargs)
        sites = visible(Business, user).filter(organization=organization).order_by("name", "pk")
        field(self, "sites").queryset = sites
        if sites.count() < 2:
            del self.fields["reach"], self.fields["sites"]

    @property
    def row(self) -> Membership | None:
        return self.membership

    def said(self, row: Any) -> dict[str, Any]:
        return {name: value for name, value in self._facts(row).items() if name in self.fields}

    @staticmethod
    def _facts(membership: Membership) -> dict[str, Any]:
        return {
            "role": membership.role,
            "reach": "all" if membership.all_sites else "some",
            "sites": [site.pk for site in membership.sites.all()],
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reach") == "some" and not cleaned.get("sites"):
            self.add_error("sites", _("Choose at least one place of business."))
        return cleaned

    @property
    def chosen_sites(self) -> list[Business] | None:
        """The chosen places, or `None` for all."""
        return list(self.cleaned_data["sites"]) if self.cleaned_data.get("reach") == "some" else None


class InviteForm(OneTimeFormMixin, MemberForm):
    """A colleague to be invited. Sent twice, it invites once: a second mail ends the first link."""

    email = forms.EmailField(
        label=_("Email address"),
        help_text=_("They sign in with this address; the invitation works for no other."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Write your colleague’s email address.")},
    )
    field_order = ("email", "role", "reach", "sites")


class ListingForm(forms.Form):
    """Consent to be in the public directory."""

    agree = forms.BooleanField(label="")

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agree"].label = wording
        self.fields["agree"].error_messages["required"] = _("Tick the box if you agree.")


class NothingForm(OneTimeFormMixin, forms.Form):
    """Nothing but the key that makes a step once."""


class ImportForm(OneTimeFormMixin, forms.Form):
    """A license file, and how to read it."""

    file = forms.FileField(
        label=_("License file"),
        help_text=_("A table in text (CSV) with a line of column names, at most 200 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    preset = forms.ChoiceField(
        label=_("How to read it"),
        choices=preset_choices,
        error_messages={"required": _("Choose how to read the file.")},
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            upload.name = check_table(upload)
        except FileRefusedError as refused:
            raise ValidationError(str(refused), code="file") from None
        return upload
