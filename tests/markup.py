"""Reads a page as a browser would, and says what in it would run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

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


class _Form(HTMLParser):
    """What a browser sends of the forms in a page that post and hold a field of the given name."""

    def __init__(self, holds: str) -> None:
        super().__init__(convert_charrefs=True)
        self.holds = holds
        self.found: list[tuple[str, str]] = []
        self._fields: list[tuple[str, str]] | None = None
        self._text: tuple[str, list[str]] | None = None
        self._select: tuple[str, bool, list[tuple[str, bool]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        name = values.get("name", "")
        if tag == "form":
            self._fields = [] if values.get("method", "").lower() == "post" else None
        if self._fields is None or "disabled" in values:
            return
        if tag == "input" and name:
            kind = values.get("type", "text")
            if kind in {"checkbox", "radio"}:
                if "checked" in values:
                    self._fields.append((name, values.get("value", "on")))
            elif kind not in {"submit", "button", "image", "file", "reset"}:
                self._fields.append((name, values.get("value", "")))
        elif tag == "textarea" and name:
            self._text = (name, [])
        elif tag == "select" and name:
            self._select = (name, "multiple" in values, [])
        elif tag == "option" and self._select is not None:
            self._select[2].append((values.get("value", ""), "selected" in values))

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._fields is None:
            return
        if tag == "textarea" and self._text is not None:
            name, parts = self._text
            self._fields.append((name, "".join(parts).removeprefix("\n").replace("\n", "\r\n")))
            self._text = None
        elif tag == "select" and self._select is not None:
            name, several, options = self._select
            chosen = [value for value, selected in options if selected]
            if not chosen and not several:
                chosen = [value for value, _selected in options[:1]]
            self._fields += [(name, value) for value in chosen]
            self._select = None
        elif tag == "form":
            if any(name == self.holds for name, _value in self._fields):
                self.found += self._fields
            self._fields = None


def untouched(page: str, holds: str = "version") -> list[tuple[str, str]]:
    """What a browser sends when nobody touches a form, as names and values in the order of the page.

    Args:
        page: HTML.
        holds: the name of a field by which the form is known.
    """
    reader = _Form(holds)
    reader.feed(page)
    reader.close()
    return reader.found
