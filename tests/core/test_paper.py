"""Papers: what people typed stays words, every page is tagged, and the same content gives the same bytes."""

import io
import json
import threading
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

import pypdf
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from core import paper
from core.models import Department
from core.paper import Paper, PaperError

PAPERS = list(paper.papers())
DAY = date(2026, 11, 24)
HOSTILE = [
    '#import "/department.typ": given',
    '] #sys.inputs #read("/etc/passwd") [',
    "$x^2$ and \\ and @label and <label> and `raw`",
    "= Heading\n- point\n+ first\n/ term: words\n// comment /* and */",
    "*bold* _slanted_ ~ -- --- ... 'single' \"double\"",
    '{"paper": "\\u0000"}',
    "x" * 300,
    "שלום עולם",
    "Nguyễn Thị Hồng, Łódź, Åse, Ελλάδα, Київ",
]


@dataclass(frozen=True)
class Note:
    words: str
    more: tuple[str, ...] = ()


@pytest.fixture
def note(settings, tmp_path):
    """Makes a paper of a template's source."""

    def make(text: str = '#import "/department.typ": *\n#show: sheet\n#data.words') -> Paper[Note]:
        folder = tmp_path / "papers" / "notes"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "note.typ").write_text(text)
        (engine,) = settings.TEMPLATES
        settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], tmp_path]}]
        return Paper(template="notes/note", sample=lambda: Note("Hello"))

    return make


def reader(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def root_of(pdf: bytes) -> Any:
    """The dictionary of the whole document."""
    return reader(pdf).trailer["/Root"]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in reader(pdf).pages)


def squeezed(text: str) -> str:
    """Without blanks and line ends, which a PDF sets as it likes."""
    return "".join(text.split())


def filled(content: Any, words: str) -> Any:
    """The content with other words in each of its texts."""
    if isinstance(content, str):
        return words
    if isinstance(content, tuple):
        return tuple(filled(each, words) for each in content)
    if is_dataclass(content) and not isinstance(content, type):
        changes = {each.name: filled(getattr(content, each.name), words) for each in fields(content)}
        return replace(content, **changes)
    return content


@pytest.fixture(autouse=True)
def department(db):
    return Department.objects.create(
        pk=1, name="Lakeside Police", unit_name="Partnerships Unit", phone="(312) 555-0100",
        postal_address="1 Main Street\nLakeside, IL 60601", accent_color="#0a7d4f",
    )  # fmt: skip


@pytest.mark.parametrize("each", PAPERS, ids=lambda each: each.template)
def test_every_paper_is_drawn_with_its_sample_tagged_with_language_and_title(each):
    found = reader(each.pdf(each.sample(), title="A title", day=DAY))
    root = root_of(each.pdf(each.sample(), title="A title", day=DAY))
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert found.metadata.title == "A title"
    assert "pdfuaid:part" in found.xmp_metadata.rdf_root.toxml()
    words = text_of(each.pdf(each.sample(), title="A title", day=DAY))
    for said in ("Lakeside Police", "Partnerships Unit", "1 Main Street", "(312) 555-0100"):
        assert said in words
    assert "Printed on November 24, 2026" in words
    assert f"Page 1 of {len(found.pages)}" in words


@pytest.mark.parametrize("each", PAPERS, ids=lambda each: each.template)
def test_a_sample_fills_every_part(each):
    sample = each.sample()
    assert not [one.name for one in fields(sample) if not getattr(sample, one.name)]


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: words[:12])
@pytest.mark.parametrize("each", PAPERS, ids=lambda each: each.template)
def test_what_people_typed_is_words_on_every_paper(each, words):
    pdf = each.pdf(filled(each.sample(), words), title=words, day=DAY)
    said = squeezed(text_of(pdf))
    for line in words.splitlines():
        assert squeezed(line)[:60] in said or squeezed(line)[::-1][:60] in said
    assert "boxes" not in said


@pytest.mark.parametrize("each", PAPERS, ids=lambda each: each.template)
def test_ten_thousand_letters_in_any_one_place_are_drawn(each):
    sample = each.sample()
    for one in fields(sample):
        long = replace(sample, **{one.name: filled(getattr(sample, one.name), "x" * 10_000)})
        pages = reader(each.pdf(long, title="x" * 10_000, day=DAY)).pages
        assert len(pages) < 60, one.name


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\0b\x07c\x1bd", "abcd"), ("a\ufffeb\uffffc", "abc"), ("a\ud800b", "ab"), ("\ufeffa\u202eb", "ab"),
        ("Joe’s 🍕👩‍🍳", "Joe’s"), ("a\ue000b", "ab"), ("one\u2028two", "one two"), ("", ""),
    ],
)  # fmt: skip
def test_signs_that_nobody_can_see_are_left_out(note, typed, shown):
    one = note()
    assert one.refusal(Note(typed)) is None
    said = text_of(one.pdf(Note(f"begin {typed} end"), title=typed + "!", day=DAY))
    assert squeezed(f"begin{shown}end") in squeezed(said)


@pytest.mark.parametrize("words", ["中文 Restaurant", "ไทย", "हिन्दी", "한국"])
def test_letters_that_no_font_has_are_boxes_with_a_note_and_the_paper_says_which(note, words):
    one = note()
    refusal = one.refusal(Note("fine", more=(words,)))
    assert refusal.code == "unshown"
    assert words[0] in str(refusal.sentence)
    said = text_of(one.pdf(Note(words), title="-", day=DAY))
    assert "□" in said
    assert "stands for a letter that this paper can’t show" in said


@how(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=40))
def test_no_text_whatever_stops_a_paper(words):
    shown: set[str] = set()
    files = {"main.typ": b'#set document(title: "-")\n#json(bytes(sys.inputs.paper))'}
    assert paper._compile(files, json.dumps(paper._drawable(words, shown)), 0).startswith(b"%PDF")


def test_the_same_content_on_the_same_day_gives_the_same_bytes(note):
    one = note()
    first = one.pdf(Note("Hello"), title="T", day=DAY)
    assert one.pdf(Note("Hello"), title="T", day=DAY) == first
    assert one.pdf(Note("Hello!"), title="T", day=DAY) != first
    assert reader(first).metadata.creation_date.date() == DAY


def test_a_long_word_and_a_long_text_stay_on_the_paper(note):
    pages = reader(note().pdf(Note("w" * 9_000), title="T", day=DAY)).pages
    assert len(pages) > 1
    assert max(len(line) for line in pages[0].extract_text().splitlines()) < 120


def test_what_every_page_says_is_in_the_reader_s_language(note):
    with translation.override("es-mx"):
        root = root_of(note().pdf(Note("Hola"), title="T", day=DAY))
    assert root["/Lang"] == "es-MX"


@pytest.mark.parametrize(("country", "width"), [("US", 612), ("DE", 595)])
def test_a_paper_has_the_size_that_its_country_prints_on(note, department, country, width):
    Department.objects.update(country=country)
    page = reader(note().pdf(Note("Hello"), title="T", day=DAY)).pages[0]
    assert round(page.mediabox.width) == width


@pytest.mark.parametrize(
    "reach",
    ['#read("/department.typ.bak")', '#read("../../pyproject.toml")', '#image("/etc/hostname")', "#nothing"],
)
def test_a_template_sees_no_other_file_and_its_error_names_it(note, reach):
    with pytest.raises(PaperError, match="notes/note"):
        note(f'#import "/department.typ": *\n#show: sheet\n{reach}').pdf(Note("x"), title="T")


@pytest.mark.parametrize(
    "reach",
    [
        '#import "@preview/cetz:0.2.0": *', '#include "/other.typ"', "#eval(data.words)", '#read("/x")',
        '#import data.words: *', '#image("/x.png")', '#plugin("/x.wasm")',
    ],
)  # fmt: skip
def test_a_template_that_reaches_out_is_named_by_the_check(note, monkeypatch, reach):
    one = note(f'#import "/department.typ": *\n#show: sheet\n// #read is told in words here\n{reach}')
    monkeypatch.setattr(paper, "papers", lambda: iter([one]))
    ((fault, _hint),) = paper.faults()
    assert "notes/note.typ" in fault


def test_a_template_that_is_not_there_is_named_by_the_check(monkeypatch):
    gone = Paper(template="notes/gone", sample=lambda: Note("x"))
    monkeypatch.setattr(paper, "papers", lambda: iter([gone]))
    ((fault, _hint),) = paper.faults()
    assert "papers/notes/gone.typ" in fault


def test_the_papers_of_the_house_are_in_order():
    assert not list(paper.faults())
    assert PAPERS


def test_papers_are_drawn_side_by_side(note):
    one, department = note(), Department.current()
    drawn: list[bytes] = []

    def draw(number: int) -> None:
        files = {"main.typ": paper.source(one.template), "department.typ": paper.source("department")}
        given = {
            "data": {"words": f"Paper {number}"}, "title": "T", "department": paper._of(department),
            "words": paper._words(DAY, boxes=False), "size": "a4", "lang": "en", "region": "",
        }  # fmt: skip
        drawn.append(paper._compile(files, json.dumps(given), 0))

    threads = [threading.Thread(target=draw, args=(number,)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert {text_of(each).split("Paper ")[1][0] for each in drawn} == set("012345")
