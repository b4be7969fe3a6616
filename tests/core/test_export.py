"""Files of lists: what people typed never becomes a formula, numbers stay numbers, memory stays flat."""

import csv
import io
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook

from core.mail.models import Suppression
from core.pages.columns import Column
from core.pages.export import csv_file, excel_file, harmless
from core.pages.marks import tag
from tests.gates import FULL

pytestmark = pytest.mark.django_db

FORMULAS = [
    "=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "＝1", "－1+2",
    "+1-312-555-0100", "-312-555.0100", "+1+cmd|' /C calc'!A0",
    "-1*A1", "+44 Main St", "--1", "-", "+", "-A1", "+1=2",
]  # fmt: skip
KEPT = ["-5", "-12.50", "+13125550100", "+1 312 555 0100", "+1 (312) 555-0100", "+44 20.7946",
        "(312) 555-0100", "3-4", "a=b", "", "Bean & Co"]  # fmt: skip


class Rows(list):
    """Rows without a table."""

    def iterator(self, chunk_size: int) -> Iterator:
        return iter(self)


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def as_csv(columns, rows) -> list[list[str]]:
    return list(
        csv.reader(io.StringIO(body(csv_file("some", columns, rows)).decode("utf-8-sig"), newline=""))
    )


def as_excel(columns, rows):
    return load_workbook(io.BytesIO(body(excel_file("some", columns, rows)))).active


def test_an_excel_column_is_as_wide_as_what_it_holds_and_never_wider_than_a_page():
    columns = [Column(key, key.title(), value=lambda row, key=key: row[key]) for key in ("a", "b", "c", "d")]
    row = {"a": "x", "b": "Twenty-three characters", "c": "long " * 100, "d": "one line\nand another, longer"}
    sheet = as_excel(columns, Rows([row]))
    widths = [sheet.column_dimensions[letter].width for letter in "ABCD"]
    assert widths == [14, 25, 48, 21]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("front", ["\u2003", "\u200b", "\u200f", "\ufeff", "\x01", " \u00a0\u3000"])
def test_a_formula_behind_signs_that_nobody_sees_gets_one_too(front):
    assert harmless(f"{front}=HYPERLINK(1)") == f"'{front}=HYPERLINK(1)"


def test_a_workbook_opens_whatever_signs_a_name_holds():
    text = "A\ufffe\uffff\x00\x0bB _x0041_ end"
    cell = as_excel((Column("text", "Text"),), Rows([SimpleNamespace(text=text)]))["A2"]
    assert cell.value == "AB _x005F_x0041_ end"  # ECMA-376, ST_Xstring: Excel shows "_x0041_"


@pytest.mark.parametrize("text", KEPT)
def test_numbers_and_telephone_numbers_stay_as_they_are(text):
    assert harmless(text) == text


@pytest.mark.parametrize("text", [*KEPT, "Ünïcode \U0001f600", 'a "quoted", word', "two\nlines"])
def test_text_reads_back_the_same_from_both_files(text):
    columns, rows = (Column("text", "Text"),), Rows([SimpleNamespace(text=text)])
    assert as_csv(columns, rows)[1:] == [[text]]
    assert (as_excel(columns, rows)["A2"].value or "") == text


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_workbook_is_a_formula(text):
    cell = as_excel((Column("text", "=Text"),), Rows([SimpleNamespace(text=text)]))["A2"]
    assert cell.data_type != "f"
    assert cell.value == text.replace("\r", "\n")  # as XML has it


def test_numbers_days_and_times_are_such_in_a_workbook_and_plain_in_csv():
    row = SimpleNamespace(
        n=-12, part=Decimal("-1234.50"), on=date(2026, 11, 24), yes=True, nothing=None,
        at=datetime(2026, 11, 24, 18, 5, tzinfo=UTC),
    )  # fmt: skip
    columns = tuple(Column(key, key) for key in ("n", "part", "on", "at", "yes", "nothing"))
    with timezone.override("America/Chicago"):
        plain, sheet = as_csv(columns, Rows([row])), as_excel(columns, Rows([row]))
    assert plain[1] == ["-12", "-1234.50", "2026-11-24", "2026-11-24 12:05", "yes", ""]
    assert [cell.value for cell in sheet[2]] == [
        -12, -1234.5, datetime(2026, 11, 24), datetime(2026, 11, 24, 12, 5), "yes", None,
    ]  # fmt: skip


def test_file_is_written_in_the_zone_of_the_request_also_after_it_ended():
    columns, rows = (Column("at", "At"),), Rows([SimpleNamespace(at=datetime(2026, 7, 1, 12, tzinfo=UTC))])
    with timezone.override("Asia/Tokyo"):
        answer = csv_file("some", columns, rows)
    assert b"2026-07-01 21:00" in body(answer)


def test_column_that_the_page_draws_says_what_a_file_holds():
    drawn = Column("state", "State", value=lambda row: tag("New"))
    with pytest.raises(TypeError, match="'state' is drawn"):
        as_csv((drawn,), Rows([object()]))
    said = Column("state", "State", value=lambda row: tag("New"), file=lambda row: "New")
    assert as_csv((said,), Rows([object()]))[1] == ["New"]


def test_characters_that_no_workbook_may_hold_are_left_out():
    assert as_excel((Column("text", "T"),), Rows([SimpleNamespace(text="a\x00b\x1fc")]))["A2"].value == "abc"


@pytest.mark.parametrize("write", [csv_file, excel_file])
def test_many_rows_take_no_more_memory_than_few(write):
    few, many = (2_000, 100_000) if FULL else (1_000, 8_000)
    columns = (Column("address", "Address"), Column("detail", "Said"), Column("at", "Since"))

    def peak(number: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM mail_suppression")
            cursor.execute(
                "INSERT INTO mail_suppression (address, reason, detail, at, lifted_by) SELECT "
                "'a' || n || '@people.example', 'bounce', 'No such user here', now(), '' "
                "FROM generate_series(1, %s) AS n",
                [number],
            )
        tracemalloc.start()
        length = sum(
            len(each) for each in write("some", columns, Suppression.objects.order_by("pk")).streaming_content
        )
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert length > number * 10
        return found

    peak(10)  # what is loaded once
    assert peak(many) < peak(few) * 1.3 + 500_000
