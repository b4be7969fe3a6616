"""What stays when two places become one."""

from typing import Any

from django import forms

from partnerships.businesses.duplicates.side_by_side import CHOICES, LABELS
from partnerships.businesses.models import Business, DuplicatePair

SIDES = ("one", "other")


class MergeForm(forms.Form):
    """Which of two places stays, and what it says; the page of a pair sends it along in its address."""

    def __init__(self, *args: Any, pair: DuplicatePair, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair
        sides = [(side, getattr(pair, side).name) for side in SIDES]
        for name in ("keep", *CHOICES):
            self.fields[name] = forms.ChoiceField(
                choices=sides, required=name == "keep", label=LABELS.get(name, ""), widget=forms.RadioSelect
            )

    @property
    def is_whole(self) -> bool:
        """Whether it says which place stays."""
        return not self.errors

    @property
    def kept(self) -> Business:
        """The place that stays."""
        found: Business = getattr(self.pair, self.cleaned_data["keep"])
        return found

    @property
    def gone(self) -> Business:
        """The place that is given up."""
        return self.pair.other if self.kept == self.pair.one else self.pair.one

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, as the service takes it."""
        keep = self.cleaned_data["keep"]
        told = {name: self.cleaned_data.get(name) for name in CHOICES}
        return {name: "kept" if side == keep else "merged" for name, side in told.items() if side}
