"""Tags of the crispy-forms pack "uswds": they draw widgets with USWDS classes and keep forms accessible.

Ids follow Django 5.2, which points `aria-describedby` at `<id>_helptext` and `<id>_error` by itself.
"""

from typing import Any

from django import forms, template
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.boundfield import BoundField
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.edits import STALE

register = template.Library()


@register.filter
def kind(field: BoundField) -> str:
    """How a field is laid out: `hidden`, `checkbox`, `radios`, `checkboxes`, `file`, `group` or `input`."""
    widget = field.field.widget
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.FileInput):
        return "file"
    if isinstance(widget, forms.MultiWidget | forms.SelectDateWidget):
        return "group"
    return "input"


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.Textarea):
        return "usa-textarea"
    if isinstance(widget, forms.Select):
        return "usa-select"
    if isinstance(widget, forms.CheckboxInput):
        return "usa-checkbox__input"
    if isinstance(widget, forms.FileInput):
        return "file-input"
    return "usa-input"


def _described_by(field: BoundField) -> str:
    """The ids of hint, error and character count, as far as they are on the page."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.errors:
        ids.append(f"{field.auto_id}_error")
    if character_limit(field):
        ids.append(f"{field.auto_id}_count")
    return " ".join(ids)


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The widget itself with its USWDS class, and the attributes that assistive technology needs."""
    inner = field.field.widget
    css = [str(inner.attrs.get("class", "")), _css(inner)]
    if field.errors:
        css.append("usa-input--error")
    attrs: dict[str, Any] = {"class": " ".join(part for part in css if part)}
    described = _described_by(field)
    if described and not field.use_fieldset:
        attrs["aria-describedby"] = described
    if isinstance(inner, forms.FileInput):
        return _file_input(field, attrs)
    if type(inner) is forms.Select:
        return _select(field, attrs)
    return field.as_widget(attrs=attrs)


def _select(field: BoundField, attrs: dict[str, Any]) -> SafeString:
    """A drop-down, written straight: Django's own draws two templates an option, and some have a hundred."""
    inner = field.field.widget
    attrs = field.build_widget_attrs(attrs, inner)
    context = inner.get_context(field.html_name, field.value(), {"id": field.auto_id, **attrs})["widget"]
    parts = []
    for group, options, _index in context["optgroups"]:
        drawn = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((each["value"], flatatt(each["attrs"]), each["label"]) for each in options),
        )
        parts.append(format_html('<optgroup label="{}">{}</optgroup>', group, drawn) if group else drawn)
    return format_html(
        '<select name="{}"{}>{}</select>',
        context["name"],
        flatatt(context["attrs"]),
        SafeString("".join(parts)),
    )


def _file_input(field: BoundField, attrs: dict[str, Any]) -> SafeString:
    """A bare file input: what is stored already stands above it, with its own checkbox to remove it."""
    attrs = field.build_widget_attrs(attrs, field.field.widget)
    final = {
        **field.field.widget.attrs,
        **attrs,
        "type": "file",
        "name": field.html_name,
        "id": field.auto_id,
    }
    if field.errors:
        final["aria-invalid"] = "true"
    if field.value():
        final.pop("required", None)
    return format_html("<input{}>", flatatt(final))


@register.filter
def stored_file(field: BoundField) -> Any:
    """The file that is stored already, or None."""
    value = field.initial
    return value if value and hasattr(value, "url") else None


@register.filter
def clear_name(field: BoundField) -> str:
    """The name of the checkbox that removes a stored file; "" where it can't be removed."""
    inner = field.field.widget
    if field.field.required or not isinstance(inner, forms.ClearableFileInput):
        return ""
    return inner.clear_checkbox_name(field.html_name)


@register.filter
def group_described_by(field: BoundField) -> str:
    """`aria-describedby` of a group of radios or checkboxes."""
    return _described_by(field)


@register.filter
def character_limit(field: BoundField) -> int:
    """The most characters a text area takes; 0 for other fields and where there is no limit."""
    inner = field.field.widget
    if not isinstance(inner, forms.Textarea):
        return 0
    limit = inner.attrs.get("maxlength") or getattr(field.field, "max_length", None)
    return int(limit) if limit else 0


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether to say "(optional)": every optional field but a lone checkbox, a hidden or a disabled field."""
    return not field.field.required and not field.field.disabled and kind(field) not in ("checkbox", "hidden")


@register.simple_tag
def choice_input(radio: Any, css: str) -> SafeString:
    """One radio or checkbox of a group, as a bare input."""
    data = radio.data
    attrs = {
        **{key: value for key, value in data["attrs"].items() if not key.startswith("aria-")},
        "class": css,
        "type": data["type"],
        "name": data["name"],
        "value": "" if data["value"] is None else str(data["value"]),
    }
    if data["type"] == "checkbox":
        attrs.pop("required", None)
    if data["selected"]:
        attrs["checked"] = True
    return format_html("<input{}>", flatatt(attrs))


@register.filter
def focus_id(field: BoundField) -> str:
    """Where a link of the error summary leads: the input, or the first one of a group."""
    if kind(field) in ("radios", "checkboxes", "group"):
        return f"{field.auto_id}_0"
    return field.auto_id


@register.simple_tag
def error_count(form: forms.BaseForm) -> str:
    """The heading of the error summary: that someone was quicker, or how many things there are to correct."""
    if form.has_error(NON_FIELD_ERRORS, STALE):
        conflict = getattr(form, "conflict", None)
        # Where the page does not tell who, it may have been the same person, in another window.
        by_name = conflict is None or conflict.by
        return _("Someone else saved first") if by_name else _("Something else was saved first")
    count = sum(len(errors) for errors in form.errors.values())
    return ngettext("%(n)d thing to correct", "%(n)d things to correct", count) % {"n": count}


@register.filter
def hidden_errors(form: forms.BaseForm) -> list[str]:
    """Errors of hidden fields; a person can only see them in the summary."""
    sentences = []
    for field in form.hidden_fields():
        sentences += [_("%(field)s: %(error)s") % {"field": field.label, "error": e} for e in field.errors]
    return sentences


@register.filter
def as_button(flat_attrs: str) -> SafeString:
    """The attributes that crispy wrote for a `StrictButton`, with the class of a USWDS button."""
    return SafeString(flat_attrs.replace('class="btn', 'class="usa-button', 1))
