"""Papers: PDFs with the department's look, tagged for screen readers (PDF/UA-1), drawn by typst.

    LETTER = Paper(template="vetting/letter", sample=…)         # templates/papers/vetting/letter.typ
    PAPERS = [LETTER]                                           # in the room's papers.py
    LETTER.pdf(content, title=_("Letter"))                      # content: a frozen dataclass of words

What a paper says reaches its template as data only (JSON through `sys.inputs`); nothing that people typed is
ever part of a source. A template sees no file and no other folder: it and the common sheet
`templates/papers/department.typ` are handed over in memory. The same content on the same day gives the same
bytes.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

import typst
from django.conf import settings
from django.template import engines
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core import clock, rooms, words
from core.access import Refusal
from core.models import Department

# What a template reads from the disk would have to lie in here, where nothing but templates is.
FOLDER = settings.BASE_DIR / "templates" / "papers"
SHEET = "department"
# Where a letter is 8.5 by 11 inches (Unicode CLDR, paperSize "US-Letter"); elsewhere it is A4.
US_LETTER = frozenset({"CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})
PLAIN = re.compile("[\n -~\xa0-\xac\xae-\u017f‘’“”–—…]*")  # every font has these
# What no paper shows: controls, halves of characters, private and unassigned ones; and signs that turn the
# direction of everything behind them.
UNSHOWN = frozenset({"Cc", "Cs", "Co", "Cn"})
TURNING = frozenset("\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
ORNAMENTS = frozenset({"So", "Sk", "Mn", "Me", "Cf"})  # 🍕: a name reads the same without it
# Of these a font has the letters, but does not join them as they are written.
UNJOINED = ("DEVANAGARI ",)
# What would take a template beyond its data: other sources, packages, files, text run as code.
REACHES_OUT = re.compile(
    rf"""\b(?:import|include)\b(?!\s*"/{SHEET}\.typ")[^\n]*"""
    r"""|\b(?:eval|plugin|read|json|csv|toml|yaml|xml|cbor|image|bibliography)\s*\([^\n]*"""
)
BOX = "□"
MOST_NAMED = 20  # letters in a sentence

Content = TypeVar("Content")


class PaperError(Exception):
    """A template is missing or can't be drawn."""


@dataclass(frozen=True, kw_only=True)
class Paper(Generic[Content]):
    """One kind of paper. A room lists its own as `PAPERS` in `papers.py`.

    Args:
        template: `<room>/<name>` of the `.typ` file under `templates/papers/`.
        sample: makes content that fills every part of the template, with invented names.
    """

    template: str
    sample: Callable[[], Content]

    def pdf(self, content: Content, *, title: str, day: date | None = None) -> bytes:
        """Draw it.

        Args:
            content: a frozen dataclass of words, numbers, sequences and further dataclasses: dates and
                amounts stand in it as people read them.
            title: the document's title, which a reader's window and a screen reader say.
            day: on which it is printed; today by default.

        Raises:
            PaperError: the template is at fault.
        """
        day = day or clock.today()
        department = Department.current()
        drawn: set[str] = set()
        given = {
            "data": _drawable(asdict(cast(Any, content)), drawn),
            "title": _drawable(title, drawn),
            "department": _drawable(_of(department), drawn),
            "words": _drawable(_words(day, boxes=bool(drawn)), drawn),
            "size": "us-letter" if department.country in US_LETTER else "a4",
            **_language(),
        }
        midnight = datetime.combine(day, time(), tzinfo=department.zone)
        files = {"main.typ": source(self.template), f"{SHEET}.typ": source(SHEET)}
        try:
            return _compile(files, json.dumps(given), int(midnight.timestamp()))
        except typst.TypstError as error:
            raise PaperError(f"{self.template}: {error.diagnostic or error.message}") from error

    def refusal(self, content: Content) -> Refusal | None:
        """Why `content` should not go out as this paper: boxes would stand in it in place of letters."""
        boxes: set[str] = set()
        _drawable(asdict(cast(Any, content)), boxes)
        if not boxes:
            return None
        signs = " ".join(sorted(boxes)[:MOST_NAMED])
        return Refusal(
            "unshown",
            _("The PDF can’t show these letters: %(signs)s. Print the page from the browser’s menu.")
            % {"signs": signs},
        )


def source(template: str) -> bytes:
    """The source of a template, found where Django finds its own.

    Raises:
        PaperError: there is none.
    """
    name = f"papers/{template}.typ"
    for loader in engines["django"].engine.template_loaders:  # type: ignore[attr-defined]
        for origin in loader.get_template_sources(name):
            try:
                return Path(origin.name).read_bytes()
            except FileNotFoundError:
                continue
    raise PaperError(f"There is no templates/{name}.")


def faults() -> Iterator[tuple[str, str]]:
    """What is wrong with the templates of the rooms' papers, as far as their source shows it.

    Yields:
        What is wrong, and what to do.
    """
    for each in papers():
        try:
            text = source(each.template).decode()
        except PaperError as error:
            yield str(error), "Write it, or correct the name in papers.py."
            continue
        for found in REACHES_OUT.finditer(re.sub("//.*", "", text)):
            yield (
                f"templates/papers/{each.template}.typ says “{found[0].strip()}”.",
                f"A template imports /{SHEET}.typ alone, reads no file, and runs no text as code.",
            )


def papers() -> Iterator[Paper[Any]]:
    """Every paper of every room."""
    for _room, found in rooms.offered("papers", "PAPERS"):
        yield from found


def _compile(files: Mapping[str, bytes], given: str, timestamp: int) -> bytes:
    return typst.compile(
        cast(Any, files),  # its types know one source only
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": given},
        pdf_standards=["ua-1"],
        timestamp=timestamp,
    )


@cache
def _fonts() -> typst.Fonts:
    """Those that come with typst, so that a paper looks alike on every machine."""
    return typst.Fonts(include_system_fonts=False)


def _of(department: Department) -> dict[str, str]:
    """What the sheet says of the department."""
    return {
        "name": department.name,
        "unit": department.unit_name,
        "address": department.postal_address,
        "phone": department.phone,
        "email": department.email,
        "accent": department.accent_color,
    }


def _words(day: date, *, boxes: bool) -> dict[str, str]:
    """The sheet's own words; `{page}` and `{pages}` are filled in where they are known."""
    return {
        "printed": _("Printed on %(day)s") % {"day": words.day(day)},
        "page": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "boxes": _("%(box)s stands for a letter that this paper can’t show.") % {"box": BOX} if boxes else "",
    }


def _language() -> dict[str, str]:
    language, _minus, region = (translation.get_language() or "en").partition("-")
    return {"lang": language, "region": region if len(region) == 2 else ""}


def _drawable(value: Any, boxes: set[str]) -> Any:
    """The value as JSON can hold it and a font can draw it.

    Args:
        value: of dictionaries, lists, tuples, texts, numbers, truths and `None`.
        boxes: gets what had to become a box.
    """
    if isinstance(value, Mapping):
        return {str(key): _drawable(each, boxes) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(each, boxes) for each in value]
    if isinstance(value, str | Promise):
        return _drawable_text(str(value), boxes)
    return value


def _drawable_text(text: str, boxes: set[str]) -> str:
    text = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", text).replace("\t", " ")
    if PLAIN.fullmatch(text):
        return text
    return "".join(_drawable_sign(sign, boxes) for sign in text)


def _drawable_sign(sign: str, boxes: set[str]) -> str:
    if PLAIN.fullmatch(sign):
        return sign
    category = unicodedata.category(sign)
    if category in UNSHOWN or sign in TURNING:
        return ""
    joins = not unicodedata.name(sign, "").startswith(UNJOINED)
    if joins and _has_glyph(sign):
        return sign
    if joins and category in ORNAMENTS:
        return ""
    boxes.add(sign)
    return BOX


@lru_cache(maxsize=20_000)
def _has_glyph(sign: str) -> bool:
    """Whether one of the fonts has it. PDF/UA refuses text that nobody can see, so typst itself is asked."""
    probe = b'#set document(title: "-")\n#json(bytes(sys.inputs.paper))'
    try:
        _compile({"main.typ": probe}, json.dumps(sign), 0)
    except typst.TypstError:
        return False
    return True
