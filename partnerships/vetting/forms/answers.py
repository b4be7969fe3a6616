"""The wizard's forms over answers and what shows them: text, files and links; and the appeal."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from core.links import WebFormField
from core.pages.forms import OwnWords
from partnerships.vetting.fields import ANSWER, EVIDENCE
from partnerships.vetting.models import ActionRequest, Application, SelectionCriterion

from .portal import PartForm, ProfileForm, check_phone

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif"
ANSWER_EMPTY = _("Write a few words as an answer.")


@dataclass(frozen=True)
class Addition:
    """The fields of a form in which a file and a link for a criterion stand."""

    criterion: SelectionCriterion
    file: str
    link: str


class EvidenceMixin(forms.Form):
    """A file and a link."""

    file = forms.FileField(
        label=_("Add a file"),
        help_text=_("A letter, a license, a photo. PDF, JPEG, PNG or HEIC, up to 10 MB."),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
    link = WebFormField(
        label=_("Or a link"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )


class AnswerForm(OwnWords, EvidenceMixin, PartForm):
    """The answer on one criterion, with a file or a link."""

    required_words: ClassVar[dict[str, Any]] = {"text": ANSWER_EMPTY}

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 7, "maxlength": 4000}))
    field_order = ["version", "text", "file", "link"]

    def __init__(self, *args: Any, criterion: SelectionCriterion, **kwargs: Any) -> None:
        self.criterion = criterion
        super().__init__(*args, **kwargs)
        self.fields["text"].label = criterion.question
        self.fields["text"].initial = self.said(self.instance)["text"]

    def said(self, row: Any) -> dict[str, Any]:
        answer = row.answers.filter(criterion=self.criterion).first()
        return {"text": answer.text if answer else ""}

    @property
    def additions(self) -> list[Addition]:
        """Where the file and the link stand."""
        return [Addition(self.criterion, "file", "link")]


class RequestForm(PartForm):
    """Only what the department asked for."""

    def __init__(self, *args: Any, request: ActionRequest, user: Any, **kwargs: Any) -> None:
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
                field.initial = getattr(self.instance, f"{key}_id" if key == "industry" else key)
                self.fields[key] = field
            elif key.startswith(ANSWER):
                criterion = self.criteria[key.removeprefix(ANSWER)]
                self.fields[key] = forms.CharField(
                    label=criterion.question,
                    help_text=criterion.guidance,
                    max_length=4000,
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
    def additions(self) -> list[Addition]:
        """Where files and links stand."""
        codes = (key.removeprefix(EVIDENCE) for key in self.asked if key.startswith(EVIDENCE))
        return [Addition(self.criteria[code], f"file:{code}", f"link:{code}") for code in codes]


class AppealForm(OwnWords):
    """Why the owner thinks the decision is wrong."""

    required_words: ClassVar[dict[str, Any]] = {"text": _("Tell us why you think the decision is wrong.")}

    text = forms.CharField(
        label=_("Why do you think the decision is wrong?"),
        help_text=_("A few sentences are enough. You can say what we missed or misunderstood."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": 4000}),
    )
