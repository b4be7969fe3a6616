"""Names that a file has in capitals are kept as people write them, in every script."""

import csv
from pathlib import Path

import pytest

from partnerships.businesses import services
from partnerships.businesses.imports import reading
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.lettering import as_written
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business, Organization

from .files import PRESET, row, write

TABLE = Path(__file__).with_name("names_in_capitals.csv")


def names() -> list[tuple[str, str]]:
    """The table: as it stands in a file, and as people write it. `\\u0301` is an accent that stands apart."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [
            (row["in_the_file"].encode("raw_unicode_escape").decode("raw_unicode_escape"), row["as_written"])
            for row in csv.DictReader(file)
        ]


@pytest.fixture
def load(tmp_path):
    def run(*rows):
        return import_businesses(
            write(tmp_path / "licenses.csv", list(rows)), load_preset(PRESET), actor=None
        )

    return run


@pytest.fixture
def badly(monkeypatch):
    """A rule that knows the letters A to Z alone, as imports had it before."""

    def capitals_of_ascii(text: str) -> str:
        return "".join(
            each.lower()
            if at and text[at - 1].isascii() and text[at - 1].isalpha() and each.isascii()
            else each
            for at, each in enumerate(text)
        )

    with monkeypatch.context() as patched:
        patched.setattr(reading, "as_written", capitals_of_ascii)
        yield patched


@pytest.mark.parametrize(("shouted", "written"), names())
def test_a_name_in_capitals_is_written_as_people_write_it(shouted, written):
    assert as_written(shouted) == written


@pytest.mark.parametrize(("shouted", "written"), names())
def test_what_is_written_so_stays_so(shouted, written):
    assert as_written(written) == written


def test_the_table_has_two_hundred_names():
    assert len({shouted for shouted, _written in names()}) >= 200


@pytest.mark.django_db
class TestMending:
    ROWS = (
        row(legal_name="MÜLLER & CO", doing_business_as_name="CAFÉ OLÉ"),
        row(account_number="7", legal_name="ŁÓDŹ LLC", doing_business_as_name="PIÑATA ONE"),
        row(account_number="7", site_number="2", legal_name="ŁÓDŹ LLC", doing_business_as_name="PIÑATA TWO"),
    )

    @pytest.fixture(autouse=True)
    def wrong(self, badly, load, city):
        load(*self.ROWS)
        assert set(Business.objects.values_list("name", flat=True)) == {
            "CafÉ OlÉ",
            "PiÑAta One",
            "PiÑAta Two",
        }
        badly.undo()

    def test_the_next_import_of_the_same_file_mends_what_was_stored_wrong(self, load):
        assert load(*self.ROWS).updated == 3
        assert set(Business.objects.values_list("name", flat=True)) == {
            "Café Olé",
            "Piñata One",
            "Piñata Two",
        }
        assert set(Organization.objects.values_list("name", "legal_name")) == {
            ("Café Olé", "Müller & Co"),
            ("Łódź LLC", "Łódź LLC"),
        }
        assert Business.objects.search("cafe ole").count() == 1
        assert load(*self.ROWS).unchanged == 3

    def test_what_a_person_typed_stands(self, load):
        cafe = Business.objects.get(organization__account_number="100")
        services.update_business(business=cafe, actor=None, name="CAFÉ OLÉ!")
        services.update_organization(
            organization=cafe.organization, actor=None, name="CafÉ OLÉ", legal_name="müller"
        )
        report = load(*self.ROWS)
        assert (report.updated, report.kept) == (2, 1)
        cafe = Business.objects.get(organization__account_number="100")
        assert (cafe.name, cafe.organization.name, cafe.organization.legal_name) == (
            "CAFÉ OLÉ!",
            "CafÉ OLÉ",
            "müller",
        )

    def test_an_organization_is_not_renamed_by_a_file_that_renames_a_place(self, load):
        load(row(legal_name="MÜLLER & CO", doing_business_as_name="BAR OLÉ"))
        assert Business.objects.get(organization__account_number="100").name == "Bar Olé"
        assert Organization.objects.get(account_number="100").name == "CafÉ OlÉ"


@pytest.mark.django_db
def test_an_accent_that_stands_apart_is_read_as_part_of_its_letter(load, city):
    load(row(doing_business_as_name="Cafe\u0301 Bleu"))
    assert Business.objects.get().name == "Café Bleu"
