"""Forms. They check the shape of what is typed; the rules are in the services."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.pages.components import DateInput, DateTimeInput
from core.pages.edit import VersionedModelForm
from core.pages.forms import OneLineField, OneTimeFormMixin
from partnerships.businesses.forms import AreaField
from partnerships.businesses.models import Area, Business

from . import guards, rules
from .models import Event
from .services import EDITABLE

PARTY_HINT = _("How many people come, you included.")
HELP_HINT = _("Such as sign-language interpreting, a seat near the front, or step-free access.")


# What a mail reader would turn into a link.
WEB_ADDRESS = re.compile(
    r"[/@]|\bwww\.|\b[\w-]+\.(?:com|net|org|info|biz|io|co|us|me|ru|cn|top|xyz|site|link|online|shop|app|dev|example)\b",
    re.IGNORECASE,
)


class EventForm(OneTimeFormMixin, VersionedModelForm):
    """Everything the desk writes about an event."""

    class Meta:
        model = Event
        fields = EDITABLE
        field_classes = {"title": OneLineField, "area": AreaField}
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6, "maxlength": 5000}),
            "directions": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
            "accessibility": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
            "starts_at": DateTimeInput(),
            "ends_at": DateTimeInput(),
            "accommodation_by": DateInput(),
            "registration": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "capacity": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
            "party_limit": forms.NumberInput(attrs={"inputmode": "numeric", "min": 1, "max": 50}),
        }

    # Legend and fields, in the order of the page.
    GROUPS = (
        (_("What"), ("title", "kind", "summary", "description")),
        (_("When"), ("starts_at", "ends_at")),
        (_("Where"), ("venue_name", "street", "city", "directions", "host", "area")),
        (_("Who comes"), ("audience", "registration", "capacity", "party_limit", "small_may_pass")),
        (_("Accessibility"), ("accessibility", "accommodation_by", "accommodation_contact")),
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hosts = visible(Business, user).filter(standing="partner")
        if self.instance.host_id:
            hosts = visible(Business, user).filter(standing="partner") | visible(Business, user).filter(
                pk=self.instance.host_id
            )
        host, area = self.fields["host"], self.fields["area"]
        assert isinstance(host, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        assert isinstance(area, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        host.queryset = hosts.distinct().order_by("name_key")
        host.empty_label = _t("None")
        host.help_text = _t("A partner in whose rooms it takes place.")
        known: Any = visible(Area, user)
        areas = known.current().exclude(kind="neighborhood")
        if self.instance.area_id:
            areas = areas | known.filter(pk=self.instance.area_id)
        area.queryset = areas.select_related("parent").order_by("-kind", "code_key")
        area.empty_label = _t("None: every officer sees it")
        self.fields["capacity"].required = False

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Legends with their bound fields, for the template."""
        return [(legend, [self[name] for name in names]) for legend, names in self.GROUPS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _t("The event must end after it starts."))
        deadline = cleaned.get("accommodation_by")
        if starts and deadline and deadline > timezone.localtime(starts).date():
            self.add_error("accommodation_by", _t("This day is after the event."))
        seats, largest = cleaned.get("capacity"), cleaned.get("party_limit")
        if seats and largest:
            cleaned["party_limit"] = min(seats, largest)
        return cleaned


class PartyForm(forms.Form):
    """How many come, and what they need."""

    refusals: ClassVar[dict[str, str]] = {"full": "party_size", "party_size": "party_size"}

    party_size = forms.IntegerField(
        label=_("People"), min_value=1, initial=1, help_text=PARTY_HINT,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip
    accommodation = forms.CharField(
        label=_("What do you need to take part?"),
        required=False,
        max_length=500,
        help_text=HELP_HINT,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
    )

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = forms.IntegerField(
            label=self.fields["party_size"].label,
            min_value=1,
            max_value=event.largest_party,
            initial=1,
            help_text=_t("You included. %(limit)s at most.") % {"limit": event.largest_party},
            error_messages={
                "max_value": _t("%(people)s at most.")
                % {"people": rules.people_in_words(event.largest_party)},
                "min_value": _t("1 person at least."),
            },
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        self.fields["party_size"] = limit


class RsvpForm(PartyForm):
    """A visitor's request for a place."""

    name = OneLineField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        help_text=_("We send a code to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
    )
    field_order = ("name", "email", "party_size", "accommodation")

    def clean_name(self) -> str:
        """No web address: this form mails to addresses that nobody has confirmed yet."""
        name = str(self.cleaned_data["name"])
        if WEB_ADDRESS.search(name):
            raise forms.ValidationError(_t("Write a name, without a web address."))
        return name

    def ask_key(self) -> str:
        """Which request this is, among those with the same address."""
        typed = self.cleaned_data
        return rules.ask_key(typed["name"], "", typed["party_size"], typed["accommodation"])


class CodeForm(forms.Form):
    """The code of the mail; the address as well where this browser does not know it."""

    email = forms.EmailField(
        label=_("Email"), widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits from the mail."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if email:
            self.fields["email"].widget = forms.HiddenInput()
            self.fields["email"].initial = email

    def clean_code(self) -> str:
        """Only the digits, however they were grouped."""
        return "".join(char for char in self.cleaned_data["code"] if char.isascii() and char.isdigit())


class PeopleForm(PartyForm):
    """Only how many people come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["accommodation"]


class BusinessPartyForm(PartyForm):
    """A member registers one of their businesses."""

    refusals: ClassVar[dict[str, str]] = {**PartyForm.refusals, "business_registered": "business"}

    business = forms.ModelChoiceField(queryset=Business.objects.none(), label=_("Business"), empty_label=None)
    field_order = ("business", "party_size", "accommodation")

    def __init__(self, *args: Any, user: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, event=event, **kwargs)
        field = self.fields["business"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        mine = list(visible(Business, user).select_related("organization").order_by("name_key"))
        refusals = {each: guards.may_register_business(event, each) for each in mine}
        self.not_partners = [each for each, why in refusals.items() if why == guards.PARTNERS_ONLY]
        fit = [each.pk for each in mine if each not in self.not_partners]
        field.queryset = visible(Business, user).filter(pk__in=fit).order_by("name_key")

    def leave_out(self, taken: set[int]) -> bool:
        """Offer only businesses that have no place yet; tells whether any is left."""
        field = self.fields["business"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type
        assert field.queryset is not None  # noqa: S101 - set above
        field.queryset = field.queryset.exclude(pk__in=taken)
        return field.queryset.exists()


class EnterForm(OneTimeFormMixin, PartyForm):
    """The desk enters someone who called."""

    refusals: ClassVar[dict[str, str]] = {**PartyForm.refusals, "already_registered": "email"}

    name = OneLineField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Email"), required=False, help_text=_("Without one, no mail goes out."))
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    field_order = ("name", "party_size", "email", "phone", "accommodation")

    def values(self) -> dict[str, Any]:
        """What was typed, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name != "form_key"}


class CancelForm(forms.Form):
    """Why an event is called off, for those who are told."""

    reason = forms.CharField(
        label=_("What should people know?"),
        required=False,
        max_length=300,
        help_text=_("This goes into the mail, as you write it."),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )


class CountForm(forms.Form):
    """How many people came.

    Args:
        label: what is counted.
    """

    count = forms.IntegerField(
        label=_("People"),
        min_value=0,
        max_value=100_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Write a number of people.")},
    )

    def __init__(self, *args: Any, label: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label:
            self.fields["count"].label = label
