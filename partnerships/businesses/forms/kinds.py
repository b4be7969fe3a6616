"""The kind of business, chosen by everyday words: a text box that a script makes a combobox.

Without scripts it is a search: what was typed is kept, and where it may mean several kinds the page asks
which one. A form carries three values: `industry`, the key of the kind; `industry_words`, what stands in the
box; and `industry_for`, the words that the key answers. Where the last two differ, it is a new search.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.access import visible
from partnerships.businesses import kinds
from partnerships.businesses.industries import common_groups
from partnerships.businesses.models import Industry

WORDS, FOR = "_words", "_for"
MOST = 8  # kinds to choose from
OWN_WORDS = _("In your own words, such as nail salon, taqueria or tire shop.")
WHICH = _("Choose which of these fits best.")
NOTHING = _("We know no kind of business by these words. Try others, or choose one of these.")


class Typed(str):
    """Words that are still to be looked up, in place of the key of a kind."""

    __slots__ = ()


def box(name: str, value: str, attrs: Mapping[str, Any], *, wide: bool) -> SafeString:
    """The text box that the script makes a combobox.

    Args:
        name: of what is sent.
        value: what stands in it.
        attrs: further ones of the input.
        wide: industry groups are found, for a filter; else kinds as fine as they come.
    """
    usual = {
        "type": "text",
        "name": name,
        "value": value,
        "maxlength": kinds.MOST_SIGNS,
        "autocomplete": "off",
        "autocapitalize": "none",
        "spellcheck": "false",
        "data-kinds": f"{reverse('public:kinds')}{'?as=groups' if wide else ''}",
    }
    return format_html(
        '<input{}><span class="usa-sr-only" role="status" data-kinds-said></span>',
        flatatt({**usual, **{key: each for key, each in attrs.items() if each is not False}}),
    )


class KindInput(forms.Widget):
    """The box, and the kind that is chosen; after a search, those to choose from.

    Attributes:
        rows: what can be chosen; set by the field.
    """

    # What `core.pages.versions` asks of a widget that sends several values.
    widgets_names = ("", WORDS, FOR)
    widgets = (forms.HiddenInput(), forms.TextInput(), forms.HiddenInput())

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.choices: Any = ()
        self.rows: Any = None
        self._known: dict[str, Industry | None] = {}

    def row_of(self, value: Any) -> Industry | None:
        """The kind with this key, read once."""
        key = str(value or "")
        if key.isascii() and key.isdecimal() and len(key) < 18 and key not in self._known:
            self._known = {**self._known, key: self.rows.filter(pk=key).first()}
        return self._known.get(key)

    def decompress(self, value: Any) -> list[str]:
        """What a form carries of a kind that nobody touches."""
        row = self.row_of(value)
        return ["", "", ""] if row is None else [str(row.pk), row.short, row.short]

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        """The key where it answers what stands in the box, else the words."""
        key, words = data.get(name), data.get(f"{name}{WORDS}")
        if words is None:
            return key
        if not words.strip():
            return ""
        return key if key is not None and words == data.get(f"{name}{FOR}") else Typed(words.strip())

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return name not in data and f"{name}{WORDS}" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        given.pop("required", None)
        if isinstance(value, Typed):
            words, answer = str(value), self._asked(name, str(value), given.get("id", f"id_{name}"))
        else:
            key, words, _for = self.decompress(value)
            row = self.row_of(value)
            group = row.group_title if row is not None and row.group_title != row.short else ""
            answer = format_html(
                '<input type="hidden" name="{}" value="{}" data-kinds-key>{}',
                name,
                key,
                format_html('<p class="usa-hint kinds__group">{}</p>', group) if group else "",
            )
        return format_html(
            '<div class="kinds">{}<input type="hidden" name="{}" value="{}" data-kinds-for>{}</div>',
            box(f"{name}{WORDS}", words, given, wide=False),
            f"{name}{FOR}",
            words,
            answer,
        )

    def _asked(self, name: str, words: str, ident: str) -> SafeString:
        """The kinds that the words may mean, to choose one."""
        found = kinds.find(words, MOST)
        codes = [each.code for each in found] or common_groups()
        known = {row.code: row for row in self.rows.filter(code__in=codes)}
        sure = kinds.only_one(words)
        offered = [(str(known[code].pk), known[code].short, code) for code in codes if code in known]
        drawn = format_html_join(
            "",
            '<div class="usa-radio">'
            '<input class="usa-radio__input" type="radio" name="{}" value="{}" id="{}"{}>'
            '<label class="usa-radio__label" for="{}">{}</label></div>',
            (
                (name, key, f"{ident}_{n}", SafeString(" checked") if sure and code == sure.code else "",
                 f"{ident}_{n}", label)
                for n, (key, label, code) in enumerate([*offered, ("", _t("None of these"), "")])
            ),
        )  # fmt: skip
        return format_html(
            '<fieldset class="usa-fieldset kinds__found" data-kinds-found data-kinds-name="{}">'
            '<legend class="usa-legend">{}</legend>{}</fieldset>',
            name,
            _t("Which is it?"),
            drawn,
        )


class IndustryField(forms.ModelChoiceField):
    """The kind of a business by everyday words, by its title or code; as fine as the words are."""

    widget = KindInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.error_messages["invalid_choice"] = _("Choose the kind of business from the list.")
        self.label = _("Kind of business")
        self.help_text = OWN_WORDS

    def offer(self, user: Any, present: int | None, *, empty: Any) -> None:
        """Set what can be chosen.

        Args:
            user: who chooses.
            present: the industry that is set, which may be wider than those that can be chosen anew.
            empty: what no industry is called.
        """
        rows: Any = visible(Industry, user)
        self.queryset = rows.filter(Q(pk__in=rows.for_places().values("pk")) | Q(pk=present))
        self.widget.rows = self.queryset
        self.empty_label = empty

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, Typed):
            return super().to_python(value)
        kind = kinds.only_one(value)
        assert self.queryset is not None  # noqa: S101  (narrows the type)
        row = self.queryset.filter(code=kind.code).first() if kind is not None else None
        if row is None:
            raise ValidationError(WHICH if kinds.find(value) else NOTHING, code="which")
        return row

    def label_from_instance(self, obj: Industry) -> str:
        return obj.short


class KindFilterInput(forms.TextInput):
    """The box of a filter, which finds industry groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        drawn = box(name, "" if value is None else str(value), given, wide=True)
        return format_html('<div class="kinds">{}</div>', drawn)


class KindFilterField(forms.CharField):
    """What a list is narrowed to: an industry group by everyday words, or a code as it is typed.

    Its value is a `kinds.Kind`; one without a code where the words mean none.
    """

    widget = KindFilterInput

    def clean(self, value: Any) -> Any:
        words = super().clean(value)
        if words.isascii() and words.isdecimal():
            return self._of_number(words)
        if not any(map(str.isalpha, words)):
            return ""
        kind = kinds.only_one(words) or next(iter(kinds.find(words, 1)), None)
        if kind is None:
            return kinds.Kind("", words)
        group = kind.group
        same = kinds.folded(group.title) == kinds.folded(words)
        return group if same else kinds.Kind(group.code, f"{group.title} ({words})")

    def _of_number(self, number: str) -> Any:
        """A code; else the key of an industry, as old addresses have it; an unknown one narrows nothing."""
        if number not in kinds.titles() and len(number) < 10:
            number = Industry.objects.filter(pk=number).values_list("code", flat=True).first() or ""
        return kinds.Kind(number, kinds.titles().get(number, number)) if number in kinds.titles() else ""
