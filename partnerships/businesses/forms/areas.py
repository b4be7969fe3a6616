"""Files of districts, beats and neighborhoods."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core import clock, files, words
from core.pages.components import DateInput
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.imports.areas import BY_OUTLINE
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.outlines.drawn import LONGEST_CODE
from partnerships.businesses.imports.outlines.opening import LARGEST, ending_of
from partnerships.businesses.imports.outlines.systems import system_of_code
from partnerships.businesses.models import Area

START = 400  # bytes that tell a file's kind


class AreasFileForm(OneTimeFormMixin, forms.Form):
    """A file that draws areas."""

    file = forms.FileField(
        label=_("File of areas"),
        help_text=_(
            "GeoJSON, a shapefile as a zip (.shp, .shx, .dbf and .prj together), KML or KMZ, at most 50 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".geojson,.json,.zip,.kml,.kmz"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise ValidationError(
                _t("The file is larger than %(most)s MB. Take a simpler drawing of the same areas.")
                % {"most": LARGEST // 1024 // 1024},
                code="file",
            )
        upload.seek(0)
        start: bytes = upload.read(START)
        upload.seek(0)
        if not start.strip():
            raise ValidationError(_t("The file is empty."), code="file")
        try:
            upload.name = files.named(upload.name or "", ending_of(start))
        except ImportRefusedError as refused:
            raise ValidationError(str(refused), code="file") from None
        return upload


class AreasMeaningForm(OneTimeFormMixin, forms.Form):
    """What the areas of a file are, and what its properties mean.

    Args:
        look: what the first look found.
    """

    kind = forms.ChoiceField(
        label=_("Kind of areas"),
        choices=Area.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what these areas are.")},
    )
    name_field = forms.ChoiceField(
        label=_("Number or name"),
        help_text=_("What tells the areas apart, in this file and in the next edition."),
        error_messages={"required": _("Choose what tells the areas apart.")},
    )
    label_field = forms.ChoiceField(
        label=_("What people call it"), required=False, help_text=_("When it is more than the number.")
    )
    parent_field = forms.ChoiceField(
        label=_("Its district"), required=False, help_text=_("Which district a beat is part of.")
    )
    valid_from = forms.DateField(
        label=_("First day of these borders"),
        widget=DateInput(),
        help_text=_(
            "Until then the borders of before count. For the first file, any day of the past will do."
        ),
        error_messages={
            "required": _("Say since when these borders count."),
            "invalid": _("Write the day as month, day and year."),
        },
    )
    swapped = forms.BooleanField(label=_("Latitude stands before longitude in this file"), required=False)
    code = forms.IntegerField(
        label=_("EPSG code of the coordinates"),
        min_value=1,
        max_value=999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--small"}),
        help_text=_(
            "A number such as 3435, for Illinois East in feet. Whoever made the file knows it; "
            "epsg.io finds it by the name of the state."
        ),
        error_messages={
            "required": _("Say the EPSG code of the coordinates: the file does not."),
            "invalid": _("Write the code as a number, such as 3435."),
            "min_value": _("Write the code as a number, such as 3435."),
            "max_value": _("Write the code as a number, such as 3435."),
        },
    )

    def __init__(self, *args: Any, look: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look = look
        proposal = look["proposal"]
        properties = [(each["name"], _in_words(each)) for each in look["properties"]]
        choices: dict[str, list[tuple[str, Any]]] = {
            "name_field": properties,
            "label_field": [("", _("Nothing more")), *properties],
            "parent_field": [
                ("", _("Leave it as it is")),
                (BY_OUTLINE, _("The district that it lies in, by the map")),
                *properties,
            ],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # a ChoiceField
        self.initial = {**proposal, "swapped": look["swapped"]}
        if look["system"]:
            del self.fields["code"]

    def clean_valid_from(self) -> Any:
        day = self.cleaned_data["valid_from"]
        if day > clock.today():
            raise ValidationError(
                _t("%(day)s is still to come. Import the file on that day.") % {"day": words.day(day)},
                code="future",
            )
        return day

    def clean_code(self) -> int:
        code: int = self.cleaned_data["code"]
        try:
            system_of_code(code)
        except ImportRefusedError as refused:
            raise ValidationError(str(refused), code="code") from None
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        found = {each["name"]: each for each in self.look["properties"]}.get(cleaned.get("name_field", ""))
        if found is not None and found["empty"]:
            told = _t("%(n)s of the areas have nothing there. Choose a property that each of them has.")
            self.add_error("name_field", told % {"n": words.number(found["empty"])})
        elif found is not None and found["longest"] > LONGEST_CODE:
            told = _t(
                "Its longest text has %(n)s characters, and a number may have %(most)s. "
                "Choose a shorter property, and this one as what people call the area."
            )
            numbers = {"n": words.number(found["longest"]), "most": LONGEST_CODE}
            self.add_error("name_field", told % numbers)
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """What was said, for the job: what JSON can hold. A district is part of nothing."""
        said = self.cleaned_data
        is_district = said["kind"] == Area.Kind.DISTRICT
        return {
            "kind": said["kind"],
            "name_field": said["name_field"],
            "label_field": said["label_field"] if said["label_field"] != said["name_field"] else "",
            "parent_field": "" if is_district else said["parent_field"],
            "valid_from": said["valid_from"].isoformat(),
            "code": said.get("code") or 0,
            "swapped": said["swapped"],
        }


def _in_words(told: dict[str, Any]) -> str:
    """A property with some of what it says: "BEAT_NUM (1713, 3100, 1651)"."""
    examples = ", ".join(told["examples"])
    return f"{told['name']} ({examples})" if examples else told["name"]


class EndManyForm(OneTimeFormMixin, forms.Form):
    """That an edition may end as many areas as it does: how many, typed.

    Args:
        many: how many these are.
    """

    typed = forms.CharField(
        max_length=10,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Type the number of areas to go on.")},
    )

    def __init__(self, *args: Any, many: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.many = many
        self.fields["typed"].label = _t("To go on, type how many areas end or move elsewhere: %(n)s") % {
            "n": words.number(many)
        }

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.replace(",", "").strip() != str(self.many):
            raise ValidationError(
                _t("That is another number. Type %(n)s if the file is whole and read rightly.")
                % {"n": words.number(self.many)},
                code="other",
            )
        return typed
