"""The desk's forms."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import clock
from core.access import visible
from core.folding import in_order
from core.mailboxes import MailboxFormField
from core.pages.components import DateInput
from core.pages.forms import OwnWords
from partnerships.vetting import permissions
from partnerships.vetting.choices import AskReason, DeclineReason, Outcomes, Track
from partnerships.vetting.fields import parts
from partnerships.vetting.guards import NO_REASON, NO_WAIVE_REASON
from partnerships.vetting.letters import NO_LETTER, PLACEHOLDER_LEFT, has_brackets
from partnerships.vetting.load import case_words, with_cases
from partnerships.vetting.models import Application, SelectionCriterion

MOST_CONDITIONS = 3


class AssistForm(forms.Form):
    """How the owner is reached when an officer starts an application for them."""

    contact_email = MailboxFormField(
        label=_("The owner’s email"),
        help_text=_("Leave it empty if there is none. The owner is told by phone and letter then."),
        required=False,
    )


class TrackForm(OwnWords):
    """Another track than the rule chose."""

    required_words: ClassVar[dict[str, Any]] = {
        "track": _("Choose a track."),
    }
    refusals: ClassVar[dict[str, str]] = {"rule_says_full": "track"}

    track = forms.ChoiceField(label=_("Track"), choices=Track.choices, widget=forms.RadioSelect)


class ReviewerForm(OwnWords):
    """One more reviewer, among those who may."""

    required_words: ClassVar[dict[str, Any]] = {
        "reviewer": _("Choose a reviewer."),
    }
    refusals: ClassVar[dict[str, str]] = dict.fromkeys(
        ("reviewed_before", "already_named", "decided_before", "not_a_reviewer_role"), "reviewer"
    )

    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"), queryset=User.objects.none(), empty_label=_("Choose a person")
    )

    def __init__(self, *args: Any, user: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = permissions.nameable(application, visible(User, user))
        field: Any = self.fields["reviewer"]
        field.queryset = with_cases(people).order_by(in_order("full_name"), "pk")
        field.label_from_instance = lambda person: (
            _("%(name)s · %(cases)s")
            % {
                "name": person.display_name,
                "cases": case_words(person.open_cases, person.to_review),
            }
        )


class VisitForm(OwnWords):
    """The day an officer saw the business."""

    required_words: ClassVar[dict[str, Any]] = {
        "visited_on": _("Choose the day of the visit."),
    }
    refusals: ClassVar[dict[str, str]] = {"future": "visited_on"}

    visited_on = forms.DateField(label=_("Day of the visit"), widget=DateInput)


class ConflictForm(OwnWords):
    """The conflict declaration: proceed or refer. No reason is asked for."""

    required_words: ClassVar[dict[str, Any]] = {
        "answer": _("Choose one of the two."),
    }

    answer = forms.ChoiceField(
        label=_("Your declaration"),
        choices=[
            ("proceed", _("I have no conflict of interest. I review it.")),
            ("refer", _("I refer it to someone else. I don’t have to say why.")),
        ],
        widget=forms.RadioSelect,
    )


class WaiveForm(OwnWords):
    """Why a condition is no longer asked for."""

    required_words: ClassVar[dict[str, Any]] = {"reason": NO_WAIVE_REASON.sentence}
    refusals: ClassVar[dict[str, str]] = {"no_waive_reason": "reason"}

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept with the application. The owner does not read it. May become a public record."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}),
    )


class AskForm(OwnWords):
    """What the owner is asked for: a reason, the exact fields, and a message."""

    required_words: ClassVar[dict[str, Any]] = {
        "reason": _("Choose a reason."),
        "fields_": _("Choose what you need."),
        "message": _("Write a message to the owner."),
    }

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *AskReason.choices])
    fields_ = forms.MultipleChoiceField(
        label=_("What do you need?"),
        help_text=_("The owner can change these and nothing else."),
        widget=forms.CheckboxSelectMultiple,
    )
    message = forms.CharField(
        label=_("Message to the owner"),
        help_text=_("Say what is missing and what would help. The owner reads it as you write it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": 2000}),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["fields_"]
        field.choices = [(part.key, part.label) for part in parts(application)]


class ReconcileForm(OwnWords):
    """The agreed score on one criterion."""

    required_words: ClassVar[dict[str, Any]] = {
        "value": _("Choose the score you agreed on."),
        "note": _("Write why you agreed on this score."),
    }
    refusals: ClassVar[dict[str, str]] = {"note_missing": "note"}

    value = forms.TypedChoiceField(label=_("Agreed score"), coerce=int, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Why this score"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, criterion: SelectionCriterion, **kwargs: Any) -> None:
        self.criterion = criterion
        kwargs["prefix"] = criterion.code
        super().__init__(*args, **kwargs)
        field: Any = self.fields["value"]
        field.choices = criterion.words


class DecisionForm(OwnWords):
    """The supervisor's decision; an approval with conditions has the fields of its conditions too."""

    required_words: ClassVar[dict[str, Any]] = {
        "outcome": _("Choose a decision."),
        "reason_codes": NO_REASON.sentence,
        "letter": NO_LETTER.sentence,
    }
    refusals: ClassVar[dict[str, str]] = {
        "no_reason": "reason_codes",
        "no_letter": "letter",
        "other_letter": "letter",
        "placeholder_left": "letter",
        "unmet_criteria": "override_reason",
        "below_threshold": "override_reason",
    }

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcomes.choices, widget=forms.HiddenInput)
    reason_codes = forms.MultipleChoiceField(
        label=_("Reasons"),
        help_text=_("The owner reads these words."),
        choices=DeclineReason.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    override_reason = forms.CharField(
        label=_("Reason for an override"),
        help_text=_(
            "Only to approve although a criterion or the total is not met. May become a public record."
        ),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 2000}),
    )
    letter = forms.CharField(
        label=_("Letter to the owner"),
        help_text=_("Sent as you write it. No scores and no names of reviewers."),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 12, "maxlength": 8000}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason_codes"].required = self["outcome"].value() == Outcomes.DECLINED
        if self["outcome"].value() == Outcomes.APPROVED_WITH_CONDITIONS:
            for number in range(MOST_CONDITIONS):
                self._add_condition(number)

    def _add_condition(self, number: int) -> None:
        """Its words and its day: needed in the first, and in another as soon as one of the two is given."""
        text, due_on = self._names(number)
        begun = any(self.data.get(self.add_prefix(name), "").strip() for name in (text, due_on))
        needed, words = number == 0 or begun, {"number": number + 1}
        self.fields[text] = forms.CharField(
            label=_("Condition %(number)s") % words,
            max_length=300,
            required=needed,
            error_messages={"required": _("Write what the partner has to do.")},
        )
        self.fields[due_on] = forms.DateField(
            label=_("Condition %(number)s, due") % words,
            widget=DateInput,
            required=needed,
            error_messages={"required": _("Choose the day by which it has to be done.")},
        )

    @staticmethod
    def _names(number: int) -> tuple[str, str]:
        return f"condition-{number}-text", f"condition-{number}-due_on"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if has_brackets(cleaned.get("letter", "")):
            self.add_error("letter", str(PLACEHOLDER_LEFT.sentence))
        for _text, due_on in map(self._names, range(MOST_CONDITIONS)):
            if cleaned.get(due_on) and cleaned[due_on] <= clock.today():
                self.add_error(due_on, _("The due date has to lie ahead."))
        return cleaned

    def condition_fields(self) -> list[tuple[BoundField, BoundField]]:
        """Words and day of each, for the page."""
        pairs = map(self._names, range(MOST_CONDITIONS))
        return [(self[text], self[due_on]) for text, due_on in pairs if text in self.fields]

    @property
    def conditions(self) -> list[tuple[str, date]]:
        """Those that were given, of a form that is whole."""
        pairs = (
            (self.cleaned_data.get(text), self.cleaned_data.get(due_on))
            for text, due_on in map(self._names, range(MOST_CONDITIONS))
        )
        return [(text, due_on) for text, due_on in pairs if text and due_on]
