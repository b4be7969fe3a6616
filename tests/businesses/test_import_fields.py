"""A new column can't break the import, and a new field of the file is one line of the table of fields."""

from dataclasses import replace

import pytest
from django.db import connection, models

from partnerships.businesses import services
from partnerships.businesses.imports import fields, statements
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.fields import Field
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business, Organization

from .files import HEAD, PRESET, row, write

pytestmark = pytest.mark.django_db


@pytest.fixture
def add_column():
    """Give a model and its table one more field, as a migration would, until the test ends."""
    added = []

    def add(model, name, field):
        field.contribute_to_class(model, name)
        added.append((model, field))
        with connection.schema_editor() as editor:
            editor.add_field(model, field)

    yield add
    for model, field in added:
        model._meta.local_fields.remove(field)
        model._meta._expire_cache()
        delattr(model, field.name)


@pytest.fixture
def load(tmp_path, monkeypatch):
    """Import rows with a column COLOR."""

    def run(*rows):
        path = write(tmp_path / "licenses.csv", list(rows), [*HEAD, "COLOR"])
        preset = load_preset(PRESET)
        return import_businesses(path, replace(preset, columns={**preset.columns, **columns}), actor=None)

    columns = {}
    run.columns = columns
    return run


def test_a_new_column_gets_its_default_from_an_import_that_knows_nothing_of_it(add_column, load, city):
    add_column(Organization, "rank", models.CharField(max_length=20, default="plain"))
    add_column(Business, "rank", models.CharField(max_length=20, default="plain"))
    add_column(Business, "notes", models.JSONField(default=dict))
    add_column(Business, "floor", models.IntegerField(db_default=7))
    assert load(row()).created == 1
    shop = Business.objects.get()
    assert (shop.rank, shop.notes, shop.floor, shop.organization.rank) == ("plain", {}, 7, "plain")
    assert load(row()).unchanged == 1


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (Field("color", longest=20, follows=True), models.CharField(max_length=20, blank=True)),
        (Field("color", longest=20, lettering="mixed", follows=True), models.TextField(blank=True)),
    ],
)
def test_a_new_field_is_one_line_read_inserted_kept_and_merged(
    field, column, add_column, load, city, monkeypatch
):
    add_column(Business, "color", column)
    monkeypatch.setattr(fields, "FIELDS", (*fields.FIELDS, field))
    monkeypatch.setattr(services.registry, "BUSINESS_FIELDS", (*services.BUSINESS_FIELDS, "color"))
    load.columns["color"] = "COLOR"
    assert load(row(color="Red"), row(site_number="2", color="Red")).created == 2
    mine, theirs = Business.objects.order_by("site_number")
    assert (mine.color, mine.imported["color"]) == ("Red", "Red")
    services.update_business(business=mine, actor=None, color="Green")
    report = load(row(color="Blue"), row(site_number="2", color="Blue"))
    assert (report.updated, report.unchanged, report.kept) == (1, 1, 1)
    mine, theirs = Business.objects.order_by("site_number")
    assert (mine.color, theirs.color) == ("Green", "Blue"), "a person's change stands, the rest follows"


def test_a_row_is_taken_without_what_is_no_web_address(load, city):
    load.columns["website"] = "COLOR"
    typed = ("N/A", "https://user:pw@host.example", "ftp://host.example", "Shop.example ")
    rows = [row(site_number=str(place), color=each) for place, each in enumerate(typed, 1)]
    assert load(*rows).created == 4
    kept = Business.objects.order_by("site_number").values_list("website", flat=True)
    assert list(kept) == ["", "", "", "https://Shop.example"]


def test_a_day_and_a_number_are_read_as_such(add_column, load, city, monkeypatch):
    add_column(Business, "founded", models.DateField(null=True))
    add_column(Business, "height", models.FloatField(null=True))
    more = (Field("founded", sql="date", follows=True), Field("height", sql="float8", most=900, follows=True))
    monkeypatch.setattr(fields, "FIELDS", (*fields.FIELDS, *more))
    load.columns.update({"founded": "COLOR", "height": "LATITUDE"})
    load(row(color="05/13/1990"))
    shop = Business.objects.get()
    assert (str(shop.founded), shop.height) == ("1990-05-13", 41.95)
    assert load(row(color="05/13/1990")).unchanged == 1


def test_no_text_of_a_file_is_longer_than_its_column():
    columns = {
        field.name: field.max_length
        for model in (Organization, Business)
        for field in model._meta.concrete_fields
    }
    texts = {field.name: field.longest for field in fields.FIELDS if field.name in columns and field.longest}
    assert len(texts) == 10
    assert texts == {name: columns[name] for name in texts}


def test_every_column_that_the_file_fills_is_one_of_the_registry():
    known = {field.column for field in Business._meta.concrete_fields}
    assert {column.name for column in statements.columns()} <= known
