"""The reviewer's form: a score and its reason for each criterion."""

from typing import Any

from django import forms
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _t

from core.pages.edit import Versioned
from partnerships.vetting import rules
from partnerships.vetting.judgement import note_of, score_of
from partnerships.vetting.models import Review, SelectionCriterion


class ReviewForm(Versioned):
    """All scores of one review. An older page, sent once more, never writes over what was saved since.

    Args:
        review: the reviewer's own.
    """

    def __init__(self, *args: Any, review: Review, **kwargs: Any) -> None:
        self.review = review
        self.criteria: list[SelectionCriterion] = list(review.application.criteria_version.criteria.all())
        super().__init__(*args, auto_id="%s", **kwargs)
        for each in self.criteria:
            self.fields[score_of(each.code)] = forms.TypedChoiceField(
                label=each.title,
                choices=[(number, str(number)) for number in rules.SCORES],
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[note_of(each.code)] = forms.CharField(
                label=_t("%(criterion)s, why") % {"criterion": each.title},
                max_length=4000,
                required=False,
                widget=forms.Textarea,
            )

    @property
    def row(self) -> Review:
        return self.review

    def said(self, row: Review) -> dict[str, Any]:
        prefetch_related_objects([row], "scores")
        scores = {each.criterion_id: each for each in row.scores.all()}
        found: dict[str, Any] = {}
        for each in self.criteria:
            score = scores.get(each.pk)
            found[score_of(each.code)] = score.value if score else None
            found[note_of(each.code)] = score.note if score else ""
        return found

    def who(self, row: Any) -> str:
        return ""

    def sentence(self, row: Any) -> str:
        return _t(
            "You saved something else in another window in the meantime. Both versions are below. "
            "Compare them, then save once more."
        )

    def line(self, criterion: SelectionCriterion) -> dict[str, Any]:
        """The score and note of a criterion, as `services.save_score` takes them."""
        code = criterion.code
        return {"value": self.cleaned_data[score_of(code)], "note": self.cleaned_data[note_of(code)]}

    def shown(self, criterion: SelectionCriterion) -> dict[str, Any]:
        """What the page shows of a criterion: as typed, or as saved."""
        score, note = self[score_of(criterion.code)], self[note_of(criterion.code)]
        value = score.value()
        return {
            "value": int(value) if str(value) in {str(each) for each in rules.SCORES} else None,
            "note": note.value() or "",
            "score_errors": score.errors,
            "note_errors": note.errors,
        }

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name == "version":
            return super().get_initial_for_field(field, field_name)
        return self.said(self.review)[field_name]
