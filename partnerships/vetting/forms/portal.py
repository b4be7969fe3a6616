"""The wizard's forms. They check and keep; `services` write."""

from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import visible
from core.pages.edit import VersionedModelForm
from core.pages.forms import OneTimeFormMixin, OwnWords
from partnerships.businesses.models import Business, Industry
from partnerships.businesses.phones import parse
from partnerships.vetting.choices import Offer
from partnerships.vetting.fields import ANSWER, EVIDENCE
from partnerships.vetting.models import ActionRequest, Application, SelectionCriterion

ACCEPTED = ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"
# Trades that most applicants belong to, by NAICS code (2022), in the order in which they are offered.
OFTEN_CHOSEN = (
    "7225", "4451", "8121", "4581", "4441", "8123", "6244", "8111", "7224", "4561", "4571", "6212",
)  # fmt: skip
CONNECTED = _("Tell us how you are connected to the business.")
ANSWER_EMPTY = _("Write a few words as an answer.")
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
    """A form over some parts of an application; stale when one of these changed, not when others did."""

    class Meta:
        model = Application
        fields: list[str] = []

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

    name = forms.CharField(
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
    state = forms.CharField(
        label=_("State"),
        max_length=2,
        widget=forms.TextInput(attrs={"autocomplete": "address-level1"}),
        help_text=_("Two letters, such as IL."),
    )
    postal_code = forms.RegexField(
        r"^\d{5}(-\d{4})?$",
        label=_("ZIP code"),
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
        error_messages={"invalid": _("Write five digits, such as 60657.")},
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

    def clean_state(self) -> str:
        return str(self.cleaned_data["state"]).upper()


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
        labels = {
            "contact_email": _("Email"),
            "industry": _("Kind of business"),
            "hopes": _("What do you hope for?"),
            "offers": _("What can you offer to the community?"),
            "involves_youth": _("We would like to work with people under 18"),
            "involves_money": _("Joint activities would raise or hold money"),
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

    def __init__(self, *args: Any, user: Any, complete: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application = self.instance
        self.fields["industry"].queryset = visible(Industry, user).groups()  # type: ignore[attr-defined]
        if (
            application.industry_id
            and not self.fields["industry"]
            .queryset.filter(  # type: ignore[attr-defined]
                pk=application.industry_id
            )
            .exists()
        ):
            self.fields["industry"].queryset |= Industry.objects.filter(pk=application.industry_id)  # type: ignore[attr-defined]
        self._offer_trades()
        if application.applicant_id:
            del self.fields["contact_email"]
        places: QuerySet[Business] = application.organization.sites.open().order_by("name_key", "pk")
        if places.count() > 1:
            field: Any = self.fields["sites"]
            field.queryset = places
            field.label_from_instance = lambda site: f"{site.name}, {site.address}"
            field.initial = list(application.sites.values_list("pk", flat=True))
        else:
            del self.fields["sites"]
        for name in ("contact_name", "contact_role", "contact_phone", "hopes", "offers", "sites"):
            if name in self.fields:
                self.fields[name].required = complete

    def _offer_trades(self) -> None:
        """The trades that most applicants belong to come first, all others by their title."""
        field: Any = self.fields["industry"]
        rows = {each.code: each for each in field.queryset}
        often = [rows.pop(code) for code in OFTEN_CHOSEN if code in rows]
        rest = sorted(rows.values(), key=lambda each: each.title.casefold())
        groups = ((_t("Often chosen"), often), (_t("All others"), rest))
        field.choices = [
            ("", field.empty_label or ""),
            *((label, [(each.pk, str(each)) for each in group]) for label, group in groups if group),
        ]

    def clean_contact_phone(self) -> str:
        return check_phone(self.cleaned_data["contact_phone"])


class EvidenceMixin(forms.Form):
    """A file and a link."""

    file = forms.FileField(
        label=_("Add a file"),
        help_text=_("A letter, a license, a photo. PDF, JPEG or PNG, up to 10 MB."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    link = forms.URLField(
        label=_("Or a link"),
        required=False,
        max_length=500,
        assume_scheme="https",
        error_messages={"invalid": _("Write a web address, such as https://example.org.")},
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )


class AnswerForm(OwnWords, EvidenceMixin, PartForm):
    """The answer on one criterion, with a file or a link."""

    required_words: ClassVar[dict[str, Any]] = {"text": ANSWER_EMPTY}

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 7, "maxlength": 4000}))
    field_order = ["version", "text", "file", "link"]

    def __init__(
        self, *args: Any, criterion: SelectionCriterion, complete: bool = True, **kwargs: Any
    ) -> None:
        self.criterion = criterion
        super().__init__(*args, **kwargs)
        self.fields["text"].label = criterion.question
        self.fields["text"].required = complete
        self.fields["text"].initial = self.said(self.instance)["text"]

    def said(self, row: Any) -> dict[str, Any]:
        answer = row.answers.filter(criterion=self.criterion).first()
        return {"text": answer.text if answer else ""}


class DeclarationForm(OwnWords, PartForm):
    """The three statements; an owner before an officer also types their name."""

    required_words: ClassVar[dict[str, Any]] = {
        **dict.fromkeys(("declared_true", "declared_response", "declared_records"), _("Tick this to go on.")),
        "confirmed_name": _("Type the name of the owner."),
    }

    class Meta:
        model = Application
        fields = ("declared_true", "declared_response", "declared_records", "confirmed_name")
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


class RequestForm(PartForm):
    """Only what the department asked for."""

    def __init__(
        self, *args: Any, request: ActionRequest, user: Any, complete: bool = True, **kwargs: Any
    ) -> None:
        self.request = request
        self.criteria = {each.code: each for each in kwargs["instance"].criteria_version.criteria.all()}
        self.asked = list(request.fields)
        super().__init__(*args, **kwargs)
        profile = ProfileForm(instance=self.instance, user=user)
        answers = self._answers(self.instance)
        for key in self.asked:
            if key in profile.fields:
                if key == "offers":
                    self.fields["offer_kinds"] = profile.fields["offer_kinds"]
                    self.fields["offer_kinds"].initial = self.instance.offer_kinds
                field = profile.fields[key]
                field.required = field.required and complete
                field.initial = getattr(self.instance, f"{key}_id" if key == "industry" else key)
                self.fields[key] = field
            elif key.startswith(ANSWER):
                criterion = self.criteria[key.removeprefix(ANSWER)]
                self.fields[key] = forms.CharField(
                    label=criterion.question,
                    help_text=criterion.guidance,
                    max_length=4000,
                    required=complete,
                    initial=answers[key],
                    error_messages={"required": ANSWER_EMPTY},
                    widget=forms.Textarea(attrs={"rows": 6, "maxlength": 4000}),
                )
        for key in self.asked:
            if key.startswith(EVIDENCE):
                self._add_evidence(key.removeprefix(EVIDENCE))

    def _add_evidence(self, code: str) -> None:
        title = self.criteria[code].title
        parts = EvidenceMixin().fields
        parts["file"].label = _("Add a file: %(title)s") % {"title": title}
        self.fields[f"file:{code}"], self.fields[f"link:{code}"] = parts["file"], parts["link"]

    def said(self, row: Any) -> dict[str, Any]:
        return {**super().said(row), **self._answers(row)}

    def _answers(self, row: Application) -> dict[str, str]:
        """The answers among what was asked, as they stand."""
        said = dict(row.answers.values_list("criterion__code", "text"))
        asked = [key for key in self.asked if key.startswith(ANSWER)]
        return {key: said.get(key.removeprefix(ANSWER), "") for key in asked}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "contact_phone" in cleaned:
            try:
                check_phone(cleaned["contact_phone"])
            except forms.ValidationError as error:
                self.add_error("contact_phone", error)
        return cleaned

    @property
    def profile(self) -> dict[str, Any]:
        """The profile fields among what was asked."""
        return {
            name: value for name, value in self.cleaned_data.items() if ":" not in name and name != "version"
        }

    @property
    def answers(self) -> dict[str, str]:
        """The answers among what was asked, by criterion code."""
        return {
            name.removeprefix(ANSWER): value
            for name, value in self.cleaned_data.items()
            if name.startswith(ANSWER)
        }

    @property
    def additions(self) -> list[tuple[SelectionCriterion, Any, str]]:
        """Files and links to add: criterion, upload or nothing, address or nothing."""
        return [
            (
                self.criteria[code],
                self.cleaned_data.get(f"file:{code}"),
                self.cleaned_data.get(f"link:{code}", ""),
            )
            for code in (key.removeprefix(EVIDENCE) for key in self.asked if key.startswith(EVIDENCE))
        ]


class AppealForm(OwnWords):
    """Why the owner thinks the decision is wrong."""

    required_words: ClassVar[dict[str, Any]] = {"text": _("Tell us why you think the decision is wrong.")}

    text = forms.CharField(
        label=_("Why do you think the decision is wrong?"),
        help_text=_("A few sentences are enough. You can say what we missed or misunderstood."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 4000}),
    )
