"""What is not a license file is refused in one line, and nothing is half-written."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from core import locks
from partnerships.businesses.imports import LOCK, text
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError, sentence
from partnerships.businesses.imports.presets import PRESETS, load_mapping, load_preset
from partnerships.businesses.models import Business, ImportBatch, Organization

from .files import HEAD, PRESET, row, write


def refused(path, **options):
    with pytest.raises(CommandError) as caught:
        call_command("import_businesses", path, **(options or {"preset": PRESET}))
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    assert not Business.objects.exists()
    assert not Organization.objects.exists()
    assert not ImportBatch.objects.exists()
    return message


@pytest.mark.django_db
class TestRefused:
    def test_a_file_that_is_not_there(self, tmp_path):
        assert "can't be read: No such file" in refused(tmp_path / "none.csv")

    def test_a_folder(self, tmp_path):
        assert "can't be read: Is a directory" in refused(tmp_path)

    def test_an_unknown_preset_names_the_known_ones(self, tmp_path):
        assert "chicago-licenses" in refused(write(tmp_path / "a.csv", [row()]), preset="gotham")

    def test_a_mapping_that_is_not_toml(self, tmp_path):
        bad = tmp_path / "map.toml"
        bad.write_text("columns = [")
        assert "not a mapping in TOML" in refused(write(tmp_path / "a.csv", [row()]), mapping=bad)

    def test_a_missing_column_is_named(self, tmp_path):
        head = [name for name in HEAD if name != "SITE NUMBER"]
        short = {name: value for name, value in row().items() if name != "SITE NUMBER"}
        message = refused(write(tmp_path / "a.csv", [short], head=head))
        assert "it has no column “SITE NUMBER”" in message

    def test_a_column_that_is_there_twice(self, tmp_path):
        path = write(tmp_path / "a.csv", [row()])
        head, rest = path.read_text().split("\n", 1)
        path.write_text(f"{head.rstrip()},SITE NUMBER\n{rest}")
        assert "has the column “SITE NUMBER” twice" in refused(path)

    def test_a_report_that_can_t_be_written_is_found_before_anything_is_done(self, tmp_path):
        path = write(tmp_path / "a.csv", [row()])
        message = refused(path, preset=PRESET, report=tmp_path / "none" / "report.json")
        assert "report can't be written" in message

    def test_an_empty_file(self, tmp_path):
        path = tmp_path / "a.csv"
        path.write_bytes(b"")
        assert "is empty" in refused(path)

    def test_a_header_without_rows(self, tmp_path):
        assert "no rows" in refused(write(tmp_path / "a.csv", []))

    @pytest.mark.parametrize(
        "content", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"PK\x03\x04" * 99, b"{}"]
    )
    def test_a_file_that_is_no_csv(self, tmp_path, content):
        path = tmp_path / "a.csv"
        path.write_bytes(content)
        refused(path)

    def test_a_file_of_bad_rows_only_tells_the_first_reason(self, tmp_path):
        message = refused(write(tmp_path / "a.csv", [row(latitude="x"), row(latitude="y")]))
        assert "None of the 2 rows" in message
        assert "Line 2, column “LATITUDE”" in message


@pytest.mark.django_db
class TestBadRows:
    def load(self, path):
        return import_businesses(path, load_preset(PRESET), actor=None)

    def test_a_line_in_another_encoding_is_a_bad_row_and_the_others_load(self, tmp_path, city):
        rows = [row(), row(site_number="2", legal_name="CAFÉ"), row(site_number="3", legal_name="OLÉ")]
        path = write(tmp_path / "a.csv", rows)
        path.write_bytes(path.read_bytes().replace("CAFÉ".encode(), "CAFÉ".encode("latin-1")))
        report = self.load(path)
        assert (report.created, report.rejected) == (2, 1)
        assert report.errors[0]["line"] == 3
        assert "not utf-8 text: byte 0xc9" in sentence(report.errors[0])

    def test_a_huge_cell_is_a_bad_row(self, tmp_path, city):
        path = write(
            tmp_path / "a.csv", [row(), row(site_number="2", legal_name="X" * 500_000), row(site_number="3")]
        )
        report = self.load(path)
        assert (report.created, report.rejected, report.errors[0]["line"]) == (2, 1, 3)

    def test_a_huge_line_is_never_held_in_memory(self, tmp_path, city):
        path = write(
            tmp_path / "a.csv", [row(), row(site_number="2", legal_name="HUGE"), row(site_number="3")]
        )
        path.write_bytes(path.read_bytes().replace(b"HUGE", b"X" * (text.LONGEST_LINE * 3)))
        report = self.load(path)
        assert (report.created, report.rejected) == (2, 1)
        assert "longer than 1,000,000" in sentence(report.errors[0])

    def test_rows_of_another_width_and_nul_are_bad_rows(self, tmp_path, city):
        path = write(
            tmp_path / "a.csv", [row(), row(site_number="2", legal_name="N\0UL"), row(site_number="3")]
        )
        with path.open("a") as file:
            file.write("only,three,cells\n\n")
        report = self.load(path)
        assert (report.rows, report.created, report.rejected) == (4, 2, 2)

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self, tmp_path, city):
        path = write(tmp_path / "a.csv", [row()])
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
        assert self.load(path).created == 1


KILLED = """
import os, sys, django
django.setup()
from pathlib import Path
from django.db import connection
from partnerships.businesses.imports import businesses
from partnerships.businesses.imports.presets import load_preset
connection.settings_dict["NAME"] = sys.argv[2]
original = businesses._write
def stop_after_writing(*args):
    original(*args)
    print("written", flush=True)
    import time; time.sleep(60)
businesses._write = stop_after_writing
businesses.import_businesses(Path(sys.argv[1]), load_preset("chicago-licenses"), actor=None)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.gate(34)
def test_an_import_killed_after_all_its_writes_leaves_nothing(tmp_path):
    path = write(tmp_path / "a.csv", [row(site_number=str(n)) for n in range(1, 200)])
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    process = subprocess.Popen(
        [sys.executable, str(script), str(path), connection.settings_dict["NAME"]],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert process.stdout.readline() == b"written\n"
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:  # the server notices the dead client in its own time
        with transaction.atomic():
            if locks.if_free(LOCK):
                break
    assert not Organization.objects.exists()
    assert not Business.objects.exists()
    assert import_businesses(path, load_preset(PRESET), actor=None).created == 199


@pytest.mark.parametrize("encoding", ["nonsense", "base64", "", " "])
def test_a_mapping_with_an_encoding_that_can_not_be_read_is_refused_in_a_sentence(tmp_path, encoding):
    preset = (PRESETS / "chicago-licenses.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(f'encoding = "{encoding}"\n' + re.sub(r"(?m)^encoding.*\n", "", preset))
    with pytest.raises(ImportRefusedError, match="Save the file as UTF-8"):
        load_mapping(path)
    path.write_text(path.read_text().replace(f'"{encoding}"', '"windows-1252"', 1))
    assert load_mapping(path).encoding == "windows-1252"


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8-sig", "UTF_8_SIG"])
@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_mapping_may_say_that_the_file_begins_with_a_mark(tmp_path, encoding, mark):
    preset = (PRESETS / "chicago-licenses.toml").read_text()
    path = tmp_path / "mine.toml"
    path.write_text(f'encoding = "{encoding}"\n' + re.sub(r"(?m)^encoding.*\n", "", preset))
    licenses = write(tmp_path / "a.csv", [row(doing_business_as_name="CAFÉ OLÉ")])
    licenses.write_bytes(mark + licenses.read_bytes())
    assert import_businesses(licenses, load_mapping(path), actor=None).created == 1
    assert Business.objects.get().name == "Café Olé"
