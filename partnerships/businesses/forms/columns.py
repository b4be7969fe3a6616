"""What the columns of a file hold: proposed, and corrected by whoever imports it."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.names import NameFormField
from core.pages.edit import refusal_of
from core.pages.forms import OneTimeFormMixin
from partnerships.businesses.imports.days import SERIAL
from partnerships.businesses.imports.presets import AWAY, CLOSED, HOME, MARKS, NOT_YET, OPEN, example

LEAVE_OUT = ""
MAPPING_TAKEN = "mapping_taken"  # the refusal that asks whether a way of this name is replaced
MEANINGS: list[tuple[Any, Any]] = [
    (LEAVE_OUT, _("Leave it out")),
    (
        _("Name"),
        [
            ("name", _("Name, as customers know it")),
            ("legal_name", _("Legal name")),
            ("names", _("Both names: “X DBA Y”")),
        ],
    ),
    (
        _("Which place it is"),
        [
            ("account_number", _("Number of the account")),
            ("site_number", _("Number of the site")),
            ("license_number", _("Number of the license")),
        ],
    ),
    (
        _("Where it is"),
        [
            ("street", _("Street address, or a part of it")),
            ("unit", _("Unit or suite")),
            ("city", _("City")),
            ("state", _("State")),
            ("postal_code", _("ZIP code")),
            ("city_line", _("City, state and ZIP code in one")),
            ("address", _("The whole address in one")),
            ("latitude", _("Latitude")),
            ("longitude", _("Longitude")),
            ("position", _("Latitude and longitude in one")),
        ],
    ),
    (
        _("What it does, and how to reach it"),
        [
            ("license_kind", _("Kind of license")),
            ("activity", _("Activity")),
            ("naics", _("NAICS code")),
            ("phone", _("Phone")),
            ("website", _("Website")),
            ("home_based", _("Whether it is run from a home")),
            ("out_of_town", _("Whether it is outside the city")),
        ],
    ),
    (
        _("Since when and until when"),
        [
            ("issued_on", _("Issued on")),
            ("license_until", _("Licensed until")),
            ("license_status", _("State of the license")),
            ("closed_on", _("Closed on")),
        ],
    ),
]
WORDS = {key: label for _group, known in MEANINGS[1:] for key, label in known}
JOINED = frozenset({"street"})  # several columns of it are read as one text, in the order of the file
STATE_WORDS = [
    (OPEN, _("The business is open")),
    (CLOSED, _("It is closed")),
    (NOT_YET, _("Not a business yet, or never")),
]
ENCODINGS = [
    ("utf-8", "UTF-8"),
    ("windows-1252", _("Windows-1252, of Excel in the Americas and Western Europe")),
    ("windows-1250", _("Windows-1250, of Central Europe")),
    ("cp437", _("Code page 437, of old programs")),
    ("mac-roman", _("Mac Roman, of an old Mac")),
    ("utf-16", "UTF-16"),
]
FORMATS = (
    "%m/%d/%Y", "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%y", "%m-%d-%Y", "%Y/%m/%d", "%Y%m%d", "%d-%b-%Y", "%d-%b-%y",
    "%b %d, %Y", "%B %d, %Y", "%d.%m.%Y", SERIAL,
)  # fmt: skip


class ColumnsForm(OneTimeFormMixin, forms.Form):
    """What each column of a file holds.

    Args:
        look: what was found in the file, see `looking.look_through`.
        file_name: as people call it.
    """

    label = NameFormField(
        label=_("What do you call this kind of file?"),
        max_length=100,
        help_text=_("Next year’s file is read the same way by this name, and finds the same places."),
        error_messages={"required": _("Give this kind of file a name.")},
    )
    replace = forms.BooleanField(label=_("Read files of this name this way from now on"), required=False)
    date_format = forms.ChoiceField(
        label=_("How the file writes May 31, 2026"),
        error_messages={"required": _("Choose how the file writes its days.")},
    )
    number_stays = forms.BooleanField(
        label=_("A license keeps its number from year to year"),
        required=False,
        help_text=_("If it gets a new number with each renewal, leave this empty: name and address tell."),
    )
    recase = forms.BooleanField(
        label=_("Names in capitals are written in small letters: “JOE’S TACOS” as “Joe’s Tacos”"),
        required=False,
    )
    withheld = forms.CharField(
        label=_("Texts that mean “not told”"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One on each line, such as N/A."),
    )

    encoding = forms.ChoiceField(
        label=_("How letters are written in the file"),
        required=False,
        help_text=_("Change this only where letters with accents look wrong in the preview."),
    )
    towns = forms.CharField(
        label=_("What your city is called in addresses"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One name on each line. Places elsewhere are marked as outside the city."),
    )
    leaves_out = forms.MultipleChoiceField(
        label=_("Leave out"),
        required=False,
        choices=[(HOME, _("Businesses run from a home")), (AWAY, _("Businesses outside the city"))],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("What you don’t leave out is marked, and the list can be narrowed to it."),
    )

    def __init__(self, *args: Any, look: dict[str, Any], file_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.look, self.heads = look, look["heads"]
        proposed = look["proposal"]
        here = look["encoding"]
        self.fields["encoding"].choices = list(dict([(here, here.upper()), *ENCODINGS]).items())  # type: ignore[attr-defined]  # a ChoiceField
        formats = list(dict.fromkeys([*filter(None, [proposed["date_format"]]), *FORMATS]))
        self.fields["date_format"].choices = [(each, example(each)) for each in formats]  # type: ignore[attr-defined]  # a ChoiceField
        self.initial = {
            "label": PurePath(file_name).stem.replace("_", " "),
            "date_format": proposed["date_format"],
            "encoding": here,
            "number_stays": proposed["number_stays"],
            "recase": proposed["shouts"],
            "withheld": "\n".join(proposed["withheld"]),
            "towns": "\n".join(proposed.get("towns", ())),
        }
        meant = {
            head: field for field, column in proposed["columns"].items() for head in column.split(" + ")
        } | {column: field for field, column in proposed["columns"].items()}
        for at, head in enumerate(self.heads):
            if not head or self.heads.count(head) > 1:
                continue
            self.fields[f"column-{at}"] = forms.ChoiceField(
                label=head,
                choices=MEANINGS,
                required=False,
                initial=meant.get(head, LEAVE_OUT),
                widget=forms.Select(attrs={"class": "usa-select"}),
            )
        self._ask_states(proposed["statuses"])

    def _ask_states(self, proposed: dict[str, str]) -> None:
        """A question for each text of the column that is chosen as the state of a license."""
        chosen = (at for at, _head in self._columns() if self._chosen(at) == "license_status")
        at = next(chosen, None)
        self.states: dict[str, str] = {}
        for n, text in enumerate(self.look["values"].get(self.heads[at], ()) if at is not None else ()):
            name = f"state-{at}-{n}"
            self.states[name] = text
            self.fields[name] = forms.ChoiceField(
                label=text,
                choices=STATE_WORDS,
                initial=proposed.get(text) or OPEN,
                error_messages={"required": _("Choose what this says of the business.")},
            )

    def _columns(self) -> Iterator[tuple[int, str]]:
        return ((at, head) for at, head in enumerate(self.heads) if f"column-{at}" in self.fields)

    def _chosen(self, at: int) -> str:
        name = f"column-{at}"
        value = self.data.get(self.add_prefix(name)) if self.is_bound else self.fields[name].initial
        return str(value or "")

    def rows(self) -> list[tuple[BoundField, list[str]]]:
        """Each column with some of what stands in it."""
        return [(self[f"column-{at}"], self._some(at)) for at, _head in self._columns()]

    def _some(self, at: int) -> list[str]:
        told = dict.fromkeys(row["cells"][at][:60] for row in self.look["rows"] if row["cells"][at])
        return list(told)[:3]

    def questions(self) -> list[BoundField]:
        """What else is asked, in order; states are asked where a column holds them."""
        asked = ["label", "date_format", "recase", "withheld", "towns", "leaves_out"]
        if any(self._chosen(at) == "license_number" for at, _head in self._columns()):
            asked.insert(2, "number_stays")
        if self.look["encoding"]:  # a workbook says itself how its letters are written
            asked.append("encoding")
        refused = refusal_of(self)
        if (refused is not None and refused.code == MAPPING_TAKEN) or self._now("replace"):
            asked.insert(1, "replace")
        return [self[name] for name in asked]

    @property
    def other_encoding(self) -> str:
        """What the file is said to be written in, where that is not how it was looked through."""
        chosen = str(self._now("encoding") or "")
        return chosen if self.look["encoding"] and chosen != self.look["encoding"] else ""

    def unread(self) -> list[str]:
        """The heads that stand over several columns: nobody could say which one is meant."""
        return [head for head in dict.fromkeys(self.heads) if head and self.heads.count(head) > 1]

    def state_questions(self) -> list[BoundField]:
        """What each state of a license says of its business."""
        return [self[name] for name in self.states]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        by_field: dict[str, list[int]] = {}
        for at, _head in self._columns():
            if field := cleaned.get(f"column-{at}"):
                by_field.setdefault(field, []).append(at)
        for field, places in by_field.items():
            if len(places) > 1 and field not in JOINED:
                others = _t("“%(first)s” is “%(meaning)s”, too. Choose it for one of them.")
                told = {"first": self.heads[places[0]], "meaning": WORDS[field]}
                self.add_error(f"column-{places[1]}", others % told)
        return cleaned

    def says(self) -> dict[str, Any]:
        """What was chosen, as a mapping says it; while something is wrong, what stands on the page."""
        columns: dict[str, list[str]] = {}
        for at, head in self._columns():
            if (field := self._chosen(at)) in WORDS:
                columns.setdefault(field, []).append(head)
        return {
            "columns": {field: " + ".join(heads) for field, heads in columns.items()},
            "date_format": self._now("date_format"),
            **({"encoding": self.look["chosen"]} if self.look.get("chosen") else {}),
            "recase": bool(self._now("recase")),
            "number_stays": bool(self._now("number_stays")),
            "withheld": self._lines("withheld"),
            "towns": self._lines("towns"),
            "leaves_out": [each for each in self._now("leaves_out") or () if each in MARKS],
            "statuses": {
                text: value
                for name, text in self.states.items()
                if (value := str(self._now(name))) in (OPEN, CLOSED, NOT_YET)
            },
        }

    def _lines(self, name: str) -> list[str]:
        return [each.strip() for each in str(self._now(name) or "").splitlines() if each.strip()]

    def _now(self, name: str) -> Any:
        return self[name].value()
