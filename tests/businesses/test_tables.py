"""Tables as cities and spreadsheets write them: found out how, read line by line, bad lines told."""

import csv
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from partnerships.businesses.imports import tables, text, workbook
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError, sentence
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business

from .files import HEAD, PRESET, row, write

ROWS = [
    ["Business Name", "Street", "City", "Opened"],
    ["Café Olé", "12 Elm St", "Springfield", "2020-05-13"],
    ["Müller & Söhne", "14 Elm St, Unit 2", "Springfield", "2021-01-02"],
    ["Plain Hardware", "16 Elm St", "Springfield", ""],
]


def written(path, content, encoding="utf-8"):
    path.write_bytes(content.encode(encoding))
    return path


def in_text(rows, separator=",", end="\r\n"):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def read(path, **wanted):
    shape = tables.look(path, path.name, **wanted)
    with tables.Table(path, shape, path.name) as table:
        return shape, [each.cells for each in table if each.bad is None]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_separator_and_any_end_of_a_line(tmp_path, separator, end):
    shape, found = read(written(tmp_path / "a.csv", in_text(ROWS, separator, end)))
    assert (shape.separator, list(shape.heads), found) == (separator, ROWS[0], ROWS[1:])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"]
)
def test_any_usual_encoding_is_found_out(tmp_path, encoding):
    shape, found = read(written(tmp_path / "a.csv", in_text(ROWS), encoding))
    assert (list(shape.heads), found) == (ROWS[0], ROWS[1:])


def test_an_encoding_that_someone_names_is_used(tmp_path):
    rows = [["Name", "City"], ["Łódź", "Kraków"]]
    path = written(tmp_path / "a.csv", in_text(rows), "cp1250")
    assert read(path)[1] != rows[1:]
    assert read(path, encoding="cp1250")[1] == rows[1:]


def test_mixed_ends_of_lines_and_a_line_break_in_a_cell(tmp_path):
    path = written(tmp_path / "a.csv", 'Name,Street\r\n"A\nB",1 Elm\nC,2 Elm\rD,3 Elm\r\n')
    shape = tables.look(path, "a.csv")
    with tables.Table(path, shape, "a.csv") as table:
        assert [(each.number, each.cells) for each in table] == [
            (2, ["A\nB", "1 Elm"]),
            (4, ["C", "2 Elm"]),
            (5, ["D", "3 Elm"]),
        ]


@pytest.mark.parametrize(
    "above",
    [
        [["Active Business Licenses"], ["As of 11/01/2026", "", "", ""], []],
        [["City of Springfield, Department of Revenue"]],
        [[], [], ["Report 7"]],
    ],
)
def test_a_title_above_the_head(tmp_path, above):
    path = written(tmp_path / "a.csv", in_text([*above, *ROWS]))
    shape, found = read(path)
    assert (shape.head_at, list(shape.heads), found) == (len(above) + 1, ROWS[0], ROWS[1:])


def test_the_head_again_in_mid_file_and_empty_lines_are_no_rows(tmp_path):
    path = written(tmp_path / "a.csv", in_text([*ROWS[:2], [], ["", "", "", ""], ROWS[0], *ROWS[2:]]))
    assert read(path)[1] == ROWS[1:]


def test_wanted_columns_tell_the_separator_and_the_line_of_the_head(tmp_path):
    noise = [["a,b,c,d,e,f", "g,h"], ["i,j,k,l,m,n", "o,p"]]
    path = written(tmp_path / "a.csv", in_text([*noise, ["Name", "Street"], ["A,B,C", "1,2"]], ";"))
    shape, found = read(path, wanted=frozenset({"Name", "Street"}))
    assert (shape.separator, shape.head_at, found) == (";", 3, [["A,B,C", "1,2"]])


def test_a_line_in_another_encoding_is_a_bad_line_and_tells_its_byte(tmp_path):
    content = in_text(ROWS).encode().replace("Café".encode(), "Café".encode("latin-1"))
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    shape = tables.look(path, "a.csv")
    with tables.Table(path, shape, "a.csv") as table:
        found = list(table)
    assert [each.bad is None for each in found] == [False, True, True]
    told = {"reason": found[0].bad.text, "values": found[0].bad.values}
    assert sentence(told) == "The line is not utf-8 text: byte 0xe9 at 4."


def test_a_long_line_is_a_bad_line_and_never_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "LONGEST_LINE", 100)
    path = written(tmp_path / "a.csv", in_text([*ROWS[:2], ["X" * 500, "", "", ""], *ROWS[2:]]))
    shape = tables.look(path, "a.csv")
    with tables.Table(path, shape, "a.csv") as table:
        assert [each.number for each in table if each.bad] == [3]


def book(path, rows, *, more=None):
    made = openpyxl.Workbook()
    made.active.title = "Licenses"
    for each in rows:
        made.active.append(each)
    if more:
        made.create_sheet("Notes").append(more)
    made.save(path)
    return path


def test_a_workbook_is_read_from_the_sheet_that_holds_the_table(tmp_path):
    days = [ROWS[0], *([*each[:3], datetime(2020, 5, 13) if each[3] else None] for each in ROWS[1:])]
    path = book(tmp_path / "a.xlsx", [["City of Springfield"], [], *days], more=["See the other sheet"])
    shape, found = read(path)
    assert (shape.is_workbook, shape.sheet, shape.head_at) == (True, "Licenses", 3)
    assert found == [[*each[:3], "2020-05-13" if each[3] else ""] for each in ROWS[1:]]


def test_numbers_of_a_workbook_are_written_as_people_write_them():
    assert [workbook.as_text(each) for each in (3.12555e9, 2138, 41.95, True, None, date(2020, 5, 13))] == [
        "3125550000", "2138", "41.95", "Yes", "", "2020-05-13",
    ]  # fmt: skip


def test_merged_heads_and_formulas_of_a_workbook(tmp_path):
    path = book(tmp_path / "a.xlsx", [["Address", None], *ROWS, ["=1+1", "18 Elm St", "Springfield", None]])
    made = openpyxl.load_workbook(path)
    made.active.merge_cells("A1:B1")
    made.save(path)
    shape, found = read(path)
    assert (list(shape.heads), len(found)) == (ROWS[0], 4)
    assert found[-1][0] == "", "a formula that was never worked out says nothing"


def test_a_workbook_that_would_unpack_to_too_much_is_refused(tmp_path, monkeypatch):
    path = book(tmp_path / "a.xlsx", ROWS)
    monkeypatch.setattr(workbook, "LARGEST", 1000)
    with pytest.raises(ImportRefusedError, match="too large as a workbook"):
        tables.look(path, "a.xlsx")


def test_a_zip_that_is_no_workbook_and_a_damaged_one_are_refused_in_a_sentence(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("a.txt", "hello")
    with pytest.raises(ImportRefusedError, match="damaged workbook, or none"):
        tables.look(path, "a.xlsx")
    path.write_bytes(book(tmp_path / "b.xlsx", ROWS).read_bytes()[:2000])
    with pytest.raises(ImportRefusedError, match="damaged workbook, or none"):
        tables.look(path, "a.xlsx")


def test_a_workbook_whose_texts_would_fill_the_memory_is_refused(tmp_path, monkeypatch):
    path = book(tmp_path / "a.xlsx", ROWS)
    monkeypatch.setattr(workbook, "LARGEST_PART", 100)
    with pytest.raises(ImportRefusedError, match="too large as a workbook"):
        tables.look(path, "a.xlsx")


def test_a_sheet_that_breaks_off_is_refused_in_a_sentence(tmp_path):
    whole, path = book(tmp_path / "whole.xlsx", ROWS * 200), tmp_path / "a.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content[: len(content) // 2] if part.startswith(workbook.SHEETS) else content)
    shape = tables.look(path, "a.xlsx")
    with tables.Table(path, shape, "a.xlsx") as table, pytest.raises(ImportRefusedError, match="damaged"):
        list(table)


def test_a_look_holds_a_million_characters_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    path = written(tmp_path / "a.csv", "x" * 900 + "\n" + ("y" * 900 + "\n") * 50)
    with text.open_text(path, "utf-8") as opened:
        assert len(list(text.first_lines(opened, 200))) == 2


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_an_empty_file_is_called_empty(tmp_path, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(ImportRefusedError, match="a.csv is empty"):
        tables.look(path, "a.csv")


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["semicolons", "utf-16", "windows-1252", "title", "xlsx", "returns"])
def test_a_license_file_loads_whole_however_it_is_written(tmp_path, city, how):
    names = {"1": "CAFÉ OLÉ", "2": "MÜLLER & SÖHNE", "3": "PLAIN HARDWARE"}
    rows = [row(site_number=number, doing_business_as_name=name) for number, name in names.items()]
    plain = list(csv.reader(io.StringIO(write(tmp_path / "plain.csv", rows).read_text())))
    path = tmp_path / "a.csv"
    if how == "xlsx":
        path = book(
            tmp_path / "a.xlsx", [[int(cell) if cell.isdigit() else cell for cell in each] for each in plain]
        )
    elif how == "title":
        written(path, in_text([["Business licenses"], [], *plain]))
    elif how == "semicolons":
        written(path, in_text(plain, ";"))
    elif how == "returns":
        written(path, in_text(plain, end="\r"))
    else:
        written(path, in_text(plain), how)
    report = import_businesses(path, load_preset(PRESET), actor=None)
    assert (report.created, report.rejected) == (3, 0)
    assert set(Business.objects.values_list("name", flat=True)) == {
        "Café Olé", "Müller & Söhne", "Plain Hardware",
    }  # fmt: skip
    assert len(HEAD) == len(plain[0])
