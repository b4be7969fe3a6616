"""The wizard's forms over a business and a profile. They check and keep; `services` write."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.mailboxes import MailboxFormField
from core.names import NameFormField
from core.pages import edit
from core.pages.edit import VersionedModelForm
from core.pages.forms import OneTimeFormMixin, OwnWords
from core.postal import StateFormField, ZipFormField, check_zip
from partnerships.businesses.forms import IndustryField
from partnerships.businesses.models import Business
from partnerships.businesses.phones import parse
from partnerships.vetting.choices import Offer
from partnerships.vetting.fields import MONEY, YOUTH, places_of
from partnerships.vetting.models import Application

CONNECTED = _("Tell us how you are connected to the business.")
PHONE_WRONG = _("Write a phone number with its area code, such as 312 555 0134.")


def check_phone(typed: str) -> str:
    """The number as typed; the service writes it in one form.

    Raises:
        ValidationError: it can't be a phone number.
    """
    if typed and parse(typed) is None:
        raise forms.ValidationError(PHONE_WRONG)
    return typed


class PartForm(VersionedModelForm):
    """A form over some parts of an application; stale when one of these changed, not when others did.

    Args:
        complete: `False` where someone finishes later: then nothing has to be filled in yet.
    """

    class Meta:
        model = Application
        fields: list[str] = []

    def __init__(self, *args: Any, complete: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complete = complete

    def full_clean(self) -> None:
        # Only while it is read: a field that has to be filled in later is not called optional on the page.
        waived = [] if self.complete else [each for each in self.fields.values() if each.required]
        for each in waived:
            each.required = False
        super().full_clean()
        for each in waived:
            each.required = True

    @property
    def can_be_kept(self) -> bool:
        """Whether what is right on it may be saved although something else is wrong."""
        return self.is_bound and self.conflict is None and edit.refusal_of(self) is None

    def who(self, row: Model) -> str:
        return ""  # The last one to touch the row may be an officer, which is not the owner's to know.

    def sentence(self, row: Model) -> str:
        return _t(
            "This was changed in the meantime, in another window or by a colleague. Your text is kept below. "
            "Compare the two versions, then save once more to replace what is there."
        )


class ClaimForm(OwnWords):
    """How the claimant is connected to the business."""

    required_words: ClassVar[dict[str, Any]] = {"note": CONNECTED}

    note = forms.CharField(
        label=_("How are you connected to this business?"),
        help_text=_("For example: I am the owner, or I manage the store. An officer checks it with you."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AddBusinessForm(OneTimeFormMixin, OwnWords):
    """A business that is not in the registry yet. Sent twice, it adds one."""

    required_words: ClassVar[dict[str, Any]] = {
        "name": _("Tell us the name of the business."),
        "street": _("Tell us the street and number."),
        "city": _("Tell us the city."),
        "state": _("Tell us the state."),
        "postal_code": _("Tell us the ZIP code."),
        "note": CONNECTED,
    }

    name = NameFormField(
        label=_("Name of the business"), max_length=200, help_text=_("As customers know it.")
    )
    street = forms.CharField(
        label=_("Street address"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    city = forms.CharField(
        label=_("City"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "address-level2"})
    )
    state = StateFormField(
        label=_("State"),
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
        help_text=_("Such as IL or Illinois."),
    )
    postal_code = ZipFormField(
        label=_("ZIP code"),
        validators=[check_zip],
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    phone = forms.CharField(
        label=_("Phone of the business"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    note = forms.CharField(
        label=_("How are you connected to this business?"),
        help_text=_("For example: I am the owner, or I manage the store. An officer checks it with you."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    sure = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"])


class ProfileForm(OwnWords, PartForm):
    """Who applies, what they hope for and what they can offer."""

    required_words: ClassVar[dict[str, Any]] = {
        "contact_name": _("Tell us your name."),
        "contact_role": _("Tell us your role."),
        "contact_phone": _("Tell us the phone number we can call."),
        "hopes": _("Tell us what you hope for."),
        "offers": _("Tell us what you can offer."),
        "sites": _("Choose at least one place."),
    }

    offer_kinds = forms.MultipleChoiceField(
        label=_("What could you share?"),
        help_text=_("Tick what fits. Money is not asked for and never counts."),
        choices=Offer.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    sites = forms.ModelMultipleChoiceField(
        label=_("Which places is this for?"),
        queryset=Business.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Application
        fields = (
            "contact_name", "contact_role", "contact_phone", "contact_email", "industry", "languages",
            "hopes", "offer_kinds", "offers", "involves_youth", "involves_money",
        )  # fmt: skip
        field_classes = {
            "contact_name": NameFormField,
            "contact_email": MailboxFormField,
            "industry": IndustryField,
        }
        labels = {
            "contact_email": _("Email"),
            "hopes": _("What do you hope for?"),
            "offers": _("What can you offer to the community?"),
            "involves_youth": YOUTH,
            "involves_money": MONEY,
        }
        help_texts = {
            "contact_role": _("Such as owner or store manager."),
            "contact_phone": _("An officer calls this number to arrange a visit."),
            "contact_email": _("Leave it empty if there is none. We call and bring letters then."),
            "languages": _("Such as English and Vietnamese."),
            "hopes": _("Such as advice on lighting, training for staff, or getting to know your officer."),
            "offers": _("Who would do it, and when? A small offer that you can keep is best."),
            "involves_youth": _("Then two officers look at your application."),
            "involves_money": _(
                "Then two officers look at your application. It counts neither for nor against you."
            ),
        }  # fmt: skip
        widgets = {
            "contact_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "contact_role": forms.TextInput(attrs={"autocomplete": "organization-title"}),
            "contact_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "contact_email": forms.EmailInput(attrs={"autocomplete": "email"}),
            "hopes": forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
            "offers": forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        }

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.instance
        industry: Any = self.fields["industry"]
        industry.offer(user, application.industry_id, empty=_("Not chosen"))
        if application.applicant_id:
            del self.fields["contact_email"]
        places = places_of(application)
        if places.count() > 1:
            field: Any = self.fields["sites"]
            field.queryset = places
            field.label_from_instance = lambda site: f"{site.name}, {site.address}"
            field.initial = list(application.sites.values_list("pk", flat=True))
        else:
            del self.fields["sites"]
        for name in ("contact_name", "contact_role", "contact_phone", "hopes", "offers", "sites"):
            if name in self.fields:
                self.fields[name].required = True

    def clean_contact_phone(self) -> str:
        return check_phone(self.cleaned_data["contact_phone"])


class DeclarationForm(OwnWords, PartForm):
    """The three statements; an owner before an officer also types their name."""

    required_words: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("declared_true", "declared_response", "declared_records"), _("Tick this to go on.")),
        "confirmed_name": _("Type the name of the owner."),
    }

    class Meta:
        model = Application
        fields = ("declared_true", "declared_response", "declared_records", "confirmed_name")
        field_classes = {"confirmed_name": NameFormField}
        labels = {
            "declared_true": _("What I wrote is true, as far as I know."),
            "declared_response": _("I understand that being a partner never changes how police respond."),
            "declared_records": _("I understand that what I wrote may become a public record."),
            "confirmed_name": _("Your name"),
        }
        help_texts = {"confirmed_name": _("The owner types it, on the officer’s phone.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("declared_true", "declared_response", "declared_records"):
            self.fields[name].required = True
        if self.instance.applicant_id:
            del self.fields["confirmed_name"]
        else:
            self.fields["confirmed_name"].required = True
