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
