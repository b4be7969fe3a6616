"""What this machine has looked at and found without a fault, by its content.

A page or a mail that reads and looks the same as last time needs no browser to look again: `make test`
passes it over. `make gates` looks at everything. A machine that has seen nothing yet looks at a third, the
same third each time; from then on at whatever is new to it.

The memory is a file in `var/`; delete it to look at everything again.
"""

import hashlib
import re
from functools import cache
from pathlib import Path
from zlib import crc32

from config.local.places import BASE_DIR
from tests.gates import FULL

FOLDER = BASE_DIR / "var" / "seen"
# What differs from one opening of a page to the next: keys, tokens, numbers, and names of days and months.
CHANGES = (
    (re.compile(r'(name="(?:csrfmiddlewaretoken|version|form_key)"[^>]*value=")[^"]*'), r"\1"),
    (re.compile(r"[\w:.-]{24,}"), "#"),
    (re.compile(r"\d+"), "0"),
    (re.compile(r"\b(Mon|Tues?|Wed(nes)?|Thu(rs)?|Fri|Sat(ur)?|Sun)(day)?\b"), "day"),
    (re.compile(r"\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]*\b\.?"), "month"),
)


class Seen:
    """The memory of one gate.

    Args:
        name: of its file.
        rules: files whose change makes everything new, beside the style sheets and scripts.
    """

    def __init__(self, name: str, *rules: Path) -> None:
        self.path = FOLDER / f"{name}.txt"
        self.rules = "".join(_digest(path.read_bytes()) for path in rules)
        self.known = set(self.path.read_text().split()) if self.path.exists() else set()
        self.began_empty = not self.known

    def key(self, html: str, *circumstances: object) -> str:
        """What a page is known by: its content, how it is looked at, and everything that draws it."""
        for pattern, put in CHANGES:
            html = pattern.sub(put, html)
        return _digest("\0".join([html, self.rules, looks(), *map(str, circumstances)]).encode())

    def passes_over(self, key: str, name: str) -> bool:
        """Whether `make test` may pass a page over.

        Args:
            key: from `key`.
            name: chooses the third that a machine without a memory looks at.
        """
        if FULL:
            return False
        return key in self.known or (self.began_empty and crc32(name.encode()) % 3 != 0)

    def note(self, key: str) -> None:
        """Remember that a page had no fault."""
        if key not in self.known:
            self.known.add(key)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a") as file:
                file.write(f"{key}\n")


@cache
def looks() -> str:
    """A digest of the style sheets and scripts."""
    files = sorted(path for kind in ("css", "js") for path in (BASE_DIR / "static").rglob(f"*.{kind}"))
    return _digest(b"".join(path.read_bytes() for path in files))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
