"""Reads a page as a browser would, and says what in it would run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

LIVE_TAGS = {"script", "iframe", "object", "embed", "svg", "math", "base", "link", "meta", "style", "form"}
LINKS = {"href", "src", "action", "formaction", "srcdoc", "data", "xlink:href", "poster", "background"}


@dataclass
class _Reader(HTMLParser):
    marker: str
    live: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._script_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): (value or "") for name, value in attrs}
        marked = any(self.marker in value for value in values.values())
        for name, value in values.items():
            if name.startswith("on") or self.marker in name:
                self.live.append(f"<{tag} {name}>")
            scheme = "".join(value.split()).lower()
            if name in LINKS and scheme.startswith(("javascript:", "vbscript:", "data:text")):
                self.live.append(f"<{tag} {name}={value[:60]}>")
            if name == "style":
                self.live.append(f"<{tag} style={value[:60]}>")
        if tag == "script" and ("src" not in values or marked):
            self.live.append(f"<script {values}>")
        if tag in LIVE_TAGS - {"link", "meta", "script", "form", "svg"} and tag != "iframe" and tag != "base":
            self.live.append(f"<{tag}>")
        if tag == "iframe" and "sandbox" not in values:
            self.live.append("<iframe> without sandbox")
        if self.marker in tag:
            self.live.append(f"<{tag}>")

    def handle_comment(self, data: str) -> None:
        if self.marker in data:
            self.live.append(f"<!--{data[:60]}")


def live_parts(page: str, marker: str) -> list[str]:
    """What in the page a browser would run, or that carries `marker` into a tag or comment.

    Args:
        page: HTML.
        marker: a word that every hostile value of the test carries.

    Returns:
        A description of each; empty for a page in which hostile text stayed text.
    """
    reader = _Reader(marker)
    reader.feed(page)
    reader.close()
    return reader.live


@dataclass
class PostedForm:
    """A form of a page that posts.

    Args:
        action: where to; empty for the page's own address.
        sent: what a browser sends when nobody touches it, as names and values in the order of the page.
        hidden: those of them that nobody sees.
        offered: for each visible field its value: the last one of a list, or "" for what is typed.
        buttons: names and values of those that send it; `("", "")` for one without a name.
    """

    action: str = ""
    sent: list[tuple[str, str]] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)
    offered: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    """What a browser sends of the forms in a page that post."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[PostedForm] = []
        self._form: PostedForm | None = None
        self._named: dict[str, PostedForm] = {}
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            posts = values.get("method", "").lower() == "post"
            self._form = PostedForm(values.get("action", "")) if posts else None
            if self._form is not None:
                self._named[values.get("id", "")] = self._form
        if tag == "input" and values.get("form") in self._named:  # stands further down, as a box beside a row
            self._input(self._named[values["form"]], name, values)
            return
        if self._form is None or "disabled" in values:
            return
        if tag == "input" and name:
            self._input(self._form, name, values)
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select = (name, "multiple" in values, [])
        elif tag == "option" and self._select is not None:
            self._select[2].append((values.get("value", ""), "selected" in values))
        if tag == "button" and values.get("type", "submit") == "submit":
            self._form.buttons.append((name, values.get("value", "")))

    def _input(self, form: PostedForm, name: str, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in {"checkbox", "radio"}:
            form.offered[name] = values.get("value", "on")
            if "checked" in values:
                form.sent.append((name, values.get("value", "on")))
        elif kind == "submit":
            form.buttons.append((name, values.get("value", "")))
        elif kind not in {"button", "image", "file", "reset"}:
            form.sent.append((name, values.get("value", "")))
            if kind == "hidden":
                form.hidden.append((name, values.get("value", "")))
            else:
                form.offered[name] = ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._form is None:
            return
        if tag == "textarea" and self._text is not None:
            name, parts = self._text
            self._form.sent.append((name, "".join(parts).removeprefix("\n").replace("\n", "\r\n")))
            self._form.offered[name] = ""
            self._text = None
        elif tag == "select" and self._select is not None:
            name, several, options = self._select
            chosen = [value for value, selected in options if selected]
            if not chosen and not several:
                chosen = [value for value, _selected in options[:1]]
            self._form.sent += [(name, value) for value in chosen]
            if options:
                self._form.offered[name] = options[-1][0]
            self._select = None
        elif tag == "form":
            self.found.append(self._form)
            self._form = None


def posted_forms(page: str) -> list[PostedForm]:
    """The forms of a page that post.

    Args:
        page: HTML.
    """
    reader = _Forms()
    reader.feed(page)
    reader.close()
    return reader.found


def untouched(page: str, holds: str = "version") -> list[tuple[str, str]]:
    """What a browser sends when nobody touches a form, as names and values in the order of the page.

    Args:
        page: HTML.
        holds: the name of a field by which the form is known.
    """
    known = [form for form in posted_forms(page) if any(name == holds for name, _value in form.sent)]
    return [pair for form in known for pair in form.sent]


def typed_into(answer: Any, **typed: Any) -> dict[str, Any]:
    """What a browser sends from the page of an answer: everything that stands on it, and what was typed.

    Args:
        answer: of Django's test client, with a form over a row.
        typed: by the names of fields.
    """
    found: dict[str, Any] = {}
    for name, value in untouched(answer.content.decode()):
        found.setdefault(name, []).append(value)
    return {**found, **typed}
