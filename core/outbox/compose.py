"""Turns a payload into subject, text and HTML: one line, nothing missing, nothing that runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.backends.django import DjangoTemplates
from django.utils import timezone, translation

from core.models.department import Department

SUBJECT_LENGTH = 59
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_BLANK_LINES = re.compile(r"\n{3,}")


class MissingVariableError(Exception):
    """A mail's template names a variable that its payload lacks. Nothing is queued."""


class _Loud(str):
    """Stands where Django would print nothing for a missing variable, and raises instead."""

    def __contains__(self, part: object) -> bool:
        return True  # Django asks for "%s" before it fills the name in.

    def __mod__(self, name: object) -> str:
        raise MissingVariableError(f"The mail's template asks for {name}, which its payload lacks.")


class _StrictContext(Context):
    """A context that raises for unknown names, and remembers them where a tag swallows the error.

    `{% if a or b %}` catches every exception; so `check` is called after rendering.
    """

    def __init__(self, values: Mapping[str, Any], autoescape: bool) -> None:
        self.missing: list[str] = []
        super().__init__(dict(values), autoescape=autoescape)

    def __getitem__(self, key: Any) -> Any:
        if key not in self:
            self.missing.append(str(key))
            raise MissingVariableError(f"The mail's template asks for {key}, which its payload lacks.")
        return super().__getitem__(key)

    def check(self) -> None:
        """Raise for a name that was asked for and missing."""
        if self.missing:
            raise MissingVariableError(
                f"The mail's template asks for {self.missing[0]}, which its payload lacks."
            )


@dataclass(frozen=True)
class Rendered:
    """What the recipient will read."""

    subject: str
    text: str
    html: str
    why: str


@cache
def _engine(*, autoescape: bool) -> DjangoTemplates:
    return DjangoTemplates(
        {
            "NAME": "mail-html" if autoescape else "mail-text",
            "DIRS": [settings.BASE_DIR / "templates"],
            "APP_DIRS": True,
            "OPTIONS": {"autoescape": autoescape, "string_if_invalid": _Loud("%s")},
        }
    )


@cache
def _inliner() -> css_inline.CSSInliner:
    # The media queries stay for phones; nothing is ever fetched.
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)


def one_line(value: Any, length: int = SUBJECT_LENGTH) -> str:
    """Collapse breaks and control characters to single spaces and shorten at a word, for headers.

    Args:
        value: text or a lazy translation.
        length: the most characters, an ellipsis included.
    """
    line = _BREAKS.sub(" ", str(value)).strip()
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:–—-") + "…"


def payload_values(payload: Any) -> dict[str, Any]:
    """The variables of a payload: a dataclass's fields or a mapping's items.

    Raises:
        TypeError: it is neither.
    """
    if payload is None:
        return {}
    if is_dataclass(payload) and not isinstance(payload, type):
        return {each.name: getattr(payload, each.name) for each in fields(payload)}
    if isinstance(payload, Mapping):
        return dict(payload)
    raise TypeError("A mail's payload is a dataclass or a mapping.")


def render(
    *,
    template: str,
    subject: Any,
    why: Any,
    payload: Any,
    language: str = "",
    department: Department | None = None,
) -> Rendered:
    """Render a mail in the recipient's language and the department's time zone.

    Args:
        template: `<room>/<name>` of `templates/emails/<room>/<name>.txt` and `.html`.
        subject: text or a lazy translation; made one line of fewer than 60 characters.
        why: the sentence that tells why they get it.
        payload: a dataclass whose fields are the template's variables.
        language: a code of `settings.LANGUAGES`; anything else means the default.
        department: read once by a caller that renders many.

    Raises:
        MissingVariableError: a template names a variable that is not there.
        TemplateDoesNotExist: the text or the HTML is missing.
    """
    known = {code for code, _name in settings.LANGUAGES}
    department = department or Department.current()
    with (
        translation.override(language if language in known else settings.LANGUAGE_CODE),
        timezone.override(department.zone),
    ):
        values = {
            "department": department,
            "site_url": settings.SITE_URL.rstrip("/"),
            "subject": one_line(subject),
            "why": one_line(why, 300),
            **payload_values(payload),
        }
        text = _fill(f"emails/{template}.txt", values, autoescape=False)
        html = _fill(f"emails/{template}.html", values, autoescape=True)
        lines = "\n".join(line.rstrip() for line in text.splitlines())
        return Rendered(
            subject=values["subject"],
            why=values["why"],
            text=_BLANK_LINES.sub("\n\n", lines).strip() + "\n",
            html=_inliner().inline(html),
        )


def _fill(name: str, values: Mapping[str, Any], *, autoescape: bool) -> str:
    context = _StrictContext(
        {
            "LANGUAGE_CODE": translation.get_language(),
            "LANGUAGE_BIDI": translation.get_language_bidi(),
            **values,
        },
        autoescape,
    )
    found = str(_engine(autoescape=autoescape).engine.get_template(name).render(context))
    context.check()
    return found
