"""Forms that lose nothing: a stale edit is refused and the typed text stays."""

from typing import Any

from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

SALT = "core.forms.version"


class VersionedModelForm(forms.ModelForm):
    """A model form that remembers which version of the row it showed.

    The model is a `core.models.Stamped`. On a post whose row has changed in between, the form is invalid,
    says who changed it and when, and still shows what was typed. `conflict` is then that sentence.
    """

    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = ""
        if self.instance.pk:
            self.fields["version"].initial = signing.dumps(self._stamp(), salt=SALT)

    def _stamp(self) -> list[str]:
        return [str(self.instance.pk), self.instance.updated_at.isoformat()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return cleaned
        try:
            seen = signing.loads(cleaned.get("version") or "", salt=SALT)
        except signing.BadSignature:
            seen = None
        if seen != self._stamp():
            self.conflict = self._sentence()
            typed = QueryDict(mutable=True)
            typed.update(self.data)
            typed[self.add_prefix("version")] = signing.dumps(self._stamp(), salt=SALT)
            self.data = typed
            raise forms.ValidationError(self.conflict, code="stale")
        return cleaned

    def _sentence(self) -> str:
        row = type(self.instance)._base_manager.get(pk=self.instance.pk)
        when = date_format(timezone.localtime(row.updated_at), "N j, g:i a")
        return _(
            "Changed by %(name)s at %(time)s. Your text is kept below. "
            "Look at the page again, then save once more to replace their change."
        ) % {"name": row.updated_by_name or _("someone else"), "time": when}
