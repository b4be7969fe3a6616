"""Forms. They check the shape of what is typed; the rules are in the services."""

import re
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.codes import CodeFormField
from core.mailboxes import MailboxFormField
from core.names import NameFormField
from core.pages.components import DateInput
from core.pages.edit import VersionedModelForm
from core.pages.forms import OneTimeFormMixin
from core.pages.moments import MomentField, MomentInput
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
        field_classes = {
            "title": NameFormField,
            "venue_name": NameFormField,
            "area": AreaField,
            "starts_at": MomentField,
            "ends_at": MomentField,
        }
        error_messages = {
            "title": {"required": _("Write what it is called.")},
            "kind": {"required": _("Choose what kind of event it is.")},
            "starts_at": {"required": _("Say when it starts.")},
            "ends_at": {"required": _("Say when it ends.")},
            "audience": {"required": _("Choose for whom it is.")},
            "registration": {"required": _("Choose how people register.")},
            "party_limit": {"required": _("Write how many may come together, 1 at least.")},
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6, "maxlength": 5000}),
            "directions": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
            "accessibility": forms.Textarea(attrs={"rows": 2, "maxlength": 500}),
            "starts_at": MomentInput(),
            "ends_at": MomentInput(),
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
        host.help_text = _t(
            "A partner in whose rooms it takes place. Leave place and address empty to take over theirs."
        )
        self.fields["venue_name"].required = not self.data.get(
            self.add_prefix("host")
        )  # else the host's name
        self.fields["venue_name"].error_messages["required"] = _t(
            "Write the place, or choose the host in whose rooms it is."
        )
        known: Any = visible(Area, user)
        areas = known.current().exclude(kind="neighborhood")
        if self.instance.area_id:
            areas = areas | known.filter(pk=self.instance.area_id)
        area.queryset = areas.select_related("parent").in_order()
        area.empty_label = _t("None: every officer sees it")
        if self.instance.pk is None:
            area.empty_label = _t("Where the host or the address is")
            area.help_text = _t(
                "The district or beat it belongs to. Where neither is known, every officer sees it."
            )
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

    def __init__(self, *args: Any, event: Event, at_desk: bool = False, **kwargs: Any) -> None:
        """`at_desk`: it is read by who enters someone, not by who comes."""
        super().__init__(*args, **kwargs)
        hint = _t("%(limit)s at most.") if at_desk else _t("You included. %(limit)s at most.")
        limit = forms.IntegerField(
            label=self.fields["party_size"].label,
            min_value=1,
            max_value=event.largest_party,
            initial=1,
            help_text=hint % {"limit": event.largest_party},
            error_messages={
                "max_value": _t("%(people)s at most.")
                % {"people": rules.people_in_words(event.largest_party)},
                "min_value": _t("1 person at least."),
                "required": _t("Write how many people come."),
            },
            widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        )
        self.fields["party_size"] = limit
        if at_desk and "accommodation" in self.fields:
            self.fields["accommodation"].label = _t("What do they need to take part?")


class RsvpForm(PartyForm):
    """A visitor's request for a place."""

    name = NameFormField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    email = MailboxFormField(
        label=_("Email"),
        max_length=254,
        help_text=_("We send a code to this address."),
        error_messages={"required": _("Write your email address.")},
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

    email = MailboxFormField(
        label=_("Email"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"required": _("Write your email address.")},
    )
    code = CodeFormField(
        lengths=(6,),
        label=_("Code"),
        help_text=_("Six digits from the mail."),
        error_messages={"required": _("Write the code from the mail.")},
    )

    def __init__(self, *args: Any, email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if email:
            self.fields["email"].widget = forms.HiddenInput()
            self.fields["email"].initial = email


class PeopleForm(PartyForm):
    """Only how many people come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["accommodation"]


class BusinessPartyForm(PartyForm):
    """A member registers one of their businesses."""

    refusals: ClassVar[dict[str, str]] = {**PartyForm.refusals, "business_registered": "business"}

    business = forms.ModelChoiceField(
        queryset=Business.objects.none(),
        label=_("Business"),
        empty_label=None,
        error_messages={"required": _("Choose a business.")},
    )
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

    name = NameFormField(label=_("Name"), max_length=120, error_messages={"required": _("Write who comes.")})
    email = MailboxFormField(label=_("Email"), required=False, help_text=_("Without one, no mail goes out."))
    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=40,
        help_text=_("Whoever has no email is called when the event moves, is off, or seats come free."),
    )
    field_order = ("name", "party_size", "email", "phone", "accommodation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, at_desk=True, **kwargs)

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
