"""A long list of choices, in two: the common ones, and behind one more choice all others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.datastructures import MultiValueDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

OTHER = "other"
Pairs = list[tuple[str, Any]]


class CommonFirst(forms.MultiWidget):
    """A short drop-down of what is chosen most, with "another" at its end; then the second one counts.

    Nothing of it needs JavaScript: styles show the second list when "another" is chosen, and a browser that
    can't shows it always.

    Attributes:
        first: the values of the short list, in their order; without them there is one list.
        another: what the short list says for all others.
    """

    use_fieldset = True

    def __init__(self, another: Any, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"": forms.Select(), OTHER: forms.Select()}, attrs)
        self.another = another
        self.first: Sequence[str] = ()
        self.choices: Iterable[tuple[Any, Any]] = ()

    def _lists(self) -> tuple[Pairs, Pairs]:
        """The short list and the rest. Choices may be rows, so that they are read when they are needed."""
        named = {str(value): label for value, label in self.choices}
        short = ["", *self.first] if self.first else list(named)
        return [(each, named.pop(each)) for each in short if each in named], list(named.items())

    def decompress(self, value: Any) -> list[str]:
        """What is chosen in either list."""
        chosen = "" if value is None else str(value)
        if chosen in ("", OTHER) or chosen in self.first or not self.first:
            return [chosen, ""]
        return [OTHER, chosen]

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> Any:
        """The choice; "other" where nothing was chosen in the second list, which is no choice."""
        first = data.get(name)
        return data.get(f"{name}_{OTHER}") or OTHER if first == OTHER else first

    def value_omitted_from_data(
        self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str
    ) -> bool:
        return name not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Written straight: Django's own draws two templates an option, and here are hundreds."""
        given = self.build_attrs(self.attrs, attrs)
        ident, css = given.pop("id", f"id_{name}"), str(given.pop("class", "")).split()
        given["class"] = " ".join({"usa-input": "usa-select"}.get(each, each) for each in css)
        first, other = self.decompress(value)
        short, rest = self._lists()
        if rest:
            short = [*short, (OTHER, self.another)]
        own = {"name": name, "id": f"{ident}_0", "aria-label": _("The common ones")}
        drawn = _drawn(short, first, {**given, **own})
        if rest:
            given.pop("required", None)  # it is only needed where the first list says so
            own = {"name": f"{name}_{OTHER}", "id": f"{ident}_1"}
            drawn += format_html(
                '<div class="common-first__other"><label class="usa-label" for="{}_1">{}</label>{}</div>',
                ident,
                self.another,
                _drawn([("", _("Choose it")), *rest], other, {**given, **own}),
            )
        return format_html('<div class="common-first">{}</div>', drawn)


def _drawn(choices: Pairs, chosen: str, attrs: dict[str, Any]) -> SafeString:
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((value, SafeString(" selected") if value == chosen else "", said) for value, said in choices),
    )
    return format_html("<select{}>{}</select>", flatatt(attrs), options)
