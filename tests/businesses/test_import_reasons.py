"""Why a row was left out is kept as a sentence and what fills it, and told in the reader's language."""

import struct

import pytest
from django.urls import reverse
from django.utils import translation

from partnerships.businesses import papers
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import sentence
from partnerships.businesses.imports.presets import load_preset
from tests.factories.accounts import SupervisorFactory, sign_in
from tests.factories.jobs import REPORT, job

from .files import PRESET, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def spanish(settings, tmp_path):
    """A catalog with one of the sentences, as `compilemessages` would write it."""
    said = {
        "": "Content-Type: text/plain; charset=UTF-8\n",
        "“%(typed)s” is not a number.": "“%(typed)s” no es un número.",
    }
    pairs = [(key.encode(), value.encode()) for key, value in sorted(said.items())]
    place = 28 + 16 * len(pairs)
    tables, texts = [b"", b""], b""
    for side in (0, 1):
        for pair in pairs:
            tables[side] += struct.pack("<II", len(pair[side]), place + len(texts))
            texts += pair[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").write_bytes(head + tables[0] + tables[1] + texts)
    settings.LOCALE_PATHS = [tmp_path]


def test_a_reason_is_told_in_the_language_of_its_reader(spanish, tmp_path, city):
    path = write(tmp_path / "a.csv", [row(), row(site_number="2", latitude="north")])
    error = import_businesses(path, load_preset(PRESET), actor=None).errors[0]
    assert (error["line"], error["column"], error["values"]) == (3, "LATITUDE", {"typed": "north"})
    assert sentence(error) == "“north” is not a number."
    with translation.override("es"):
        assert sentence(error) == "“north” no es un número."


def test_numbers_of_a_reason_are_written_as_people_write_them():
    error = {"reason": "The line is longer than %(most)s characters.", "values": {"most": 1_000_000}}
    assert sentence(error) == "The line is longer than 1,000,000 characters."


def test_the_page_tells_the_reasons_of_a_new_report_and_of_an_older_one(client):
    told = [
        {"line": 7, "column": "A", "reason": "“%(typed)s” is not a number.", "values": {"typed": "50%"}},
        {"line": 9, "column": "B", "reason": "100% of the row has 3 cells."},
    ]
    row = job("done", result={**REPORT, "errors": told})
    printed = [why for _line, _column, why in papers.report_of(row).errors]
    assert printed == ["“50%” is not a number.", "100% of the row has 3 cells."], "the PDF as well"
    page = sign_in(client, SupervisorFactory()).get(reverse("desk:job", args=[row.pk])).content.decode()
    assert "“50%” is not a number." in page
    assert "100% of the row has 3 cells." in page
