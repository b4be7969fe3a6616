"""Turns a payload into subject, text and HTML: one line, nothing missing, nothing that runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from typing import Any

import css_inline
from django.conf import settings
from django.template import Context
from django.template.backends.django import DjangoTemplates
from django.utils import timezone, translation

from core.mail.models import MailWording
from core.mail.purposes import Category, Purpose, purpose_of
from core.models.department import Department

SUBJECT_LENGTH = 59
# What shows nothing and does harm: control characters, and those that turn the rest of a line around.
_NO_CHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | 0xFFFE) + chr(plane << 16 | 0xFFFF) for plane in range(17)
)
# Controls, signs that turn a line around, surrogates, and what Unicode keeps from being characters (23.7).
_HARMFUL = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff{_NO_CHARACTERS}]"
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")
_BLANK_LINES = re.compile(r"\n{3,}")


class MissingVariableError(Exception):
    """A mail's template names a variable that its payload lacks. Nothing is queued."""


class ForeignLinkError(Exception):
    """A link of a mail's payload leads away from our own site. Nothing is queued."""


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
    line = _HARMFUL.sub("", _BREAKS.sub(" ", str(value))).strip()
    line = line.replace("=?", "= ?")  # would begin an encoded word, which mail programs decode
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:–—-") + "…"


def tidy(text: str) -> str:
    """Text without what shows nothing and does harm; its lines end as ours do."""
    return _HARMFUL.sub("", _LINE_ENDS.sub("\n", text))


def payload_values(payload: Any) -> dict[str, Any]:
    """The variables of a payload: the fields of a frozen dataclass, its text tidied.

    Raises:
        TypeError: it is anything else.
        ForeignLinkError: a field named `url` or `…_url` leads away from our own site.
    """
    if payload is None:
        return {}
    if not _is_frozen(payload):
        raise TypeError("A mail's payload is a frozen dataclass.")
    return {each.name: _tidied(getattr(payload, each.name), each.name) for each in fields(payload)}


def _is_frozen(value: Any) -> bool:
    return is_dataclass(value) and not isinstance(value, type) and value.__dataclass_params__.frozen  # type: ignore[attr-defined]  # as `dataclasses` itself asks


def _tidied(value: Any, name: str) -> Any:
    """A value with all its text tidied. Text marked as safe is not any more: a payload holds no markup."""
    if isinstance(value, str):
        if name == "url" or name.endswith("_url"):
            _refuse_foreign(value)
        return tidy(str(value))
    if isinstance(value, list | tuple):
        return [_tidied(each, name) for each in value]
    if _is_frozen(value):
        return replace(
            value, **{each.name: _tidied(getattr(value, each.name), each.name) for each in fields(value)}
        )
    return value


def _refuse_foreign(url: str) -> None:
    home = settings.SITE_URL.rstrip("/") + "/"
    if url and not url.startswith(home):
        raise ForeignLinkError(f"A mail's links begin with {home}; {url[:80]!r} does not.")


def speaking(language: str) -> translation.override:
    """A reader's language where it is one of ours, else the default: for words put together in Python.

    Args:
        language: a code of `settings.LANGUAGES`; anything else means the default.
    """
    known = {code for code, _name in settings.LANGUAGES}
    return translation.override(language if language in known else settings.LANGUAGE_CODE)


def render(
    *,
    template: str,
    subject: Any,
    why: Any,
    payload: Any,
    category: Category | str = Category.SERVICE,
    duty: bool = False,
    language: str = "",
    department: Department | None = None,
    words: MailWording | None = None,
    preferences_url: str = "",
) -> Rendered:
    """Render a mail in the recipient's language and the department's time zone.

    Args:
        template: `<room>/<name>` of `templates/emails/<room>/<name>.txt` and `.html`.
        subject: text or a lazy translation; made one line of fewer than 60 characters.
        why: the sentence that tells why they get it.
        payload: a frozen dataclass whose fields are the template's variables.
        category: as it is queued; mail of service says that it can't be switched off.
        duty: about the reader's work at the department; says so.
        language: a code of `settings.LANGUAGES`; anything else means the default.
        department: read once by a caller that renders many.
        words: what the department adds to this kind of mail; never to mail of signing in.
        preferences_url: where the reader chooses which mail comes; without one the mail has no such link.

    Raises:
        MissingVariableError: a template names a variable that is not there.
        ForeignLinkError: a link leads away from our own site.
        TemplateDoesNotExist: the text or the HTML is missing.
    """
    department = department or Department.current()
    own = words if words is not None and category != Category.SECURITY else MailWording()
    with (
        speaking(language),
        timezone.override(department.zone),
    ):
        values = {
            "department": department,
            "site_url": settings.SITE_URL.rstrip("/"),
            "subject": one_line(subject),
            "why": one_line(why, 300),
            "is_duty": duty,
            "is_service": purpose_of(category) == Purpose.SERVICE and category != Category.SECURITY,
            "words_before": tidy(own.before).strip(),
            "words_after": tidy(own.after).strip(),
            "preferences_url": preferences_url,
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
