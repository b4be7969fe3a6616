"""Files of licenses."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from core.files import FileRefusedError, check_table
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.jobs import preset_choices


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
        choices=preset_choices,
        error_messages={"required": _("Choose how to read the file.")},
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            upload.name = check_table(upload)
        except FileRefusedError as refused:
            raise ValidationError(str(refused), code="file") from None
        return upload
