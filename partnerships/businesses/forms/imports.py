"""Files of licenses."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.files import FileRefusedError, check_table
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.imports import mappings

FIND_OUT = "new"


def _ways() -> list[tuple[str, Any]]:
    return [(FIND_OUT, _("A new kind of file: find out what its columns hold")), *mappings.choices()]


class CloseManyForm(OneTimeFormMixin, forms.Form):
    """That an import may close as many places as it does."""

    sure = forms.BooleanField(
        label=_("The file is whole, and these businesses have closed"),
        error_messages={"required": _("Tick this if the file is whole and read rightly.")},
    )


class ImportForm(OneTimeFormMixin, forms.Form):
    """A license file, and how to read it."""

    file = forms.FileField(
        label=_("License file"),
        help_text=_(
            "A table in text (CSV) or a workbook (.xlsx) with a line of column names, at most 200 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,text/csv"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )
    preset = forms.ChoiceField(
        label=_("How to read it"),
        choices=_ways,
        error_messages={"required": _("Choose how to read the file.")},
        help_text=_(
            "For a file as you imported before, choose its name. Next year’s file then finds the same places."
        ),
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            upload.name = check_table(upload)
        except FileRefusedError as refused:
            raise ValidationError(str(refused), code="file") from None
        return upload
